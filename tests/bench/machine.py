"""What figures were measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from statistics import median
from time import perf_counter


def machine() -> str:
    """ "2 × AMD EPYC, Linux x86_64"."""
    return f"{os.cpu_count()} × {processor()}, {platform.system()} {platform.machine()}"


def processor() -> str:
    """The processor's own name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def pace() -> str:
    """How fast the machine is, and how steadily: what a plain loop takes, so that runs on different days compare."""
    times = []
    for _ in range(20):
        start = perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number
        times.append(1e3 * (perf_counter() - start))
    return f"a million additions in a Python loop: {min(times):.0f} ms at best, {median(times):.0f} ms in the median"
