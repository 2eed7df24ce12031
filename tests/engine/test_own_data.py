"""A user's own data: what is refused, what a spec says of them, how they are split and drawn."""

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DataSpec, OwnData, RunSpec, SpecError, Trainer, load_dataset, probe
from engine.adapt import with_changes
from engine.catalog import catalog
from engine.data.own import MAX_CLASSES, MAX_INPUTS
from tests.engine.brought import PLACES, SIDES, drawn, run_on, table, trained

# What is refused

PAIR = [[0.0, 1.0], [2.0, 3.0]]
NAMES = tuple(f"n{index}" for index in range(99))
REFUSALS: dict[str, tuple[tuple[Any, ...], str]] = {
    "one row": ((("x", "y"), [[1, 2]], [0], ("a", "b")), "data.own.samples 1 refused: must be at least 2"),
    "no rows": ((("x",), np.empty((0, 1)), []), "data.own.samples 0 refused: must be at least 2"),
    "too many rows": (
        (("x",), np.zeros((20_001, 1)), np.arange(20_001)), "data.own.samples 20001 refused: must be at most 20,000",
    ),
    "too many inputs": (
        (NAMES[: MAX_INPUTS + 1], np.zeros((2, MAX_INPUTS + 1)), [0, 1]),
        "data.own.inputs 33 refused: must be at most 32 inputs",
    ),
    "no input": (((), np.empty((2, 0)), [0, 1]), "data.own.inputs 0 refused: must be at least 1 inputs"),
    "too many classes": (
        (("x", "y"), PAIR, [0, 1], NAMES[: MAX_CLASSES + 1]), "data.own.classes 11 refused: must be at most 10 classes",
    ),
    "one class named": ((("x", "y"), PAIR, [0, 0], ("a",)), "data.own.classes 1 refused: must be at least 2 classes"),
    "one class present": (
        (("x", "y"), PAIR, [1, 1], ("a", "b")),
        "labels 1 refused: must be of at least two classes: with one there is nothing to tell apart",
    ),
    "one number": (
        (("x", "y"), PAIR, [0.5, 0.5]),
        "labels 0.5 refused: must differ: with one number for all there is nothing to learn",
    ),
    "a class that is not there": (
        (("x", "y"), PAIR, [0, 2], ("a", "b")), "labels 2.0 refused: must be class indices from 0 to 1",
    ),
    "half a class": ((("x", "y"), PAIR, [0, 0.5], ("a", "b")), "labels 0.5 refused: must be class indices from 0 to 1"),
    "a hole": (
        (("height", "weight"), [[0, 1], [2, math.nan]], [0, 1]),
        "points nan refused: must be finite numbers up to 1e+30: row 2, weight, is not",
    ),
    "an infinite target": (
        (("x", "y"), PAIR, [0, math.inf]),
        "labels inf refused: must be finite numbers up to 1e+30: row 2, the label, is not",
    ),
    "a number that cannot be drawn": (
        (("x", "y"), [[0, 1], [-1e300, 0]], [0, 1]),
        "points -1e+300 refused: must be finite numbers up to 1e+30: row 2, x, is not",
    ),
    "text": ((("x", "y"), [["a", "b"], ["c", "d"]], [0, 1]), 'points "something" refused: must be numbers'),
    "ragged rows": ((("x", "y"), [[1], [2, 3]], [0, 1]), 'points "something" refused: must be numbers'),
    "a column too few": (
        (("x", "y", "z"), PAIR, [0, 1]),
        "points [2, 2] refused: must have 3 columns, one an input, and 2 rows, one a label",
    ),
    "two columns of one name": ((("x", "x"), PAIR, [0, 1]), 'data.own.inputs.1 "x" refused: must be named once only'),
    "a nameless column": (
        (("x", ""), PAIR, [0, 1]), 'data.own.inputs.1 "" refused: must be a name of 1 to 60 characters',
    ),
    "a range that falls": (
        (("x", "y"), PAIR, [0, 1], (), [(0, 1), (6, -6)]),
        "ranges.1 [6, -6] refused: must be two rising numbers up to 1e+30",
    ),
    "a range too few": ((("x", "y"), PAIR, [0, 1], (), [(0, 1)]), "ranges 1 refused: must be 2, one an input"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_trained_on_is_refused_in_a_sentence(arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        OwnData(*arguments)
    assert str(caught.value) == sentence


def test_the_most_that_is_allowed_is_taken() -> None:
    rows = 20_000
    own = OwnData(NAMES[:MAX_INPUTS], np.ones((rows, MAX_INPUTS)), np.arange(rows) % 10, NAMES[:MAX_CLASSES])
    assert Trainer(run_on(own), own=own).step().step == 1


def test_a_declared_class_may_be_empty_as_long_as_two_are_not() -> None:
    own = drawn(classes=("a", "b", "c"))
    assert run_on(own).outputs == 3


# What a spec says of them


@pytest.mark.parametrize("own", [drawn(), table(), table(classes=0)], ids=["drawn", "classes", "numbers"])
def test_a_run_on_own_data_is_plain_and_describes_them_without_carrying_them(own: OwnData) -> None:
    run = run_on(own)
    plain = json.loads(json.dumps(run.to_dict()))
    assert RunSpec.from_dict(plain) == run
    assert plain["data"]["own"].keys() == {"inputs", "classes", "samples", "digest"}
    assert len(json.dumps(plain["data"])) < 1_000


def test_a_run_on_another_data_set_says_nothing_of_own_data() -> None:
    assert "own" not in RunSpec().to_dict()["data"]


@pytest.mark.parametrize(
    ("own", "form", "loss", "output", "outputs"),
    [
        (drawn(), "plane", "half_squared_error", "tanh", 1),
        (table(2, 0), "plane", "half_squared_error", "linear", 1),
        (table(2, 3), "plane", "cross_entropy", "softmax", 3),
        (table(1, 0), "curve", "half_squared_error", "linear", 1),
        (table(1, 2), "samples", "half_squared_error", "tanh", 1),
        (table(4, 2), "samples", "half_squared_error", "tanh", 1),
        (table(4, 0), "samples", "half_squared_error", "linear", 1),
    ],
)
def test_form_loss_and_output_follow_from_columns_and_classes(
    own: OwnData, form: str, loss: str, output: str, outputs: int
) -> None:
    run = run_on(own)
    assert run.data.record.form == form
    assert (run.network.loss, run.network.output_activation, run.outputs) == (loss, output, outputs)
    assert (run.data.samples, run.data.noise) == (own.shape.samples, 0.0)


def test_two_columns_of_any_name_feed_features_and_others_feed_themselves() -> None:
    assert run_on(table(2)).data.inputs == ("x", "y")
    assert run_on(table(3)).data.inputs == ("column 0", "column 1", "column 2")
    featured = with_changes(RunSpec(), {"data.features": ["x", "xy"]})
    assert run_on(drawn(), featured).data.inputs == ("x", "xy")
    assert run_on(table(3), featured).data.inputs == ("column 0", "column 1", "column 2")


def test_a_loss_that_was_chosen_stays_where_the_kind_of_data_is_the_same() -> None:
    softmax = with_changes(RunSpec(), {"network.loss": "cross_entropy"})
    assert run_on(drawn(), softmax).network == softmax.network
    assert run_on(table(2, 0), softmax).network.loss == "half_squared_error"


def test_another_data_set_leaves_own_data_behind() -> None:
    assert with_changes(run_on(drawn()), {"data.name": "circle"}) == RunSpec()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"data.name": "own"}, r"data\.own null refused: must describe the data that were brought"),
        ({"data.own": {}}, r"data\.own .* cannot be changed: it describes the data that were brought"),
        ({"data.own.samples": 3}, r"data\.own\.samples 3 refused: cannot be changed"),
        ({"data.noise": 0.1}, r"data\.noise 0\.1 refused: must be 0"),
        ({"network.loss": "cross_entropy"}, r"network\.loss .*with own, a regression set"),
    ],
)
def test_a_patch_cannot_bring_or_bend_own_data(changes: dict[str, Any], sentence: str) -> None:
    run = RunSpec() if "data.name" in changes else run_on(table(2, 0))
    with pytest.raises(SpecError, match=sentence):
        with_changes(run, changes)


