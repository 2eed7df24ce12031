"""Where this system has programs keep what is their user's."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def default_folder() -> Path:
    """The user's data directory on this system."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Backflow"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "Backflow"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "backflow"
