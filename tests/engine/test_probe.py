"""Looking at a network: where the pictures' cells lie, and that training takes no notice."""

import numpy as np
import pytest

from engine import probe
from engine.activations import ACTIVATIONS
from engine.data import FEATURES
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec
from engine.trainer import Trainer


def trained(run: RunSpec, steps: int = 30) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


def look_at_everything(trainer: Trainer) -> None:
    probe.plane_grid(trainer, 17, 13)
    probe.unit_maps(trainer)
    probe.unit_spread(trainer)
    probe.test_predictions(trainer)
    trainer.evaluate()


def test_the_bits_of_a_run_are_the_same_whether_or_not_anybody_looks() -> None:
    watched, alone = Trainer(RunSpec()), Trainer(RunSpec())
    for _ in range(60):
        look_at_everything(watched)
        watched.compute()
        look_at_everything(watched)
        assert watched.step().values.tobytes() == alone.step().values.tobytes()
    assert watched.network.arena.parameters.tobytes() == alone.network.arena.parameters.tobytes()


def test_looking_leaves_the_computed_pass_as_it_is() -> None:
    trainer = trained(RunSpec())
    trainer.compute()
    before = [(layer.activations.copy(), layer.deltas.copy()) for layer in trainer.layers]
    look_at_everything(trainer)
    for (activations, deltas), layer in zip(before, trainer.layers, strict=True):
        np.testing.assert_array_equal(activations, layer.activations)
        np.testing.assert_array_equal(deltas, layer.deltas)


@pytest.mark.parametrize("features", [("x", "y"), ("y",), tuple(FEATURES)])
def test_the_grid_is_the_output_at_the_middle_of_each_cell_with_the_largest_y_first(features: tuple[str, ...]) -> None:
    trainer = trained(RunSpec(data=DataSpec(features=features)))
    grid = probe.plane_grid(trainer, 12, 6)
    assert grid.shape == (1, 6, 12)
    for row, column, x, y in ((0, 0, -5.5, 5.0), (0, 11, 5.5, 5.0), (5, 0, -5.5, -5.0), (2, 7, 1.5, 1.0)):
        inputs = [[float(FEATURES[name].value(np.array(x), np.array(y))) for name in features]]
        assert grid[0, row, column] == pytest.approx(trainer.network.forward(inputs)[0, 0])


def test_a_unit_map_is_the_units_activation_there() -> None:
    trainer = trained(RunSpec())
    maps = probe.unit_maps(trainer, 12, 6)
    assert [layer.shape for layer in maps] == [(4, 6, 12), (2, 6, 12), (1, 6, 12)]
    z = np.array([1.5, 1.0]) @ trainer.network.parameters["0.weight"] + trainer.network.parameters["0.bias"]
    np.testing.assert_allclose(maps[0][:, 2, 7], np.tanh(z))
    np.testing.assert_allclose(maps[-1], probe.plane_grid(trainer, 12, 6), atol=1e-15)


def test_several_outputs_have_a_grid_each() -> None:
    network = NetworkSpec((DenseSpec(3),), "softmax", "cross_entropy")
    grid = probe.plane_grid(trained(RunSpec(DataSpec("pinwheel"), network)))
    assert grid.shape == (3, 64, 64)
    np.testing.assert_allclose(grid.sum(axis=0), 1)


def test_curves_run_from_end_to_end_of_the_domain() -> None:
    trainer = trained(RunSpec(DataSpec("sine"), NetworkSpec((DenseSpec(3), DenseSpec(2)), "linear")))
    curve = probe.curve_grid(trainer, 5)
    np.testing.assert_allclose(curve, trainer.network.forward([[-6], [-3], [0], [3], [6]]).T)
    assert [layer.shape for layer in probe.unit_curves(trainer)] == [(3, 64), (2, 64), (1, 64)]
    np.testing.assert_allclose(probe.unit_curves(trainer, 5)[-1], curve)


def test_predictions_are_the_outputs_for_the_test_samples() -> None:
    network = NetworkSpec((DenseSpec(8, "relu"),), "softmax", "cross_entropy")
    trainer = trained(RunSpec(DataSpec("digits", 200), network))
    np.testing.assert_allclose(probe.test_predictions(trainer), trainer.network.forward(trainer.dataset.x_test))


@pytest.mark.parametrize("samples", [100, 2000, 5000])
def test_the_spread_of_a_unit_is_its_standard_deviation_over_the_training_data(samples: int) -> None:
    trainer = trained(RunSpec(data=DataSpec(samples=samples, train_fraction=0.9)))
    parameters, a = trainer.network.parameters, trainer.dataset.x_train
    expected = []
    for index in range(3):
        a = np.tanh(a @ parameters[f"{index}.weight"] + parameters[f"{index}.bias"])
        expected.append(a.std(axis=0))
    np.testing.assert_allclose(probe.unit_spread(trainer), np.concatenate(expected), rtol=1e-9)


def test_the_spread_of_a_constant_unit_is_exactly_zero() -> None:
    trainer = Trainer(RunSpec())
    trainer.network.parameters["0.weight"][...] = 0
    trainer.network.parameters["0.bias"][...] = [0.3, -0.07, 1e-30, 0.9]
    assert not probe.unit_spread(trainer).any()


def test_large_networks_are_looked_at_in_chunks() -> None:
    trainer = Trainer(RunSpec(network=NetworkSpec((DenseSpec(64),) * 20)))
    assert trainer.network.chunk < 24 * 24
    maps = probe.unit_maps(trainer)
    one_by_one = trainer.network.forward([[-5.75, 5.75], [5.75, -5.75]])[:, 0]
    np.testing.assert_allclose([maps[-1][0, 0, 0], maps[-1][0, -1, -1]], one_by_one)


def test_overflow_is_shown_as_it_is_and_raises_nothing() -> None:
    trainer = Trainer(RunSpec(network=NetworkSpec((DenseSpec(2, "relu"),), "linear")))
    for name in ("0.weight", "1.weight"):
        trainer.network.parameters[name][...] = 1e300
    assert np.isinf(probe.plane_grid(trainer)).any()
    assert np.isnan(probe.unit_spread(trainer)[-1])


def test_a_plane_is_refused_where_the_network_has_no_two_inputs() -> None:
    trainer = Trainer(RunSpec(DataSpec("sine"), NetworkSpec((), "linear")))
    with pytest.raises(ValueError, match="refused: the network has 1 inputs"):
        probe.plane_grid(trainer)


def test_every_activation_can_be_looked_at_at_either_precision() -> None:
    for name in (name for name, entry in ACTIVATIONS.items() if entry.hidden):
        trainer = Trainer(RunSpec(network=NetworkSpec((DenseSpec(3, name),)), dtype="float32"))
        assert probe.unit_maps(trainer)[0].dtype == np.float32
