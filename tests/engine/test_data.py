"""Data sets: their geometry, and what stays in place when a setting is changed."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from engine.checks import SpecError
from engine.data import DATASETS, FEATURES, Dataset, load_dataset
from engine.data.multi_gauss import height as height_at
from engine.data.record import Draw
from engine.data.targets import network_targets
from engine.spec import DataSpec, NetworkSpec, RunSpec

GENERATED = [name for name, record in DATASETS.items() if record.available is None]
TWO_CLASSES = [name for name, record in DATASETS.items() if len(record.classes) == 2]
MEASURED = [name for name, record in DATASETS.items() if record.available is not None]


def points_of(name: str, samples: int = 400, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return DATASETS[name].generate(samples, noise, Draw(seed))


@pytest.mark.parametrize("name", DATASETS)
def test_the_same_spec_and_seed_give_the_same_bits_and_another_seed_does_not(name: str) -> None:
    first, again, other = (load_dataset(DataSpec(name), seed) for seed in (3, 3, 4))
    for part in ("x_train", "y_train", "x_test", "y_test", "points_train", "points_test"):
        np.testing.assert_array_equal(getattr(first, part), getattr(again, part))
    assert not np.array_equal(first.x_train, other.x_train)


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_has_the_shapes_and_labels_that_its_record_tells(name: str) -> None:
    record, data = DATASETS[name], DataSpec(name, samples=150, train_fraction=0.3)
    loaded = load_dataset(data, 0)
    assert loaded.x_train.shape == (45, len(record.inputs))
    assert loaded.x_test.shape == (105, len(record.inputs))
    labels = np.concatenate((loaded.y_train, loaded.y_test))
    if record.task == "classification":
        assert set(labels.tolist()) == set(range(len(record.classes)))
    else:
        assert labels.dtype == np.float64


@pytest.mark.parametrize("name", [name for name in GENERATED if name not in ("spiral",)])
def test_more_samples_extend_a_data_set(name: str) -> None:
    few, labels = points_of(name, 100, 0.2)
    many, more_labels = points_of(name, 300, 0.2)
    np.testing.assert_array_equal(many[:100], few)
    np.testing.assert_array_equal(more_labels[:100], labels)


def test_more_samples_stand_closer_along_the_spiral() -> None:
    few, many = points_of("spiral", 100)[0], points_of("spiral", 200)[0]
    np.testing.assert_allclose(many[::4], few[::2])
    np.testing.assert_allclose(many[1::4], few[1::2])


@pytest.mark.parametrize("name", ["circle", "xor", "plane", "multi_gauss", "sine", "step", "cubic"])
def test_noise_leaves_the_points_in_place_and_changes_labels(name: str) -> None:
    clean, labels = points_of(name, noise=0.0)
    noisy, changed = points_of(name, noise=0.5)
    np.testing.assert_array_equal(clean, noisy)
    assert np.count_nonzero(labels != changed) > 0


@pytest.mark.parametrize("name", ["gauss", "spiral", "moons", "pinwheel"])
def test_noise_moves_each_point_in_proportion_and_keeps_its_label(name: str) -> None:
    clean, labels = points_of(name, noise=0.0)
    slightly, same = points_of(name, noise=0.01)
    np.testing.assert_array_equal(labels, same)
    assert 0 < np.abs(slightly - clean).max() < 0.5


@pytest.mark.parametrize("name", TWO_CLASSES)
def test_two_classes_are_about_equally_many(name: str) -> None:
    assert 0.4 < points_of(name, 1000)[1].mean() < 0.6


def test_the_circle_is_a_disc_of_half_the_radius_inside_a_ring() -> None:
    points, labels = points_of("circle", 1000)
    radius = np.hypot(*points.T)
    assert radius[labels == 1].max() < 2.5
    assert radius[labels == 0].min() >= 3.5
    assert 4.9 < radius.max() < 5


def test_exclusive_or_labels_the_sign_of_the_product_and_keeps_off_the_axes() -> None:
    points, labels = points_of("xor", 1000)
    np.testing.assert_array_equal(labels, points[:, 0] * points[:, 1] > 0)
    assert np.abs(points).min() >= 0.3
    assert 5.2 < np.abs(points).max() <= 5.3


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_gauss_clouds_lie_around_two_and_minus_two_with_the_noise_as_variance(noise: float, variance: float) -> None:
    points, labels = points_of("gauss", 20_000, noise)
    for label, centre in ((1, 2.0), (0, -2.0)):
        cloud = points[labels == label]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.06)
        np.testing.assert_allclose(cloud.var(axis=0), variance, rtol=0.05)


def test_the_spirals_make_one_and_three_quarter_turns_out_to_a_radius_of_five() -> None:
    points, labels = points_of("spiral", 1000)
    arm = points[labels == 1]
    np.testing.assert_allclose(np.hypot(*arm.T), 5 * np.arange(500) / 500, atol=1e-12)
    turns = np.unwrap(np.arctan2(*arm[1:].T)) / (2 * np.pi)
    assert turns[-1] - turns[0] == pytest.approx(1.75, abs=0.01)
    np.testing.assert_allclose(points[labels == 0], -arm, atol=1e-12)


def test_the_plane_rises_by_a_tenth_a_unit() -> None:
    points, targets = points_of("plane")
    np.testing.assert_allclose(targets, points.sum(axis=1) / 10)
    assert 5.5 < np.abs(points).max() <= 6


@pytest.mark.parametrize(
    ("place", "height"), [((-4, 2.5), 1), ((0, 2.5), -1), ((4, -2.5), -1), ((0, -1.5), 0.5), ((2, 0), 0), ((6, 6), 0)]
)
def test_the_peaks_are_cones_of_radius_two(place: tuple[float, float], height: float) -> None:
    assert height_at(np.array([place], dtype=float))[0] == pytest.approx(height)


def test_the_curves_follow_their_formulas() -> None:
    x, y = points_of("sine")
    np.testing.assert_allclose(y, np.sin(x[:, 0]))
    x, y = points_of("step")
    np.testing.assert_array_equal(y, np.sign(x[:, 0]))
    x, y = points_of("cubic", 5000)
    assert np.std(y - (4 * (x[:, 0] / 6) ** 3 - 3 * (x[:, 0] / 6))) == pytest.approx(0.1, rel=0.05)


def test_iris_is_standardised_and_digits_lie_between_zero_and_one() -> None:
    flowers, species = points_of("iris", 150)
    np.testing.assert_allclose(flowers.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(flowers.std(axis=0), 1)
    assert np.bincount(species).tolist() == [50, 50, 50]
    images, digits = points_of("digits", 1797)
    assert (images.min(), images.max()) == (0, 1)
    assert np.bincount(digits).min() >= 174


@pytest.mark.parametrize("name", MEASURED)
def test_measured_data_name_their_source_and_licence_and_are_drawn_once_each(name: str) -> None:
    record = DATASETS[name]
    assert record.source
    assert record.licence == "CC BY 4.0"
    few, many = points_of(name, 20)[0], points_of(name, record.available or 0)[0]
    np.testing.assert_array_equal(many[:20], few)


def test_another_train_fraction_moves_only_the_samples_between() -> None:
    half, most = (load_dataset(DataSpec(train_fraction=fraction), 0) for fraction in (0.5, 0.8))
    np.testing.assert_array_equal(most.x_train[:250], half.x_train)
    np.testing.assert_array_equal(most.x_test, half.x_test[150:])


def test_more_noise_keeps_the_split() -> None:
    clean, noisy = (load_dataset(DataSpec("plane", noise=noise), 0) for noise in (0.0, 0.4))
    np.testing.assert_array_equal(clean.x_train, noisy.x_train)


def test_training_samples_come_in_mixed_order() -> None:
    assert 0.4 < load_dataset(DataSpec("circle"), 0).y_train[:100].mean() < 0.6


def test_features_are_computed_from_the_raw_points_which_are_kept() -> None:
    loaded = load_dataset(DataSpec(features=tuple(FEATURES)), 1)
    x, y = loaded.points_train.T
    expected = np.column_stack((x, y, x**2, y**2, x * y, np.sin(x), np.sin(y)))
    np.testing.assert_allclose(loaded.x_train, expected)
    np.testing.assert_array_equal(load_dataset(DataSpec(features=("y",)), 1).x_train[:, 0], y)


@pytest.mark.parametrize(
    ("data", "output", "loss", "expected"),
    [
        ("circle", "tanh", "half_squared_error", [[-1], [1], [1]]),
        ("circle", "sigmoid", "binary_cross_entropy", [[0], [1], [1]]),
        ("circle", "softmax", "cross_entropy", [[1, 0], [0, 1], [0, 1]]),
        ("pinwheel", "tanh", "squared_error", [[1, -1, -1], [-1, 1, -1], [-1, 1, -1]]),
    ],
)
def test_targets_follow_from_loss_and_output_activation(
    data: str, output: str, loss: str, expected: list[list[float]]
) -> None:
    run = RunSpec(DataSpec(data), NetworkSpec((), output, loss))
    np.testing.assert_array_equal(network_targets(run, np.array([0, 1, 1])), expected)


def test_targets_of_regression_are_the_values_themselves() -> None:
    run = RunSpec(DataSpec("sine"), NetworkSpec((), "linear"))
    np.testing.assert_array_equal(network_targets(run, np.array([0.5, -2.0])), [[0.5], [-2.0]])


def test_a_data_set_of_ones_own_takes_lists_and_keeps_class_indices_whole() -> None:
    own = Dataset([[0, 1], [1, 0]], [0, 1], [[1, 1]], [1])
    assert own.x_train.dtype == np.float64
    assert own.y_train.dtype == np.int64
    assert own.points_train is own.x_train


def test_a_data_set_can_be_sent_to_another_process_and_not_be_written_to() -> None:
    own = pickle.loads(pickle.dumps(load_dataset(DataSpec(), 0)))
    assert own.x_train.shape == (250, 2)
    with pytest.raises(ValueError, match="read-only"):
        load_dataset(DataSpec(), 0).x_train[0] = 0


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (([1, 2], [0, 1], [[1]], [1]), r"dataset\.x_train \(2,\) refused: must have 2 dimensions"),
        (([[1], [2]], [0], [[1]], [1]), r"dataset\.y_train \(1,\) refused: must have 2 rows, as x_train"),
        (([[1]], [0], [[1, 2]], [1]), r"dataset\.x_test \(1, 2\) refused: must have as many columns as x_train"),
        (([[1]], [[0]], [[1]], [1]), r"dataset\.y_test \(1,\) refused: must have as many columns as y_train"),
        (([[float("nan")]], [0], [[1]], [1]), r"dataset\.x_train .* must hold finite numbers only"),
        (([["a"]], [0], [[1]], [1]), r"dataset\.x_train .* must be numbers"),
        (([[1]], [0], np.empty((0, 1)), []), r"dataset\.x_test \(0, 1\) refused: must hold at least one sample"),
    ],
)
def test_arrays_that_do_not_go_together_are_refused(arrays: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        Dataset(*arrays)


def test_a_spec_of_fewer_samples_splits_them_whole() -> None:
    spec = replace(DataSpec(), samples=7)
    loaded = load_dataset(spec, 0)
    assert (len(loaded.x_train), len(loaded.x_test)) == (spec.train_samples, 7 - spec.train_samples)
