"""The page's style sheets as one: written in short files, a concept each, and asked for by the browser once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SHEETS: Final = (
    "vendor/uplot/uPlot.min.css",
    "css/tokens.css",
    "css/layout.css",
    "css/controls.css",
    "css/bar.css",
    "css/left.css",
    "css/network.css",
    "css/strip.css",
    "css/drawer.css",
    "css/inspector.css",
    "css/headers.css",
    "css/output.css",
    "css/chart.css",
    "css/timeline.css",
    "css/walk.css",
    "css/floating.css",
    "css/verdict.css",
    "css/sentence.css",
    "css/owndata.css",
    "css/lanes.css",
    "css/narrow.css",
)
"""In the order in which they stand in the page: a later rule wins over an earlier one of the same weight."""


def joined_sheets(folder: Path) -> bytes:
    """All of SHEETS, from the folder of static files."""
    return b"\n".join((folder / sheet).read_bytes() for sheet in SHEETS)