@pytest.mark.parametrize(
    ("field", "value"),
    [("inputs", []), ("inputs", "xy"), ("inputs", [1]), ("classes", ["a"]), ("samples", 1), ("samples", "many"),
     ("digest", 5), ("digest", "d" * 99), ("colour", "blue"), ("digest", None)],
)  # fmt: skip
def test_a_description_that_breaks_a_rule_is_refused_by_field(field: str, value: object) -> None:
    plain = run_on(drawn()).to_dict()
    plain["data"]["own"][field] = value
    with pytest.raises(SpecError) as caught:
        RunSpec.from_dict(plain)
    assert caught.value.field.startswith(f"data.own.{field}")


def test_a_description_belongs_to_the_name_own_alone() -> None:
    with pytest.raises(SpecError, match=r"data\.own .* must be left out with circle"):
        DataSpec(own=drawn().shape)


def test_a_described_run_without_its_data_is_refused_and_so_are_other_data() -> None:
    run = run_on(drawn())
    with pytest.raises(SpecError, match=r"data\.own .* a spec describes a user's own data, but does not carry them"):
        Trainer(run)
    for other in (drawn(PLACES + 1), drawn(labels=1 - SIDES), drawn(classes=("a", "b"))):
        with pytest.raises(SpecError, match=r"data\.own .* must describe the data that were brought"):
            Trainer(run, own=other)
    with pytest.raises(SpecError, match=r"data\.own .* must describe the data that were brought"):
        Trainer(RunSpec(), own=drawn())


