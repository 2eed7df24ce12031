"""A copy of the project, set up where there is no Node.js; and the wheel built from it, installed elsewhere.

These take a while (a virtual environment is made twice), so each is made once and the tests look at it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.project import SetUp, succeed

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("sh", "make", "touch", "rm")
NOWHERE = "http://127.0.0.1:9"  # the discard port: a proxy that no download gets past


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file of the project, relative to its root: those that git knows or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    return sorted(path for path in map(Path, filter(None, listing.split("\0"))) if (ROOT / path).is_file())


@pytest.fixture(scope="session")
def set_up(project_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    """A copy of the project in which `make` has done what `make run` does before it starts, without node and npm."""
    programs = tmp_path_factory.mktemp("programs")
    for name in PROGRAMS:
        found = shutil.which(name)
        assert found, f"these tests need {name} on the PATH"
        (programs / name).symlink_to(found)
    (programs / "python3").symlink_to(os.path.realpath(sys.executable))
    folder = tmp_path_factory.mktemp("project")
    for path in project_files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    made = SetUp(folder, {**os.environ, "PATH": str(programs)})
    assert not shutil.which("node", path=str(programs))
    succeed(made.run("make", ".venv/.run", "static/vendor/manifest.json"))
    return made


@pytest.fixture(scope="session")
def wheel(set_up: SetUp, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the sdist, with no Node.js and no network to bring the page's modules from."""
    build = tmp_path_factory.mktemp("build")
    offline = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "https_proxy": NOWHERE, "http_proxy": NOWHERE,
               "NO_PROXY": "", "no_proxy": ""}
    succeed(set_up.run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(build), **offline))
    (archive,) = build.glob("*.tar.gz")
    succeed(set_up.run(sys.executable, "-m", "tarfile", "--extract", str(archive), str(build)))
    source = SetUp(build / archive.name.removesuffix(".tar.gz"), set_up.environment)
    succeed(source.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(build), **offline))
    (built,) = build.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean virtual environment, outside the project, that holds the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    programs = folder / "env" / "bin"
    subprocess.run([sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet",
                    "--no-compile", str(wheel)], check=True)
    return programs
