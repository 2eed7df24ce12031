"""Measures the budgets, prints the table, and writes it to docs/BENCH.md with the machine it was measured on;
draws docs/growth.svg.

    python -m tests.bench                    # everything; about seven minutes
    python -m tests.bench --long             # everything, and what takes ten minutes more
    python -m tests.bench steps page         # these modules alone; docs/BENCH.md stays as it is
"""

from __future__ import annotations

import datetime
import importlib
import importlib.metadata
import platform
import sys
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from tests.bench import growth
from tests.bench.machine import machine, pace
from tests.bench.rows import Row
from tools import chromium

MODULES = ("steps", "networks", "time", "signals", "server", "page")
PACKAGES = ("numpy", "torch", "fastapi", "uvicorn", "websockets")
LONG = "--long"
"""Takes what the modules' `long_rows()` measure as well."""
REPORT = Path(__file__).resolve().parents[2] / "docs" / "BENCH.md"
HEADINGS = ("what", "budget", "measured", "")
GROWTH = """
## Growth

What a step takes as the network gets deeper and wider. At these sizes the number of NumPy calls is the cost, and so a
step of few units takes no longer than one of fewer; each layer adds its calls. Dashed: what would be
proportional to the layers, and to the weights.

![Time of a step against depth and width, on logarithmic axes](growth.svg)
"""


def conditions() -> list[tuple[str, str]]:
    """What the figures depend on."""
    browser = chromium.find()
    versions = [f"Python {platform.python_version()}"]
    versions += [f"{name} {importlib.metadata.version(name)}" for name in PACKAGES]
    versions += [f"{chromium.version(browser)} ({Path(browser).name})"] if browser else []
    return [
        ("command", "`make bench`"),
        ("date", datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")),
        ("machine", machine()),
        ("its pace", pace()),
        ("versions", ", ".join(versions)),
    ]


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def report(rows: Sequence[Row]) -> str:
    """The text of docs/BENCH.md."""
    cells = [(row.what, row.budget, row.measured, row.verdict) for row in rows]
    return (
        "# Budgets, measured\n\n"
        "Written by `make bench`. Absolute figures differ between machines, and between runs on a busy one. The\n"
        "ratios to PyTorch and to the bare NumPy calls come from the same run, side by side, on one thread.\n\n"
        + table(("", ""), conditions()) + "\n" + table(HEADINGS, cells) + GROWTH
    )


def measure(names: Sequence[str], long: bool) -> list[Row]:
    """The rows of the modules `names`, printed as they come; with `long` also those that take their time."""
    rows: list[Row] = []
    for name in names:
        module = importlib.import_module(f"tests.bench.{name}")
        for row in chain(module.rows(), module.long_rows() if long and hasattr(module, "long_rows") else ()):
            rows.append(row)
            print(f"{row.what:<64} {row.budget:<28} {row.measured:<40} {row.verdict}", flush=True)
    return rows


def main(arguments: Sequence[str]) -> int:
    names, long = [name for name in arguments if name != LONG], LONG in arguments
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"benchmark {unknown[0]} refused: must be one of {', '.join(MODULES)}", file=sys.stderr)
        return 2
    rows = measure(names or MODULES, long)
    if not names:
        REPORT.write_text(report(rows), "utf-8")
        growth.draw()
        print("\nWritten to docs/BENCH.md and docs/growth.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
