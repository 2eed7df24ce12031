"""Learning rates over the steps: against each rule written out, and against PyTorch where that is installed."""

import importlib.util
import math
from collections.abc import Callable

import numpy as np
import pytest

from engine import DataSpec, RunSpec, Trainer, TrainingSpec
from engine.schedules import SCHEDULES

STEPS = 200
RATE = 0.3
OPTIONS: dict[str, dict[str, float]] = {
    "constant": {},
    "step": {"every": 30, "gamma": 0.5},
    "exponential": {"gamma": 0.99},
    "cosine": {"length": 150, "final": 0.1},
    "warm_up": {"length": 60, "start": 0.25},
}
WRITTEN_OUT: dict[str, Callable[[int], float]] = {
    "constant": lambda t: RATE,
    "step": lambda t: RATE * 0.5 ** (t // 30),
    "exponential": lambda t: RATE * 0.99**t,
    "cosine": lambda t: RATE * (0.1 + 0.9 * (1 + math.cos(math.pi * t / 150)) / 2) if t < 150 else 0.1 * RATE,
    "warm_up": lambda t: RATE * (0.25 + 0.75 * t / 60) if t < 60 else RATE,
}
Reference = Callable[[str], list[float]]


def written_out(name: str) -> list[float]:
    return [WRITTEN_OUT[name](t) for t in range(STEPS)]


def pytorch(name: str) -> list[float]:
    import torch
    from torch.optim import lr_scheduler

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    scheduler = {
        "constant": lambda: lr_scheduler.LambdaLR(optimizer, lambda t: 1.0),
        "step": lambda: lr_scheduler.StepLR(optimizer, 30, gamma=0.5),
        "exponential": lambda: lr_scheduler.ExponentialLR(optimizer, 0.99),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimizer, 150, eta_min=0.1 * RATE),
        "warm_up": lambda: lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=60),
    }[name]()
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates[:151] if name == "cosine" else rates  # where PyTorch's rises again


REFERENCES: list[tuple[str, Reference]] = [(name, written_out) for name in SCHEDULES]
if importlib.util.find_spec("torch"):
    REFERENCES += [(name, pytorch) for name in SCHEDULES]


def trainer(name: str, **training: object) -> Trainer:
    spec = TrainingSpec(learning_rate=RATE, schedule=name, schedule_options=OPTIONS[name], **training)
    return Trainer(RunSpec(data=DataSpec(samples=60), training=spec))


@pytest.mark.parametrize(("name", "reference"), REFERENCES)
def test_the_rates_of_two_hundred_steps_are_those_of_the_reference(name: str, reference: Reference) -> None:
    schedule, expected = SCHEDULES[name], reference(name)
    rates = [RATE * schedule.factor(t, OPTIONS[name]) for t in range(len(expected))]
    np.testing.assert_allclose(rates, expected, rtol=1e-10)


@pytest.mark.parametrize("name", SCHEDULES)
def test_updates_are_gradients_times_the_rate_of_the_step(name: str) -> None:
    running = trainer(name)
    for t in range(STEPS):
        running.compute()
        expected = WRITTEN_OUT[name](t)
        assert running.learning_rate == pytest.approx(expected)
        np.testing.assert_allclose(running.updates, -expected * running.network.arena.gradients, rtol=1e-10)
        running.apply()


def test_a_run_that_is_taken_up_again_has_the_rate_of_its_step() -> None:
    running, other = trainer("exponential", optimizer="adam"), trainer("exponential", optimizer="adam")
    for _ in range(25):
        running.step()
    other.load_state(running.state())
    for _ in range(5):
        assert running.step().values.tobytes() == other.step().values.tobytes()


def test_no_schedule_leaves_the_range_from_nothing_to_the_whole_rate() -> None:
    for schedule in SCHEDULES.values():
        options = {name: option.default for name, option in schedule.options.items()}
        factors = [schedule.factor(t, options) for t in (0, 1, 10, 1000, 10**6, 10**9)]
        assert all(0 <= factor <= 1 for factor in factors)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_curve_shows_the_factors_from_the_first_step_on(name: str) -> None:
    curve = SCHEDULES[name].curve(OPTIONS[name], 11)
    assert len(curve) == 11
    assert curve[0][0] == 0
    assert all(factor == pytest.approx(SCHEDULES[name].factor(t, OPTIONS[name])) for t, factor in curve)
    assert [t for t, _ in curve] == sorted(t for t, _ in curve)


def test_the_curve_of_an_exponential_reaches_a_hundredth() -> None:
    *_, (_, factor) = SCHEDULES["exponential"].curve({"gamma": 0.9})
    assert factor == pytest.approx(0.01, rel=0.05)
    for gamma in (0.0, 1.0):
        assert SCHEDULES["exponential"].curve({"gamma": gamma})[-1][0] == 1000
