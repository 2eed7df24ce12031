"""Where sessions outlive the server: one SQLite file in the user's data directory. All work is a thread's of its own.

A session is kept as the file of its run (server/runfile). Only the newest of each waits to be written; what cannot be
written is told, and tried again with the next.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final

FILE: Final = "sessions.sqlite3"
KEPT_DAYS: Final = 30
MOST_KEPT: Final = 64
_SCHEMA: Final = "create table if not exists sessions (token text primary key, saved real not null, file blob not null)"


class ShelfError(Exception):
    """Sessions cannot be kept; `str()` is a sentence."""


class Shelf:
    """Keeps the newest file of each session. `troubled` is called in the shelf's thread with what goes wrong, once."""

    def __init__(self, folder: Path, troubled: Callable[[str], None] = lambda _: None) -> None:
        """Opens the database. Raises ShelfError where it cannot be, or is in use by another server."""
        self.folder = folder
        self._troubled = troubled
        self._trouble: str | None = None
        self._waiting: dict[str, bytes] = {}
        self._wanted: list[tuple[str, Future[bytes | None]]] = []
        self._closing = False
        self._wake = threading.Condition()
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="shelf", daemon=True)
        self._thread.start()
        opened.result()

    def keep(self, token: str, file: bytes) -> None:
        """Writes the session's file, in place of an older one, as soon as that can be."""
        with self._wake:
            self._waiting[_name(token)] = file
            self._wake.notify()

    def recall(self, token: str) -> Future[bytes | None]:
        """The file of a session; None where there is none."""
        found: Future[bytes | None] = Future()
        with self._wake:
            if self._closing:
                found.set_result(None)
            self._wanted.append((_name(token), found))
            self._wake.notify()
        return found

    def close(self) -> None:
        """Writes what waits, and closes the database."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()

    # In the thread

    def _run(self, opened: Future[None]) -> None:
        try:
            database = self._open()
        except (OSError, sqlite3.Error) as error:
            opened.set_exception(ShelfError(self._sentence(error)))
            return
        opened.set_result(None)
        try:
            while self._turn(database):
                pass
        finally:
            database.close()

    def _open(self) -> sqlite3.Connection:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = sqlite3.connect(self.folder / FILE, timeout=0.2, isolation_level=None)
        try:
            # Held until it is closed: two servers that write the same sessions would take them from each other.
            database.execute("pragma locking_mode = exclusive")
            database.execute("begin exclusive")
            database.execute(_SCHEMA)
            database.execute("delete from sessions where saved < ?", (time.time() - KEPT_DAYS * 86_400,))
            database.execute(
                "delete from sessions where token not in (select token from sessions order by saved desc limit ?)",
                (MOST_KEPT,),
            )
            database.execute("commit")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _turn(self, database: sqlite3.Connection) -> bool:
        with self._wake:
            while not (self._waiting or self._wanted or self._closing):
                self._wake.wait()
            waiting, self._waiting = self._waiting, {}
            wanted, self._wanted = self._wanted, []
            closing = self._closing
        if waiting:
            self._write(database, waiting)
        for name, found in wanted:
            try:
                row = database.execute("select file from sessions where token = ?", (name,)).fetchone()
                found.set_result(bytes(row[0]) if row else None)
            except sqlite3.Error as error:
                self._tell(error)
                found.set_result(None)
        return not closing

    def _write(self, database: sqlite3.Connection, files: dict[str, bytes]) -> None:
        now = time.time()
        try:
            database.execute("begin")
            database.executemany(
                "insert or replace into sessions values (?, ?, ?)", [(name, now, file) for name, file in files.items()]
            )
            database.execute("commit")
        except sqlite3.Error as error:
            if database.in_transaction:
                database.execute("rollback")
            self._tell(error)
        else:
            self._trouble = None

    def _tell(self, error: sqlite3.Error) -> None:
        sentence = self._sentence(error)
        if sentence != self._trouble:
            self._trouble = sentence
            self._troubled(sentence)

    def _sentence(self, error: Exception) -> str:
        text = str(error)
        if "locked" in text:
            why = "another server uses it; choose another directory with --data-dir"
        elif "full" in text:
            why = "the disk is full"
        elif "not a database" in text or "malformed" in text:
            why = f"{FILE} is damaged; move it away"
        else:
            why = text
        return f"sessions are not kept in {self.folder}: {why}"


def _name(token: str) -> str:
    """Under which a session is found: who reads the file must not be able to join it."""
    return hashlib.sha256(token.encode()).hexdigest()
