"""Norms against exact arithmetic, where squares would leave the range of the numbers."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.kernels import Array
from engine.records import rows_of
from engine.telemetry import scaled_rms


def exact_rms(values: Array) -> Decimal:
    """The root mean square of the entries as they are, with fractions; only the root is rounded, to 40 digits."""
    entries = [Fraction(float(value)) for value in np.asarray(values).reshape(-1)]
    mean = sum((entry * entry for entry in entries), Fraction(0)) / len(entries)
    with localcontext() as context:
        context.prec, context.Emin, context.Emax = 60, -9999, 9999
        return (Decimal(mean.numerator) / Decimal(mean.denominator)).sqrt()


def assert_close(computed: float, exact: Decimal, relative: float = 1e-12) -> None:
    assert abs(Decimal(float(computed)) - exact) <= exact * Decimal(relative), f"{computed!r} is not {exact:.17g}"


def assert_all_norms_exact(trainer: Trainer, relative: float = 1e-12) -> None:
    """The computed record against the arrays of the computed pass."""
    record, plan = trainer.record, trainer.network.plan
    gradients, updates = plan.named(trainer.network.arena.gradients), plan.named(trainer.updates)
    for index, layer in enumerate(trainer.layers):
        weight = f"{index}.weight"
        assert_close(record.delta_rms[index], exact_rms(layer.deltas), relative)
        assert_close(record.gradient_rms[index], exact_rms(gradients[weight]), relative)
        assert_close(record.weight_rms[index], exact_rms(trainer.network.parameters[weight]), relative)
        assert_close(record.update_rms[index], exact_rms(updates[weight]), relative)


def trainer_of(hidden: tuple[DenseSpec, ...], dtype: str = "float64", **training: object) -> Trainer:
    network = NetworkSpec(hidden=hidden, output_activation="linear")
    return Trainer(RunSpec(network=network, training=TrainingSpec(**training), dtype=dtype))


def test_norms_are_exact_on_an_ordinary_network() -> None:
    trainer = trainer_of((DenseSpec(4, "tanh"), DenseSpec(3, "relu")))
    for _ in range(10):
        trainer.step()
    trainer.compute()
    assert_all_norms_exact(trainer)


def test_norms_are_exact_through_64_sigmoid_layers() -> None:
    trainer = trainer_of((DenseSpec(8, "sigmoid", init="uniform", init_gain=0.01),) * 64)
    trainer.compute()
    # So small that the squares of the first layers' errors are zero in float64.
    assert 0 < trainer.record.delta_rms[0] < 1e-170
    assert np.square(trainer.layers[0].deltas).sum() == 0
    assert_all_norms_exact(trainer)


def test_norms_of_64_sigmoid_layers_do_not_jump_where_the_scaled_computation_takes_over() -> None:
    trainer = trainer_of((DenseSpec(8, "sigmoid", init="uniform", init_gain=0.01),) * 64)
    ratios = np.log(trainer.step().delta_rms[:-1])
    assert np.abs(np.diff(ratios, 2)).max() < 1.5


@pytest.mark.parametrize("size", [1e150, 1e160, 1e-160, 1e-250])
def test_norms_neither_overflow_nor_underflow_for_entries_of_any_size(size: float) -> None:
    trainer = trainer_of((DenseSpec(3, "tanh"),), learning_rate=1e-5)
    trainer.network.parameters["0.weight"][...] *= size
    trainer.network.parameters["1.weight"][...] *= size if size < 1 else 1
    trainer.compute()
    assert_all_norms_exact(trainer)


def test_a_sum_of_squares_that_overflows_does_not_stop_a_run_of_finite_numbers() -> None:
    trainer = trainer_of((DenseSpec(3, "tanh"),))
    trainer.network.parameters["0.weight"][...] = 1e200
    assert trainer.step().weight_rms[0] == pytest.approx(1e200)


def test_tensors_of_zeros_have_norms_of_zero() -> None:
    trainer = trainer_of((DenseSpec(3, "tanh", init="zeros"), DenseSpec(3, "tanh", init="zeros")))
    record = trainer.step()
    assert record.weight_rms[0] == record.weight_rms[1] == record.delta_rms[0] == record.update_rms[0] == 0
    assert record.delta_rms[2] > 0


def test_norms_of_float32_are_those_of_its_numbers_however_small() -> None:
    trainer = trainer_of((DenseSpec(4, "sigmoid", init_gain=0.1),) * 16, dtype="float32")
    trainer.compute()
    assert trainer.record.delta_rms[0] < 1e-20  # its square is no float32
    assert_all_norms_exact(trainer, relative=1e-6)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_norms_of_a_wide_network_are_exact_though_summed_another_way(dtype: str) -> None:
    trainer = trainer_of((DenseSpec(128, "relu"), DenseSpec(128, "sigmoid", init_gain=1e-12)), dtype)
    trainer.network.parameters["0.bias"][...] = 1.0
    trainer.compute()
    assert_all_norms_exact(trainer, relative=1e-12 if dtype == "float64" else 1e-5)


def test_biases_do_not_count_in_norms() -> None:
    trainer = trainer_of((DenseSpec(4, "tanh"),))
    trainer.compute()
    before = trainer.record.weight_rms
    trainer.network.parameters["0.bias"][...] = 100.0
    trainer.compute()
    np.testing.assert_array_equal(trainer.record.weight_rms, before)


def test_the_row_holds_loss_then_delta_gradient_weight_update_of_every_layer() -> None:
    trainer = trainer_of((DenseSpec(4, "tanh"), DenseSpec(3, "tanh")))
    record = trainer.step()
    parts = [[record.loss], record.delta_rms, record.gradient_rms, record.weight_rms, record.update_rms]
    np.testing.assert_array_equal(record.values, np.concatenate(parts))
    assert record.values.dtype == np.float64
    assert {len(part) for part in parts[1:]} == {3}


def test_norms_of_a_smaller_last_batch_are_its_own() -> None:
    rng = np.random.default_rng(0)
    data = Dataset(rng.normal(size=(13, 2)), rng.normal(size=13), rng.normal(size=(4, 2)), rng.normal(size=4))
    run = RunSpec(data=DataSpec(name="plane"), network=NetworkSpec(output_activation="linear"))
    trainer = Trainer(run, dataset=data)
    for _ in range(5):
        trainer.compute()
        assert_all_norms_exact(trainer)
        trainer.apply()


@pytest.mark.parametrize(("layers", "dtype"), [
    ((DenseSpec(4, "tanh"), DenseSpec(3, "relu")), "float64"),
    ((DenseSpec(4, "sigmoid"),) * 8, "float32"),
    ((DenseSpec(8, "sigmoid", init="uniform", init_gain=0.01),) * 40, "float64"),  # its squares underflow
])  # fmt: skip
def test_a_row_has_the_same_bits_read_at_once_or_with_all_of_its_sheet(
    layers: tuple[DenseSpec, ...], dtype: str
) -> None:
    late, at_once = trainer_of(layers, dtype), trainer_of(layers, dtype)
    records, rows = [], []
    for _ in range(150):
        records.append(late.step())
        rows.append(at_once.step().values.copy())
    np.testing.assert_array_equal(rows_of(records), rows)
    np.testing.assert_array_equal([record.values for record in records], rows)


def test_a_record_keeps_its_numbers_whatever_is_computed_after_it() -> None:
    trainer = trainer_of((DenseSpec(4, "tanh"),))
    trainer.compute()
    record, weight = trainer.record, exact_rms(trainer.network.parameters["0.weight"])
    trainer.network.parameters["0.weight"][...] = 3.0
    trainer.compute()
    assert trainer.record.weight_rms[0] == 3
    assert_close(record.weight_rms[0], weight)


@pytest.mark.parametrize(("values", "expected"), [
    ([], 0.0), ([0.0, -0.0], 0.0), ([3.0, 4.0, 0.0, 0.0], 2.5), ([5e-324], 5e-324), ([1e308, -1e308], 1e308),
])
def test_the_scaled_root_mean_square_holds_at_the_ends_of_the_range(values: list[float], expected: float) -> None:
    assert scaled_rms(np.array(values)) == expected
