"""When sessions were last written to the file in which they outlive the server, as a test sees it from outside."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from server.shelf import FILE

PATIENCE = 20.0


def last_written(folder: Path) -> float:
    """Seconds since 1970 of the newest session in the file; 0 where there is none.

    The server holds the file's lock, so it is read without asking, and again where it was just being written. Its own
    date would not do: a single session takes several writes.
    """
    address = f"{(folder / FILE).as_uri()}?mode=ro&immutable=1"
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with closing(sqlite3.connect(address, uri=True)) as database:
                (newest,) = database.execute("select max(saved) from sessions").fetchone()
                return float(newest or 0)
        except sqlite3.DatabaseError:
            if time.monotonic() > deadline:
                raise