def test_own_data_are_equal_by_content_and_can_be_sent_to_another_process() -> None:
    own = drawn()
    sent = pickle.loads(pickle.dumps(own))
    assert (sent, hash(sent)) == (own, hash(own))
    assert sent != drawn(PLACES + 1)
    there, here = (Trainer(run_on(own), own=each).dataset.x_train for each in (sent, own))
    np.testing.assert_array_equal(there, here)
    with pytest.raises(ValueError, match="read-only"):
        own.points[0] = 0


def test_what_was_given_is_copied() -> None:
    places = PLACES.copy()
    own = drawn(places)
    places += 1
    np.testing.assert_array_equal(own.points, PLACES)


# The split


def sides(own: OwnData, seed: int = 0, fraction: float = 0.5) -> dict[tuple[float, ...], bool]:
    """Point -> whether it is trained on."""
    data = with_changes(run_on(own), {"data.train_fraction": fraction}).data
    loaded = load_dataset(data, seed, own)
    trained_on = {tuple(point): True for point in loaded.points_train.tolist()}
    return trained_on | {tuple(point): False for point in loaded.points_test.tolist()}


def test_the_split_follows_from_the_seed_and_the_fraction() -> None:
    own = drawn()
    assert sides(own) == sides(own)
    assert sides(own) != sides(own, seed=1)
    assert sum(sides(own, fraction=0.8).values()) == 48
    most, half = sides(own, fraction=0.8), sides(own)
    assert all(most[point] for point in half if half[point])


@settings(deadline=None)
@given(st.data())
def test_points_that_come_or_go_leave_the_others_on_their_side_of_the_split(data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.integers(0, 59), min_size=20, max_size=60, unique=True))
    if len(set(SIDES[kept])) < 2:
        return
    before, after = sides(drawn()), sides(drawn(PLACES[kept], SIDES[kept]))
    # Their order by the seed is the same; only where it is cut moves with their number.
    first = [point for point in before if point in after]
    assert first == list(after)


def test_fewer_samples_than_there_are_is_a_choice_by_the_seed() -> None:
    own = drawn()
    data = with_changes(run_on(own), {"data.samples": 10}).data
    loaded = load_dataset(data, 0, own)
    whole = load_dataset(run_on(own).data, 0, own)
    assert (len(loaded.x_train), len(loaded.x_test)) == (5, 5)
    np.testing.assert_array_equal(loaded.x_train, whole.x_train[:5])


# What is drawn


def test_the_plane_shows_the_ranges_that_were_given() -> None:
    assert Trainer(run_on(drawn()), own=drawn()).dataset.domain == ((-6, 6), (-6, 6))


def test_the_plane_shows_round_ranges_that_hold_the_points_where_none_were_given() -> None:
    people = np.column_stack((np.linspace(151.3, 198.7, 30), np.linspace(0.011, 0.089, 30)))
    assert drawn(people, SIDES[:30], ranges=None).ranges == ((145, 205), (0, 0.1))


@settings(deadline=None)
@given(st.lists(st.floats(-1e30, 1e30), min_size=2, max_size=5))
def test_a_range_always_holds_its_points_and_is_never_empty(column: list[float]) -> None:
    ((low, high),) = OwnData(("x",), [[x] for x in column], np.arange(len(column))).ranges
    assert low <= min(column) <= max(column) <= high
    assert low < high


def test_maps_lie_over_the_datas_own_range() -> None:
    places = PLACES * 10 + 100
    own = drawn(places, ranges=None)
    (left, right), (bottom, top) = own.ranges
    assert left < 60
    trainer = trained(own, 0)
    corner = [[left + (right - left) / 8, top - (top - bottom) / 4]]
    expected = trainer.network.forward(np.array(corner))[0, 0]
    assert probe.plane_grid(trainer, 4, 2)[0, 0, 0] == pytest.approx(expected)
    assert probe.unit_maps(trainer, 4, 2)[-1][0, 0, 0] == pytest.approx(expected)


def test_one_column_of_numbers_is_a_curve_over_its_range() -> None:
    own = table(1, 0)
    trainer = trained(own)
    ((low, high),) = own.ranges
    ends = trainer.network.forward(np.array([[low], [high]]))[:, 0]
    np.testing.assert_allclose(probe.curve_grid(trainer, 5)[0, [0, -1]], ends)


def test_many_columns_show_predictions() -> None:
    assert probe.test_predictions(trained(table(5, 3))).shape == (20, 3)


# The page


def test_the_page_learns_the_limits_through_the_catalog() -> None:
    told = catalog()["own_data"]
    assert told["limits"] == {
        "inputs": 32, "classes": 10, "samples": [2, 20_000], "name": 60, "number": 1e30,
    }  # fmt: skip
    assert "own" not in catalog()["datasets"]
    assert told["title"] == table().shape.record.title
