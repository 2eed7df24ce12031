"""Where a spawned engine process starts. Imports nothing heavy: NumPy has to find the environment that is set here."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from typing import Final

BLAS_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def run(pipe: Connection, log_level: str, session_class: str) -> None:
    """Hosts sessions of `session_class` ("module:name") until the pipe ends."""
    # The parent decides when to stop; ctrl-C reaches every process of the terminal. It was blocked until here.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    # The matrices are small and the processes many: threads inside one product would only wait for each other.
    os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))

    from importlib import import_module

    from server.host import Host
    from server.log import set_up

    set_up(log_level)
    module, name = session_class.split(":")
    Host(pipe, getattr(import_module(module), name)).run()
