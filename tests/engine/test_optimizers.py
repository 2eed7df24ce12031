"""Each optimizer against its update rule written out with plain floats, one parameter at a time."""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.kernels import Array, run
from engine.optimizers import OPTIMIZERS, Memory

RATE = 0.1
Rule = Callable[[], Callable[[float], float]]


def sgd() -> Callable[[float], float]:
    return lambda gradient: -RATE * gradient


def momentum() -> Callable[[float], float]:
    buffer = 0.0

    def update(gradient: float) -> float:
        nonlocal buffer
        buffer = 0.9 * buffer + gradient
        return -RATE * buffer

    return update


def nesterov() -> Callable[[float], float]:
    buffer = 0.0

    def update(gradient: float) -> float:
        nonlocal buffer
        buffer = 0.9 * buffer + gradient
        return -RATE * (gradient + 0.9 * buffer)

    return update


def rmsprop() -> Callable[[float], float]:
    average = 0.0

    def update(gradient: float) -> float:
        nonlocal average
        average = 0.99 * average + 0.01 * gradient**2
        return -RATE * gradient / (math.sqrt(average) + 1e-8)

    return update


def adam() -> Callable[[float], float]:
    mean = square = 0.0
    step = 0

    def update(gradient: float) -> float:
        nonlocal mean, square, step
        step += 1
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        return -RATE * (mean / (1 - 0.9**step)) / (math.sqrt(square / (1 - 0.999**step)) + 1e-8)

    return update


RULES: dict[str, Rule] = {
    "sgd": sgd, "momentum": momentum, "nesterov": nesterov, "rmsprop": rmsprop, "adam": adam,
}


class Running:
    """An optimizer over six parameters, its state swapped after each step as a trainer does."""

    def __init__(self, name: str) -> None:
        self.optimizer = OPTIMIZERS[name]
        self.gradient: Array = np.zeros(6)
        self.update: Array = np.zeros(6)
        self.state = {slot: np.zeros(6) for slot in self.optimizer.slots}
        self.next_state = {slot: np.full(6, np.nan) for slot in self.optimizer.slots}
        self.steps = 0

    def compute(self) -> None:
        memory = Memory(
            self.gradient, self.update, self.state, self.next_state, np.array(-RATE), lambda: self.steps + 1
        )
        options = {name: option.default for name, option in self.optimizer.options.items()}
        run(self.optimizer.bind(memory, options))

    def apply(self) -> None:
        self.state, self.next_state = self.next_state, self.state
        self.steps += 1


def gradients() -> Iterator[Array]:
    rng = np.random.default_rng(3)
    for _ in range(40):
        yield rng.normal(size=6) * [1e-6, 1e-3, 1, 1e3, 1, 0]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_forty_updates_are_those_of_the_rule_written_out(name: str) -> None:
    running, rules = Running(name), [RULES[name]() for _ in range(6)]
    for gradient in gradients():
        running.gradient[:] = gradient
        running.compute()
        expected = [rule(float(entry)) for rule, entry in zip(rules, gradient, strict=True)]
        np.testing.assert_allclose(running.update, expected, rtol=1e-12, atol=0)
        running.apply()


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_computing_twice_changes_neither_the_state_nor_the_update(name: str) -> None:
    running = Running(name)
    for gradient in gradients():
        running.gradient[:] = gradient
        before = {slot: values.copy() for slot, values in running.state.items()}
        running.compute()
        update, after = running.update.copy(), {slot: values.copy() for slot, values in running.next_state.items()}
        running.compute()
        np.testing.assert_array_equal(running.update, update)
        for slot in running.state:
            np.testing.assert_array_equal(running.state[slot], before[slot])
            np.testing.assert_array_equal(running.next_state[slot], after[slot])
        np.testing.assert_array_equal(running.gradient, gradient)
        running.apply()


def test_the_first_update_of_adam_is_the_learning_rate_whatever_the_gradient() -> None:
    running = Running("adam")
    running.gradient[:] = [1e-4, -1, 1e4, -1e-4, 1, 0]
    running.compute()
    np.testing.assert_allclose(running.update, [-RATE, RATE, -RATE, RATE, -RATE, 0], rtol=1e-3)
