"""What the documents promise is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from server.messages import COMMANDS, EVENTS, FRAME_SECTIONS, ClosingCode, RejectionCode
from server.settings import OPTIONS
from tools import pictures

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROTOCOL = (ROOT / "docs" / "PROTOCOL.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def section(document: str, title: str) -> str:
    """The text under the heading that contains `title`, up to the next heading."""
    found = re.search(rf"^## [^\n]*{re.escape(title)}[^\n]*\n(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title}"
    return found[1]


def first_cells(table: str) -> set[str]:
    """The words in code marks of the first column of the tables in `table`."""
    cells = re.findall(r"^\| *([^|]*?) *\|", table, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def test_the_notebook_example_of_the_readme_trains(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    answer = subprocess.run([sys.executable, "-c", example], cwd=ROOT, text=True, capture_output=True)
    assert answer.returncode == 0, answer.stderr
    step, test = answer.stdout.splitlines()
    assert step.startswith("step 2000, loss ")
    assert float(test.removeprefix("test loss ")) < 0.05


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_shows_or_links_is_there(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_folder_and_command_that_the_readme_names_is_there() -> None:
    for name in re.findall(r"`([a-z]+/)`", README):
        assert (ROOT / name).exists(), name
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", README):
        assert flag in {"--help", "--open", "--no-open", *(option.flag for option in OPTIONS)}, flag


def test_the_protocol_documents_every_command_and_no_other() -> None:
    assert first_cells(section(PROTOCOL, "Commands")) == set(COMMANDS)


def test_the_protocol_documents_every_event_and_no_other() -> None:
    assert first_cells(section(PROTOCOL, "Events")) == set(EVENTS)


def test_the_protocol_documents_every_code() -> None:
    events = section(PROTOCOL, "Events")
    for code in (*get_args(RejectionCode), *get_args(ClosingCode)):
        assert f"`{code}`" in events, code


def test_the_protocol_documents_every_section_of_a_frame() -> None:
    binary = section(PROTOCOL, "Binary messages")
    for name in FRAME_SECTIONS:
        assert f"| `{name}` |" in binary, name


def test_every_picture_was_taken_and_is_shown_and_there_is_no_other() -> None:
    assert pictures.PAGE.read_text("utf-8") == pictures.gallery()
    assert {path.name for path in pictures.FOLDER.iterdir()} == {f"{name}.png" for name in pictures.PICTURES}
