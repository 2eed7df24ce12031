"""Makes each mistake of mutations.py in a copy of the engine and looks whether the tests notice it.

    python -m tests.mutation            # all of them; about five minutes on two cores; writes docs/MUTATION.md
    python -m tests.mutation dense      # those whose file is named so; docs/MUTATION.md stays as it is
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "MUTATION.md"
# The engine's arithmetic; what is left out here tests data, surgery and the catalog.
TESTS = (
    "losses", "activations", "optimizers", "schedules", "steering", "network", "gradients", "layer_options",
    "telemetry", "initializers", "metrics", "known_results", "trainer", "gradient_options", "layer_protocol",
    "renormalization", "gradient_product", "shares",
)
# Those that look at a file most closely are asked first, so that most mistakes are noticed within seconds.
FIRST = {
    "block": ("layer_options", "gradient_product"),
    "dense": ("gradients", "network"),
    "passes": ("network", "gradients"),
    "functions": ("activations",),
    "update_rules": ("optimizers",),
    "steering": ("steering",),
    "telemetry": ("telemetry",),
    "tally": ("shares",),
    "schedules": ("schedules",),
    "trainer": ("trainer", "layer_options"),
    "evaluation": ("metrics", "trainer"),
    "targets": ("steering",),
    "lsuv": ("initializers",),
    "renormalization": ("renormalization",),
    "initializers": ("initializers",),
}
WORKERS = 2


def mutated(mutation: Mutation, text: str) -> str:
    """The file's text with the mistake in it. Raises ValueError where there is no such place to make it."""
    places = [match.start() for match in re.finditer(re.escape(mutation.old), text)]
    if len(places) <= mutation.place:
        raise ValueError(f"{mutation.file} does not hold {mutation.old!r}")
    start = places[mutation.place]
    return text[:start] + mutation.new + text[start + len(mutation.old) :]


def first_failure(mutation: Mutation | None) -> str | None:
    """The first test that fails with the mistake (or in an unchanged copy), or None where all of them pass."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("engine", "tests/engine"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "tests" / "__init__.py", copy / "tests")
        shutil.copy(ROOT / "pyproject.toml", copy)
        first: tuple[str, ...] = ()
        if mutation is not None:
            file = copy / mutation.file
            file.write_text(mutated(mutation, file.read_text("utf-8")), "utf-8")
            first = FIRST.get(file.stem, ())
        # Apart, as only to collect all of them takes longer than to run those that are asked first.
        return failing(copy, first) or failing(copy, [name for name in TESTS if name not in first])


def failing(copy: Path, names: Sequence[str]) -> str | None:
    """The first test of these files that fails in the copy."""
    if not names:
        return None
    tests = [f"tests/engine/test_{name}.py" for name in names]
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "--tb=no", *tests]
    run = subprocess.run(command, cwd=copy, text=True, capture_output=True)
    if run.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) tests/engine/(\S+)", run.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"pytest failed without a test's name:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return found[1]


def report(results: Sequence[tuple[Mutation, str | None]]) -> str:
    """The text of docs/MUTATION.md."""
    survivors = sum(test is None for _, test in results)
    lines = [
        "# Mistakes that the tests notice",
        "",
        "Written by `python -m tests.mutation`, which makes one mistake at a time in a copy of the engine's arithmetic",
        "(a sign, a transpose, a missing 1/batch) and runs the engine's tests until one fails. First it sees that none",
        "fails in an unchanged copy.",
        "",
        f"{len(results)} mistakes, {len(results) - survivors} noticed, {survivors} not.",
        "",
        "| file | instead of | stands | noticed first by |",
        "| --- | --- | --- | --- |",
    ]
    for mutation, test in results:
        file, noticed = mutation.file.removeprefix("engine/"), f"`{test}`" if test else "**nothing**"
        lines.append(f"| {file} | `{mutation.old}` | `{mutation.new}` | {noticed} |")
    return "\n".join(lines) + "\n"


def main(names: Sequence[str]) -> int:
    chosen = [each for each in MUTATIONS if not names or any(name in each.file for name in names)]
    failure = first_failure(None)
    if failure is not None:
        print(f"The engine as it is fails {failure}: whatever a mistake does, that test would be said to notice it.")
        return 2
    with ThreadPoolExecutor(WORKERS) as pool:
        results = []
        for mutation, test in zip(chosen, pool.map(first_failure, chosen), strict=True):
            results.append((mutation, test))
            verdict = "survived" if test is None else "noticed"
            print(f"{verdict:<9} {mutation.file}: {mutation.old} -> {mutation.new}", flush=True)
    print(dict(Counter("survived" if test is None else "noticed" for _, test in results)))
    if not names:
        REPORT.write_text(report(results), "utf-8")
    return any(test is None for _, test in results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
