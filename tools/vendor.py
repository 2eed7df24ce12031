"""Puts the third-party modules that the page imports into `static/vendor`, in the versions of package-lock.json.

    python -m tools.vendor                   # does nothing where they are there already

Only what the page loads is copied, each package under its own name with its licence: no bundler, no sources, no font
formats that no current browser asks for. Type declarations go beside the modules, for the type checker alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools import javascript

ROOT = Path(__file__).resolve().parent.parent
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")

# From a path in node_modules to a path in static/vendor. A star stands for every match.
COPIES = {
    "htm/preact/standalone.module.js": "htm/preact/standalone.module.js",
    "htm/preact/index.d.ts": "htm/preact/standalone.module.d.ts",
    "htm/LICENSE": "htm/LICENSE",
    "preact/LICENSE": "htm/preact/LICENSE",  # the standalone module contains Preact
    "uplot/dist/uPlot.esm.js": "uplot/uPlot.esm.js",
    "uplot/dist/uPlot.d.ts": "uplot/uPlot.esm.d.ts",
    "uplot/dist/uPlot.min.css": "uplot/uPlot.min.css",
    "uplot/LICENSE": "uplot/LICENSE",
    "katex/dist/katex.mjs": "katex/katex.mjs",
    "katex/types/katex.d.ts": "katex/katex.d.mts",
    "katex/dist/katex.min.css": "katex/katex.min.css",
    "katex/dist/fonts/*.woff2": "katex/fonts/",
    "katex/LICENSE": "katex/LICENSE",
    "uqr/dist/index.mjs": "uqr/index.mjs",
    "uqr/dist/index.d.mts": "uqr/index.d.mts",
    "uqr/LICENSE": "uqr/LICENSE",
    "papaparse/papaparse.min.js": "papaparse/papaparse.js",
    "papaparse/LICENSE": "papaparse/LICENSE",
}

# What is changed in a copy: (path, pattern, replacement).
EDITS = (
    # Only the woff2 files of the fonts are copied.
    ("katex/katex.min.css", r",url\([^)]*\.(?:woff|ttf)\) format\(\"(?:woff|truetype)\"\)", ""),
    # The declarations are written for the CommonJS module; the ES module has a default export.
    ("uplot/uPlot.esm.d.ts", r"export = uPlot;", "export default uPlot;"),
    # A CommonJS module without types becomes an ES module with a default export.
    ("papaparse/papaparse.js", r"\A", "// @ts-nocheck\nconst module = {exports: {}}, {exports} = module;\n"),
    ("papaparse/papaparse.js", r"\Z", "\nexport default /** @type {any} */ (module.exports);\n"),
)


def folder(root: Path = ROOT) -> Path:
    return root / "static" / "vendor"


def fingerprint(root: Path = ROOT) -> str:
    """Changes when the locked versions, the copies or the edits do, and with nothing else."""
    lock = (root / "package-lock.json").read_text("utf-8")
    return hashlib.sha256(json.dumps([lock, COPIES, EDITS]).encode()).hexdigest()


def is_current(root: Path = ROOT) -> bool:
    """Whether `static/vendor` is complete and was made from the present package-lock.json."""
    try:
        manifest = json.loads((folder(root) / "manifest.json").read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return False
    return manifest["fingerprint"] == fingerprint(root) and all((folder(root) / f).is_file() for f in manifest["files"])


def ensure(root: Path = ROOT) -> None:
    """Fills `static/vendor` unless it is current. Needs npm and, where it is not, the network."""
    if is_current(root):
        (folder(root) / "manifest.json").touch()  # newer than what it was made from, which is what make compares
        return
    with tempfile.TemporaryDirectory(prefix="backflow-npm-") as temporary:
        build = Path(temporary)
        for name in NPM_FILES:
            shutil.copy(root / name, build / name)
        found = javascript.find()
        command = [*found.npm, "ci", "--omit=dev", "--ignore-scripts", "--loglevel=error"]
        subprocess.run(command, cwd=build, env=found.environment, check=True, stdin=subprocess.DEVNULL)
        copy(build / "node_modules", root)


def copy(modules: Path, root: Path) -> None:
    """Replaces `static/vendor` by the files of `COPIES`. The manifest comes last: without it the copy is not whole."""
    vendor = folder(root)
    shutil.rmtree(vendor, ignore_errors=True)
    for pattern, place in COPIES.items():
        sources = sorted(modules.glob(pattern))
        if not sources:
            raise FileNotFoundError(f"{pattern} is not in the installed packages: correct COPIES in tools/vendor.py")
        for source in sources:
            target = vendor / place / source.name if place.endswith("/") else vendor / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    for name, old, new in EDITS:
        text, edits = re.subn(old, new, (vendor / name).read_text("utf-8"))
        if not edits:
            raise ValueError(f"{name} has changed: correct EDITS in tools/vendor.py")
        (vendor / name).write_text(text, "utf-8")
    files = sorted(path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file())
    manifest = {"fingerprint": fingerprint(root), "files": files}
    (vendor / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    ensure()
