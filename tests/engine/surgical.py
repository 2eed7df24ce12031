"""What tests of surgery share: small trained networks, and every weight named by what it leads from and to."""

from collections.abc import Hashable
from typing import Any

import numpy as np

from engine import probe
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec, TrainingSpec
from engine.trainer import Trainer

Edges = dict[tuple[Hashable, Hashable], tuple[float, ...]]


def trained(run: RunSpec, steps: int = 60) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


def small_run(optimizer: str = "adam", activation: str = "tanh", **data: Any) -> RunSpec:
    return RunSpec(
        data=DataSpec(**({"samples": 60} | data)),
        network=NetworkSpec((DenseSpec(4, activation), DenseSpec(3, activation))),
        training=TrainingSpec(optimizer, learning_rate=0.01, batch_size=7),
        seed=0,
    )


def edges(trainer: Trainer) -> Edges:
    """Every weight, with its optimizer state, by what it leads from and to; biases lead from "bias"."""
    named = [trainer.network.parameters]
    named += [trainer.network.plan.named(slot) for _, slot in sorted(trainer.optimizer.current.items())]
    sources: list[Hashable] = [*trainer.run.data.inputs]
    found: Edges = {}
    for index, layer in enumerate(trainer.identity.layers):
        units = [(layer.id, unit) for unit in layer.units]
        for column, unit in enumerate(units):
            for row, source in enumerate(sources):
                found[source, unit] = tuple(float(values[f"{index}.weight"][row, column]) for values in named)
            found["bias", unit] = tuple(float(values[f"{index}.bias"][column]) for values in named)
        sources = list(units)
    return found


def ends(found: Edges) -> set[Hashable]:
    return {end for edge in found for end in edge}


def assert_kept(old: Trainer, new: Trainer, at_least: int) -> None:
    """All weights whose ends are in both are the same, optimizer state included; and there are so many of them."""
    before, after = edges(old), edges(new)
    both = before.keys() & after.keys()
    assert len(both) >= at_least
    assert {edge: after[edge] for edge in both} == {edge: before[edge] for edge in both}


def same_state(a: Trainer, b: Trainer) -> bool:
    first, second = a.state(), b.state()
    arrays = ["parameters", "running"]
    same_slots = first["slots"].keys() == second["slots"].keys() and all(
        np.array_equal(first["slots"][slot], second["slots"][slot]) for slot in first["slots"]
    )
    plain = {key for key in first if key not in (*arrays, "slots")}
    same_arrays = all(np.array_equal(first[key], second[key]) for key in arrays)
    return same_slots and same_arrays and all(first[key] == second[key] for key in plain)


def outputs(trainer: Trainer) -> np.ndarray:
    return probe.test_predictions(trainer)
