"""A copy of the project, and commands run in it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SetUp:
    """The copy, and the environment variables it was set up with."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.folder, env={**self.environment, **variables}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)


def succeed(outcome: subprocess.CompletedProcess[str]) -> str:
    assert outcome.returncode == 0, f"{outcome.args} failed:\n{outcome.stdout}\n{outcome.stderr}"
    return outcome.stdout
