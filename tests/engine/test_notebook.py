"""What one sees in a notebook: things say what they are, every table entry where it comes from."""

import re

import numpy as np
import pytest

from engine import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Dataset,
    DenseSpec,
    Network,
    RunSpec,
    Trainer,
    TrainingSpec,
)
from engine.fields import FIELDS, SWITCHES
from engine.normalizations import NORMALIZATIONS
from engine.schedules import SCHEDULES

TABLES = {
    "activations": ACTIVATIONS, "initializers": INITIALIZERS, "losses": LOSSES, "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES, "normalizations": {name: entry for name, entry in NORMALIZATIONS.items() if name != "none"},
}


def test_a_network_says_its_shape_its_activations_and_its_loss() -> None:
    layers = (DenseSpec(4, "tanh"), DenseSpec(1, "sigmoid"))
    net = Network(layers, 2, "binary_cross_entropy", np.random.default_rng(0))
    assert repr(net) == "Network(2-4-1: tanh, sigmoid; binary_cross_entropy; 17 parameters, float64)"


def test_a_trainer_says_what_it_is_on_and_how_far_it_is() -> None:
    trainer = Trainer(RunSpec())
    for _ in range(30):
        trainer.step()
    said = repr(trainer)
    assert said.startswith("Trainer(circle, sgd; 30 steps, 1.2 epochs; Network(2-4-2-1: tanh, tanh, tanh;")


def test_a_dataset_says_how_many_samples_it_has() -> None:
    data = Dataset(np.zeros((4, 2)), np.zeros((4, 3)), np.zeros((2, 2)), np.zeros((2, 3)))
    assert repr(data) == "Dataset(4 training and 2 test samples of 2 features and 3 targets)"


def test_the_state_of_an_optimizer_is_read_by_name() -> None:
    trainer = Trainer(RunSpec(training=TrainingSpec(optimizer="adam")))
    record = trainer.step()
    state = trainer.optimizer_state
    assert list(state) == ["mean", "square"]
    gradient = np.sqrt(state["square"]["1.weight"] / 0.001)
    assert np.sqrt((gradient**2).mean()) == pytest.approx(record.gradient_rms[1])
    np.testing.assert_allclose(np.abs(state["mean"]["1.weight"]), 0.1 * gradient)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_entry_names_its_source(table: str) -> None:
    for name, entry in TABLES[table].items():
        assert re.search(r"\b(1[789]|20)\d\d\b", entry.help), name


def test_every_option_and_field_is_explained_in_a_sentence() -> None:
    options = [option for table in (ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES) for e in table.values()
               for option in e.options.values()]
    for each in (*options, *FIELDS.values(), *SWITCHES.values()):
        assert each.help.endswith(".")
