"""A spec on data that are handed over is checked on those, and not on the set that it would have drawn."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, DenseSpec, NetworkSpec, RunSpec, SpecError, Trainer, TrainingSpec, surgery
from engine.adapt import with_changes


def dataset(samples: int, inputs: int = 5) -> Dataset:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(samples, inputs))
    y = np.sign(x[:, :1])
    return Dataset(x, y, x[:4], y[:4])


def run_on(data: Dataset, *hidden: DenseSpec, batch_size: int = 10) -> RunSpec:
    return RunSpec(network=NetworkSpec(hidden), training=TrainingSpec(batch_size=batch_size), given=data.shape)


def test_a_residual_connection_around_the_first_layer_goes_by_the_given_inputs() -> None:
    data = dataset(40)
    trainer = Trainer(run_on(data, DenseSpec(5, residual=True)), dataset=data)
    assert trainer.run.parameters == trainer.network.plan.size
    trainer.step()
    with pytest.raises(SpecError, match="around 2 units that read 5"):
        run_on(data, DenseSpec(2, residual=True))


def test_batch_normalisation_goes_by_the_given_samples() -> None:
    # The circle's 250 would leave one in batches of 83, and none in batches of 10.
    data = dataset(166)
    Trainer(run_on(data, DenseSpec(3, normalization="batch"), batch_size=83), dataset=data).step()
    with pytest.raises(SpecError, match="41 samples in batches of 10 leave one"):
        run_on(dataset(41), DenseSpec(3, normalization="batch"))


def test_surgery_stays_on_the_given_data() -> None:
    data = dataset(40)
    trainer = Trainer(run_on(data, DenseSpec(5, residual=True)), dataset=data)
    assert surgery.add_layer(trainer, 1).run.given == data.shape
    changed = surgery.change(trainer, with_changes(trainer.run, {"training.learning_rate": 0.1}))
    assert changed.run.given == data.shape
    changed.step()


@pytest.mark.parametrize("handed", [None, dataset(41)])
def test_a_shape_that_is_not_that_of_the_data_is_refused(handed: Dataset | None) -> None:
    with pytest.raises(SpecError, match=r"given .* refused: must be the shape of the dataset"):
        Trainer(run_on(dataset(40), DenseSpec(3)), dataset=handed)


def test_the_shape_is_not_stored_with_the_spec() -> None:
    run = run_on(dataset(40), DenseSpec(3))
    assert "given" not in run.to_dict()
    assert RunSpec.from_dict(run.to_dict()) == run
    with pytest.raises(SpecError, match="given"):
        RunSpec.from_dict(run.to_dict() | {"given": {"inputs": 5, "train_samples": 40}})
