"""Where templates and static files are: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def asset_folder(name: str) -> Path:
    """The folder `name` ("templates" or "static"). Raises FileNotFoundError saying where it was looked for."""
    candidates = (_PACKAGE / "_assets" / name, _PACKAGE.parent / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no folder {name}: looked for {' and '.join(map(str, candidates))}")
