"""Each optimizer against its update rule written out with plain floats, and against PyTorch where that is installed."""

import importlib.util
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.kernels import Array, run
from engine.optimizers import OPTIMIZERS, Memory
from tests.engine.update_rules import RATE, RULES

STEPS = 200
START = np.linspace(-2, 3, 6)


class Running:
    """An optimizer over six parameters, its state swapped after each step as a trainer does."""

    def __init__(self, name: str) -> None:
        self.optimizer = OPTIMIZERS[name]
        self.gradient: Array = np.zeros(6)
        self.update: Array = np.zeros(6)
        self.parameters: Array = START.copy()
        self.state = {slot: np.zeros(6) for slot in self.optimizer.slots}
        self.next_state = {slot: np.full(6, np.nan) for slot in self.optimizer.slots}
        self.steps = 0

    def compute(self) -> None:
        memory = Memory(
            self.gradient, self.update, self.state, self.next_state, self.parameters, np.array(-RATE),
            lambda: self.steps + 1,
        )
        options = {name: option.default for name, option in self.optimizer.options.items()}
        run(self.optimizer.bind(memory, options))

    def apply(self) -> None:
        self.parameters += self.update
        self.state, self.next_state = self.next_state, self.state
        self.steps += 1


def gradients(steps: int = STEPS) -> Iterator[Array]:
    """Of six sizes; the last is always 0, and the one before now and then."""
    rng = np.random.default_rng(3)
    for _ in range(steps):
        yield rng.normal(size=6) * [1e-6, 1e-3, 1, 1e3, rng.integers(2), 0]


Reference = Callable[[str], Iterator[Array]]


def written_out(name: str) -> Iterator[Array]:
    """The parameters after each step, one at a time by the rule."""
    rules, parameters = [RULES[name]() for _ in START], START.tolist()
    for gradient in gradients():
        parameters = [w + rule(g, w) for rule, g, w in zip(rules, gradient.tolist(), parameters, strict=True)]
        yield np.array(parameters)


def pytorch(name: str) -> Iterator[Array]:
    """The parameters after each step as PyTorch takes it, with its own defaults."""
    import torch

    kinds = {
        "sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "nesterov": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta, "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "nadam": torch.optim.NAdam, "rprop": torch.optim.Rprop,
    }
    options = {"momentum": {"momentum": 0.9}, "nesterov": {"momentum": 0.9, "nesterov": True}}.get(name, {})
    parameters = torch.tensor(START, requires_grad=True)
    optimizer = kinds[name]([parameters], lr=RATE, **options)
    for gradient in gradients():
        parameters.grad = torch.tensor(gradient)
        optimizer.step()
        yield parameters.detach().numpy().copy()


REFERENCES: list[tuple[str, Reference]] = [(name, written_out) for name in OPTIMIZERS]
if importlib.util.find_spec("torch"):
    REFERENCES += [(name, pytorch) for name in OPTIMIZERS if name != "lion"]  # which PyTorch has not


@pytest.mark.parametrize(("name", "reference"), REFERENCES)
def test_two_hundred_steps_lead_where_the_reference_leads(name: str, reference: Reference) -> None:
    # PyTorch keeps the product of NAdam's momenta in float32, whatever the parameters are.
    tolerance = 1e-6 if (name, reference) == ("nadam", pytorch) else 1e-9
    running = Running(name)
    for gradient, expected in zip(gradients(), reference(name), strict=True):
        running.gradient[:] = gradient
        running.compute()
        running.apply()
        np.testing.assert_allclose(running.parameters, expected, rtol=tolerance, atol=1e-12)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_computing_twice_changes_neither_the_state_nor_the_update(name: str) -> None:
    running = Running(name)
    for gradient in gradients(20):
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


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_step_that_is_begun_anew_from_its_state_is_the_same_to_the_bit(name: str) -> None:
    running, other = Running(name), Running(name)
    for count, gradient in enumerate(gradients(40)):
        running.gradient[:] = gradient
        running.compute()
        if count == 20:
            other.state = {slot: values.copy() for slot, values in running.state.items()}
            other.parameters, other.steps = running.parameters.copy(), running.steps
        if count >= 20:
            other.gradient[:] = gradient
            other.compute()
            assert other.update.tobytes() == running.update.tobytes()
            other.apply()
        running.apply()


def test_the_momenta_of_nadam_come_to_nothing_after_many_steps() -> None:
    running = Running("nadam")
    running.steps = 10_000_000
    running.gradient[:] = 1
    running.compute()
    assert np.isfinite(running.update).all()


def test_weight_decay_pulls_every_parameter_by_its_share_beside_the_gradient() -> None:
    plain, decayed = Running("adam"), Running("adamw")
    for running in (plain, decayed):
        running.gradient[:] = 1
        running.compute()
    np.testing.assert_allclose(decayed.update - plain.update, -RATE * 0.01 * START, rtol=1e-10, atol=1e-16)


def test_rprop_takes_back_nothing_and_waits_a_step_where_a_gradient_turned() -> None:
    running = Running("rprop")
    sizes = []
    for sign in (1, 1, -1, -1, -1):
        running.gradient[:] = sign
        running.compute()
        sizes.append(float(running.update[0]))
        running.apply()
    # grows by 1.2, halves and waits, then goes on with that (the gradient before it counts as 0), then grows again
    np.testing.assert_allclose(sizes, [-RATE, -1.2 * RATE, 0, 0.6 * RATE, 0.72 * RATE])
