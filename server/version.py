"""The version of the installed package."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def server_version() -> str:
    """The version of the installed package; of a bare checkout nobody knows it."""
    try:
        return version("backflow")
    except PackageNotFoundError:
        return "unknown"
