"""Times of competitors that take turns within one run: what else the machine does then hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter

ROUNDS = 400
"""So many that each competitor meets the machine at its quietest: it may be shared with others."""
BURST_SECONDS = 0.006


def seconds_a_step(competitors: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Each competitor's time for a step, in its best burst."""
    lengths: dict[str, int] = {}
    for name, step in competitors.items():
        for _ in range(20):
            step()
        start = perf_counter()
        for _ in range(20):
            step()
        lengths[name] = max(1, int(BURST_SECONDS * 20 / (perf_counter() - start)))
    best = dict.fromkeys(competitors, float("inf"))
    for _ in range(ROUNDS):
        for name, step in competitors.items():
            start = perf_counter()
            for _ in range(lengths[name]):
                step()
            best[name] = min(best[name], (perf_counter() - start) / lengths[name])
    return best
