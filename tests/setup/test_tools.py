"""The small programs behind the Makefile."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools import check, chromium, javascript, vendor


def program(folder: Path, name: str, answer: str, code: int = 0) -> str:
    """A program that says `answer` to whatever it is asked."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_a_recent_node_of_the_machine_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node, npm = program(tmp_path, "node", "v20.1.0"), program(tmp_path, "npm", "10.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = javascript.find()
    assert (found.node, found.npm) == ((node,), (npm,))


@pytest.mark.parametrize(
    ("node", "npm"), [("v18.20.0", "10.0.0"), ("v20.1.0", None), (None, "10.0.0"), ("?", "10.0.0")])
def test_an_old_or_incomplete_node_of_the_machine_is_left_alone(
        node: str | None, npm: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, answer in (("node", node), ("npm", npm)):
        if answer:
            program(tmp_path, name, answer)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert javascript.on_the_machine() is None


def test_without_any_node_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(javascript, "in_the_wheel", lambda: None)
    with pytest.raises(RuntimeError, match=r"No Node\.js 20 or newer with npm: install it"):
        javascript.find()


def test_a_package_that_lost_a_file_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"is not in the installed packages: correct COPIES"):
        vendor.copy(tmp_path / "node_modules", tmp_path)


def test_the_chosen_chromium_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path, "my-chromium", "Chromium 140")
    monkeypatch.setenv("CHROMIUM", path)
    assert chromium.find() == path


def test_a_chosen_chromium_that_does_not_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(RuntimeError, match=r"CHROMIUM names /nowhere/chromium, which does not start"):
        chromium.find()


def test_a_stub_in_place_of_chromium_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "chromium", "install the snap", code=1)
    real = program(tmp_path, "google-chrome", "Google Chrome 140")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "playwrights_own", lambda: "/nowhere/chrome")
    assert chromium.find() == real


def test_without_any_chromium_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "install", lambda: None)
    with pytest.raises(RuntimeError, match="No Chromium: install one"):
        chromium.find_or_install()


def stage(monkeypatch: pytest.MonkeyPatch, says: str, code: int = 0) -> None:
    script = f"import sys; print({says!r}); sys.exit({code})"
    monkeypatch.setattr(check, "STAGES", {"stage": lambda: [sys.executable, "-c", script]})


def test_all_stages_passed_is_success(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    stage(monkeypatch, "3 passed in 0.1s")
    assert check.main([]) == 0
    assert capfd.readouterr().out.splitlines()[-1].endswith("3 passed in 0.1s")


def test_a_failed_stage_is_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    stage(monkeypatch, "1 failed", code=1)
    assert check.main([]) == 1


def test_a_skipped_test_is_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    stage(monkeypatch, "3 passed, 1 skipped in 0.1s")
    assert check.main([]) == 1


def test_a_stage_that_cannot_start_says_why_and_is_failure(
        monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def missing() -> list[str]:
        raise RuntimeError("No Chromium: install one.")

    monkeypatch.setattr(check, "STAGES", {"browser": missing})
    assert check.main([]) == 1
    assert "No Chromium: install one." in capfd.readouterr().out


def test_the_browser_runs_beside_the_other_stages_and_its_words_follow_theirs(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"  # opening it takes two, one at each end
    os.mkfifo(pipe)
    scripts = {name: f"print(open({str(pipe)!r}, {mode!r}).name and '{name} passed')"
               for name, mode in (("browser", "w"), ("node", "r"))}
    stages = {name: lambda script=script: [sys.executable, "-c", script] for name, script in scripts.items()}
    monkeypatch.setattr(check, "STAGES", stages)
    assert check.main([]) == 0
    words = [line for line in capfd.readouterr().out.splitlines() if line in ("browser passed", "node passed")]
    assert words == ["node passed", "browser passed"]


def test_an_unknown_stage_is_refused_by_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert check.main(["rust"]) == 2
    assert "stage rust refused: must be one of ruff," in capfd.readouterr().err


def test_the_counts_of_nodes_test_runner_are_put_on_one_line() -> None:
    assert check.closing_line("ℹ tests 5\nℹ pass 4\nℹ fail 1\nℹ skipped 0\n") == "4 pass, 1 fail, 0 skipped"
