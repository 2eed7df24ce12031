"""Runs everything that must hold, stage after stage, and ends with one line for each.

The browser, which mostly waits, runs beside the other stages; what it says follows them.

    python -m tools.check                    # all stages; ends with 1 where any of them failed
    python -m tools.check ruff mypy          # these alone
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import chromium, javascript

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    passed: bool
    closing: str
    seconds: float


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


def node(*arguments: str) -> list[str]:
    return [*javascript.find().node, *arguments]


def page_tests() -> list[str]:
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "static").rglob("*.test.js"))
    if not files:
        raise RuntimeError("No tests/static/**/*.test.js: the page's tests are missing.")
    return node("--test", "--test-reporter=spec", *files)


def browser_tests() -> list[str]:
    os.environ["CHROMIUM"] = chromium.find_or_install()
    return python("pytest", "tests/browser", "--numprocesses", BROWSERS)


# A stage is made when its turn comes, because making it may look for a program, and say that it is missing.
STAGES: dict[str, Callable[[], list[str]]] = {
    "ruff": lambda: python("ruff", "check", "."),
    "mypy": lambda: python("mypy"),
    "tsc": lambda: node("node_modules/typescript/bin/tsc", "--project", "."),
    "node": page_tests,
    "pytest": lambda: python("pytest", "tests", "--ignore=tests/browser"),
    "browser": browser_tests,
}
BESIDE = "browser"
BROWSERS = "2"
"""At once: they wait much of the time, and the other stages, which need one core, end first."""


def show(chunk: bytes) -> None:
    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def run(name: str, tell: Callable[[bytes], object] = show) -> Outcome:
    """Runs one stage, its output told as it comes. A skipped test is a failure: nobody hears of it otherwise."""
    started = time.perf_counter()
    tell(f"\n== {name}\n".encode())
    try:
        command, environment = STAGES[name](), {**javascript.find().environment, "PYTHONUNBUFFERED": "1"}
    except RuntimeError as error:
        tell(f"{error}\n".encode())
        return Outcome(False, str(error), time.perf_counter() - started)
    output = bytearray()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, bufsize=0) as process:
        assert process.stdout is not None
        while chunk := process.stdout.read(65536):
            output += chunk
            tell(chunk)
    closing = closing_line(output.decode("utf-8", "replace"))
    skipped = re.search(r"\b[1-9]\d* skipped", closing)
    return Outcome(process.returncode == 0 and not skipped, closing, time.perf_counter() - started)


def run_all(names: Sequence[str]) -> dict[str, Outcome]:
    """Runs the stages in order, but `BESIDE` from the beginning: what it says is kept until the others have ended."""
    kept: list[bytes] = []
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(run, BESIDE, kept.append) if BESIDE in names and len(names) > 1 else None
        outcomes = {name: run(name) for name in names if not (beside and name == BESIDE)}
        if beside:
            outcomes[BESIDE] = beside.result()
    show(b"".join(kept))
    return outcomes


def closing_line(output: str) -> str:
    """The line in which a runner sums up; Node's test runner spreads it over several."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", output)
    counts = dict(re.findall(r"^(?:#|ℹ) (pass|fail|skipped) (\d+)$", text, re.MULTILINE))
    if counts:
        return ", ".join(f"{count} {name}" for name, count in counts.items())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "nothing to report"


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        print(f"stage {unknown[0]} refused: must be one of {', '.join(STAGES)}", file=sys.stderr)
        return 2
    outcomes = run_all(names or list(STAGES))
    print("\n== all stages")
    for name, outcome in outcomes.items():
        verdict = "passed" if outcome.passed else "FAILED"
        print(f"{name:<8} {verdict}  {outcome.seconds:6.1f} s  {outcome.closing}")
    return 0 if all(outcome.passed for outcome in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
