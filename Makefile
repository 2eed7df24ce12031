# make run     sets up what is missing and starts the playground on http://127.0.0.1:8000 (make run ARGS="--port 8010")
# make test    sets up what is missing and checks everything: style, types, Python, JavaScript, a real browser
# make bench   measures the budgets against PyTorch and writes docs/BENCH.md (ARGS=--long: ten minutes of the page's memory too)
# make pictures   takes the pictures in docs/pictures anew, from the real page
# make clean   forgets all set-up
#
# Needed: Python 3.11 or newer with venv. All else is brought here, into .venv, node_modules and static/vendor. What was
# done is remembered by stamps, files whose dates are compared with those of the files that say what to install.

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
SETUP := pyproject.toml package-lock.json hatch_build.py tools/vendor.py tools/javascript.py

.PHONY: run test bench pictures clean

run: $(VENV)/.run static/vendor/manifest.json
	@$(VENV)/bin/backflow $(ARGS)

test: $(VENV)/.test static/vendor/manifest.json node_modules/.package-lock.json
	@$(PYTHON) -m tools.check

bench: $(VENV)/.bench static/vendor/manifest.json
	@$(PYTHON) -m tests.bench $(ARGS)

pictures: $(VENV)/.test static/vendor/manifest.json
	@$(PYTHON) -m tools.pictures $(ARGS)

clean:
	rm -rf $(VENV) node_modules static/vendor build dist

$(PYTHON):
	@for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)"; \
	    $$python -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); echo "No virtual environment: $$python needs its venv module (Debian: python3-venv)."; exit 1; \
	  fi; \
	done; echo "No Python 3.11 or newer on the PATH: install one."; exit 1

$(VENV)/.run: $(SETUP) | $(PYTHON)
	@echo "Installing Backflow and what it needs into $(VENV)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(SETUP) | $(PYTHON)
	@echo "Installing Backflow, what it needs and what its tests need into $(VENV)"
	@$(PIP) --editable '.[test]'
	@$(PYTHON) -m tools.javascript install
	@touch $@ $(VENV)/.run

$(VENV)/.bench: $(SETUP) | $(PYTHON)
	@echo "Installing Backflow, what it needs and what its benchmarks need (PyTorch) into $(VENV)"
	@$(PIP) --editable '.[bench]'
	@touch $@ $(VENV)/.run

# Made by the installation too; made again here when it was deleted.
static/vendor/manifest.json: package-lock.json tools/vendor.py | $(VENV)/.run
	@$(PYTHON) -m tools.javascript install
	@$(PYTHON) -m tools.vendor

node_modules/.package-lock.json: package-lock.json | $(VENV)/.test
	@echo "Installing the page's modules and type checker into node_modules"
	@$(PYTHON) -m tools.javascript npm ci --ignore-scripts --loglevel=error
	@touch $@
