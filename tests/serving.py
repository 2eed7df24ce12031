"""A playground that really runs, in a process of its own, for the tests that use it as a person does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ADDRESS = re.compile(r"http://\S+")
MODULE = (sys.executable, "-m", "server")


@dataclass
class Playground:
    """A running server: where it is, and what it wrote so far."""

    address: str
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)


@contextmanager
def playground(command: Sequence[str] = MODULE, *, flags: Sequence[str] = ("--port", "0"), folder: Path | None = None,
               environment: Mapping[str, str] | None = None) -> Iterator[Playground]:
    """Starts a server on a free port and ends it as ctrl-C does. Raises RuntimeError with its log if that fails.

    It keeps no sessions, unless the flags or the environment say where.
    """
    environment = environment or {"BACKFLOW_DATA_DIR": "none", **os.environ}
    with subprocess.Popen([*command, "--no-open", *flags], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        log: list[str] = []
        for line in process.stdout:
            log.append(line)
            if found := ADDRESS.search(line):
                break
        else:
            raise RuntimeError(f"the playground ended before it was there:\n{''.join(log)}")
        # What it writes is read as it comes: a full pipe would stop it.
        reader = threading.Thread(target=log.extend, args=(process.stdout,))
        reader.start()
        try:
            yield Playground(found[0], process, log)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            finally:
                process.kill()
                reader.join()
