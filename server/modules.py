"""Which modules the page needs before it can draw, so that the browser asks for all of them at once.

A browser learns of a module's imports only when the module has come. Named in the page itself, they come side by side
instead of one level of imports after the other.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Final

# Static imports only: what is imported later (`import(...)`) is not needed at first.
_IMPORT: Final = re.compile(r"""^(?:import|export)\b[^"'()]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)


def imported_modules(folder: Path, entry: str) -> list[str]:
    """Paths, relative to `folder`, of all modules that `entry` imports, directly or not, nearest first."""
    found = [entry]
    for path in found:
        for name in _IMPORT.findall((folder / path).read_text("utf-8")):
            module = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            if module not in found and (folder / module).is_file():
                found.append(module)
    return found[1:]
