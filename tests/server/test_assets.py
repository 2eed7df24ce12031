"""Templates and static files: those of the installed package, or those of the checkout."""

from pathlib import Path

import pytest

from server import assets


def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder of its own."""
    (folder / "server").mkdir()
    monkeypatch.setattr(assets, "_PACKAGE", folder / "server")
    return folder / "server"


def test_a_checkout_has_them_beside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch)
    (tmp_path / "static").mkdir()
    assert assets.asset_folder("static") == tmp_path / "static"


def test_an_installed_package_has_its_own_whatever_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = package(tmp_path, monkeypatch) / "_assets" / "static"
    inside.mkdir(parents=True)
    (tmp_path / "static").mkdir()
    assert assets.asset_folder("static") == inside


def test_where_there_are_none_it_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path, monkeypatch)
    with pytest.raises(
        FileNotFoundError, match=r"no folder templates: looked for .*_assets/templates and "
    ):
        assets.asset_folder("templates")
