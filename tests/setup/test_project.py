"""Rules that hold for every file of the project."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
TEXT = {".py", ".js", ".css", ".html", ".md", ".json", ".toml", ".txt", ".svg", ""}

# In pieces, so that this file does not hold what it looks for.
ELSEWHERE = [re.compile(pattern) for pattern in (
    r"(?<![\w.])/" + r"(?:home|root|Users|work|mnt|opt)/\w",
    r"[A-Z]:\\\\?" + r"Users",
    "registry" + r"\.(?:npmjs|yarnpkg)\.",
    "py" + r"pi\.org",
    "files" + r"\.pythonhosted\.",
)]


@pytest.fixture(scope="module")
def texts(project_files: list[Path]) -> dict[Path, str]:
    return {path: (ROOT / path).read_text("utf-8") for path in project_files if path.suffix in TEXT}


@pytest.fixture(scope="module")
def lock() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((ROOT / "package-lock.json").read_text())


def test_every_locked_javascript_package_has_an_integrity_hash_and_no_address(lock: dict) -> None:
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_all_versions_agree(lock: dict) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert json.loads((ROOT / "package.json").read_text())["version"] == version
    assert lock["version"] == lock["packages"][""]["version"] == version
    assert f"\n## {version}\n" in (ROOT / "CHANGELOG.md").read_text()


def test_no_file_names_a_place_on_one_machine_or_a_download_host(texts: dict[Path, str]) -> None:
    found = [(path, rule.findall(text)) for path, text in texts.items() for rule in ELSEWHERE]
    assert [(path, places) for path, places in found if places] == []


def test_no_file_is_longer_than_can_be_read_at_once(texts: dict[Path, str]) -> None:
    lengths = {str(path): text.count("\n") for path, text in texts.items() if path.name != "package-lock.json"}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
