"""Times of competitors that take turns within one run: what else the machine does then hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Step = Callable[[], object]

ROUNDS = 400
"""So many that each competitor meets the machine at its quietest: it may be shared with others."""
BURST_SECONDS = 0.006


def seconds_a_step(competitors: Mapping[str, Step]) -> dict[str, float]:
    """Each competitor's time for a step, in its best burst."""
    return {name: min(seconds) for name, seconds in _rounds(competitors, _lengths(competitors)).items()}


def ratio(one: Step, other: Step, burst: int) -> tuple[float, float, float]:
    """What a step of `one` takes over one of `other`, as the median of all rounds; and the seconds of each in its best.

    For two that differ by little: a round, `burst` steps of each, is so short that the machine is as fast, or as slow,
    for both. What is done once in so many steps is done as often in every burst where `burst` is a multiple of them.
    """
    seconds = _rounds({"one": one, "other": other}, {"one": burst, "other": burst})
    ratios = [mine / theirs for mine, theirs in zip(seconds["one"], seconds["other"], strict=True)]
    return median(ratios), min(seconds["one"]), min(seconds["other"])


def _lengths(competitors: Mapping[str, Step]) -> dict[str, int]:
    """Steps of a burst, of each."""
    lengths: dict[str, int] = {}
    for name, step in competitors.items():
        for _ in range(20):
            step()
        start = perf_counter()
        for _ in range(20):
            step()
        lengths[name] = max(1, int(BURST_SECONDS * 20 / (perf_counter() - start)))
    return lengths


def _rounds(competitors: Mapping[str, Step], lengths: Mapping[str, int]) -> dict[str, list[float]]:
    """Each competitor's time for a step in every round, in seconds."""
    seconds: dict[str, list[float]] = {name: [] for name in competitors}
    for _ in range(ROUNDS):
        for name, step in competitors.items():
            start = perf_counter()
            for _ in range(lengths[name]):
                step()
            seconds[name].append((perf_counter() - start) / lengths[name])
    return seconds
