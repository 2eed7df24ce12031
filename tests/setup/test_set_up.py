"""`make run` on a machine that has Python and make, and nothing else."""

from __future__ import annotations

import json

from tests.setup.project import SetUp, succeed
from tools import vendor


def test_without_node_and_npm_the_page_gets_its_modules(set_up: SetUp) -> None:
    manifest = json.loads((set_up.folder / "static/vendor/manifest.json").read_text())
    assert manifest["fingerprint"] == vendor.fingerprint()
    for wanted in vendor.COPIES.values():
        assert any(name.startswith(wanted) for name in manifest["files"]), wanted


def test_node_of_the_package_stays_out_of_an_environment_that_only_runs(set_up: SetUp) -> None:
    assert not (set_up.folder / ".venv/bin/node").exists()
    assert not (set_up.folder / "node_modules").exists()


def test_the_command_is_installed_and_explains_its_flags(set_up: SetUp) -> None:
    answer = succeed(set_up.run(".venv/bin/backflow", "--help"))
    for flag in ("--host", "--port", "--hosts", "--open", "--no-open", "--log-level"):
        assert flag in answer


def test_a_second_set_up_finds_nothing_to_do(set_up: SetUp) -> None:
    assert set_up.run("make", "--question", ".venv/.run", "static/vendor/manifest.json").returncode == 0


def test_a_changed_lock_file_is_noticed(set_up: SetUp) -> None:
    stale = set_up.run("make", "--question", "--what-if=package-lock.json", "static/vendor/manifest.json")
    assert stale.returncode == 1


def test_deleted_modules_are_seen_to_be_missing(set_up: SetUp) -> None:
    module = set_up.folder / "static/vendor" / vendor.COPIES["uplot/dist/uPlot.esm.js"]
    kept = module.read_bytes()
    assert vendor.is_current(set_up.folder)
    module.unlink()
    assert not vendor.is_current(set_up.folder)
    module.write_bytes(kept)
