"""Sessions are kept in the data directory: the newest file of each; troubles are told in words."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from server.shelf import FILE, MOST_KEPT, Shelf, ShelfError


def test_the_newest_file_of_a_session_is_found_again_after_the_end(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "deep" / "folder")
    for number in range(50):
        shelf.keep("token", bytes([number]) * 1000)
    shelf.keep("other", b"other")
    shelf.close()
    again = Shelf(tmp_path / "deep" / "folder")
    assert again.recall("token").result(5) == bytes([49]) * 1000
    assert again.recall("other").result(5) == b"other"
    assert again.recall("unknown").result(5) is None
    again.close()
    assert again.recall("token").result(5) is None


def test_the_token_itself_is_not_in_the_file(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep("a-secret-token", b"x")
    shelf.close()
    assert b"a-secret-token" not in (tmp_path / FILE).read_bytes()


def test_a_directory_in_use_by_another_server_is_refused(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    program = f"from server.shelf import Shelf; from pathlib import Path; Shelf(Path({str(tmp_path)!r}))"
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert f"sessions are not kept in {tmp_path}: another server uses it" in other.stderr
    shelf.keep("token", b"still here")
    shelf.close()
    again = Shelf(tmp_path)
    assert again.recall("token").result(5) == b"still here"
    again.close()


def test_a_full_disk_is_told_once_and_what_comes_later_is_kept(tmp_path: Path) -> None:
    told: list[str] = []
    shelf = Shelf(tmp_path, told.append)
    shelf.keep("token", b"first")
    assert shelf.recall("token").result(5) == b"first"
    shelf.close()
    database = sqlite3.connect(tmp_path / FILE)
    pages = database.execute("pragma page_count").fetchone()[0]
    database.close()

    class Small(Shelf):
        def _open(self) -> sqlite3.Connection:
            database = super()._open()
            database.execute(f"pragma max_page_count = {pages + 1}")
            return database

    small = Small(tmp_path, told.append)
    for number in range(3):
        small.keep("token", bytes(100_000 + number))
        assert small.recall("token").result(5) == b"first"
    assert told == [f"sessions are not kept in {tmp_path}: the disk is full"]
    small.keep("token", b"second")
    assert small.recall("token").result(5) == b"second"
    small.close()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"something else entirely" * 100)
    with pytest.raises(ShelfError, match="is damaged; move it away"):
        Shelf(tmp_path)
    assert (tmp_path / FILE).read_bytes().startswith(b"something else")


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(ShelfError, match="sessions are not kept in"):
        Shelf(tmp_path / "file" / "below")


def test_only_so_many_sessions_are_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    for number in range(MOST_KEPT + 5):
        shelf.keep(str(number), b"x")
        shelf.recall(str(number)).result(5)
    shelf.close()
    again = Shelf(tmp_path)
    assert again.recall("0").result(5) is None
    assert again.recall(str(MOST_KEPT + 4)).result(5) == b"x"
    again.close()
