"""What a run spec takes, what it refuses, and that it survives being sent."""

import contextlib
import json
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS
from engine.data.features import FEATURES
from engine.data.table import DATASETS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.spec import LIMITS, DataSpec, DenseSpec, NetworkSpec, RunSpec, SpecError, TrainingSpec


def chosen_options(options: Any) -> st.SearchStrategy[dict[str, float]]:
    ranges = {
        name: st.floats(option.minimum, option.maximum, exclude_min=option.exclusive_minimum)
        for name, option in options.items()
    }
    return st.fixed_dictionaries({}, optional=ranges)


@st.composite
def layers(draw: st.DrawFn) -> DenseSpec:
    activation = draw(st.sampled_from([name for name, entry in ACTIVATIONS.items() if entry.hidden]))
    units = draw(st.integers(1, 40))
    return DenseSpec(
        units=units,
        activation=activation,
        activation_options=draw(chosen_options(ACTIVATIONS[activation].options)),
        init=draw(st.sampled_from(list(INITIALIZERS))),
        init_gain=draw(st.floats(0, 100)),
        bias_init=draw(st.floats(-100, 100)),
        normalization=draw(st.sampled_from(["none", "layer"])) if units > 1 else "none",
        dropout=draw(st.floats(0, 0.95)),
    )


@st.composite
def data_sets(draw: st.DrawFn) -> DataSpec:
    name = draw(st.sampled_from(list(DATASETS)))
    record = DATASETS[name]
    features = st.lists(st.sampled_from(list(FEATURES)), unique=True) if record.features else st.just([])
    return DataSpec(
        name=name,
        samples=draw(st.integers(10, LIMITS["samples"])),
        noise=draw(st.floats(0, 0.5)) if record.noise else 0.0,
        train_fraction=draw(st.floats(0.1, 0.9)),
        features=tuple(draw(features)),
    )


@st.composite
def runs(draw: st.DrawFn) -> RunSpec:
    data = draw(data_sets())
    loss = draw(st.sampled_from([n for n, entry in LOSSES.items() if DATASETS[data.name].task in entry.tasks]))
    output = draw(st.sampled_from(list(LOSSES[loss].output_activations)))
    optimizer = draw(st.sampled_from(list(OPTIMIZERS)))
    schedule = draw(st.sampled_from(list(SCHEDULES)))
    clip = st.none() | st.floats(1e-3, 1e6)
    return RunSpec(
        data=data,
        network=NetworkSpec(
            tuple(draw(st.lists(layers(), max_size=5))), output, loss,
            loss_options=draw(chosen_options(LOSSES[loss].options)),
        ),
        training=TrainingSpec(
            optimizer=optimizer,
            learning_rate=draw(st.floats(1e-9, 1000)),
            batch_size=draw(st.integers(1, LIMITS["batch_size"])),
            shuffle=draw(st.sampled_from(["none", "once", "epoch"])),
            optimizer_options=draw(chosen_options(OPTIMIZERS[optimizer].options)),
            clip_value=draw(clip),
            clip_norm=draw(clip),
            schedule=schedule,
            schedule_options=draw(chosen_options(SCHEDULES[schedule].options)),
            max_norm=draw(clip),
            label_smoothing=draw(st.floats(0, 0.9)) if LOSSES[loss].probabilities else 0.0,
            input_noise=draw(st.floats(0, 10)),
            gradient_noise=draw(st.floats(0, 100)),
            patience=draw(st.none() | st.integers(1, 100_000)),
        ),
        seed=draw(st.integers(0, LIMITS["seed"])),
        dtype=draw(st.sampled_from(["float64", "float32"])),
    )


@settings(deadline=None)  # the machine may be busy
@given(runs())
def test_a_run_comes_back_the_same_from_its_dict_through_json_and_through_a_pickle(run: RunSpec) -> None:
    sent = json.loads(json.dumps(run.to_dict(), allow_nan=False))
    assert sent == run.to_dict()
    assert RunSpec.from_dict(sent) == run
    assert hash(RunSpec.from_dict(sent)) == hash(run)
    assert pickle.loads(pickle.dumps(run)) == run


def test_the_default_run_is_the_circle_learned_by_four_and_two_tanh_units() -> None:
    run = RunSpec()
    assert (run.data.name, run.data.samples, run.data.noise, run.data.features) == ("circle", 500, 0.0, ("x", "y"))
    assert [(layer.units, layer.activation) for layer in run.layers] == [(4, "tanh"), (2, "tanh"), (1, "tanh")]
    assert (run.network.loss, run.training.optimizer) == ("half_squared_error", "sgd")
    assert (run.training.learning_rate, run.training.batch_size, run.training.shuffle) == (0.03, 10, "epoch")
    assert run.parameters == (2 + 1) * 4 + (4 + 1) * 2 + (2 + 1) * 1


def test_fields_left_out_of_a_dict_get_their_defaults() -> None:
    assert RunSpec.from_dict({"version": 1}) == RunSpec()
    assert RunSpec.from_dict({"version": 1, "network": {"hidden": [{"kind": "dense", "units": 3}]}}) == RunSpec(
        network=NetworkSpec((DenseSpec(3),))
    )


def test_options_that_are_not_given_are_filled_in_from_the_table() -> None:
    given = TrainingSpec(optimizer="adam", optimizer_options={"beta2": 0.99})
    assert given.optimizer_options == {"beta1": 0.9, "beta2": 0.99, "epsilon": 1e-8}
    assert DenseSpec(2, "leaky_relu").activation_options == {"negative_slope": 0.01}


def test_whole_numbers_and_numpy_scalars_count_as_numbers() -> None:
    assert TrainingSpec(learning_rate=1) == TrainingSpec(learning_rate=1.0)
    spec = DenseSpec(np.int64(3), init_gain=np.float32(0.5))
    assert type(spec.units) is int
    assert type(spec.init_gain) is float


@pytest.mark.parametrize(
    ("data", "output", "outputs"),
    [
        ("circle", "tanh", 1),
        ("circle", "sigmoid", 1),
        ("pinwheel", "tanh", 3),
        ("plane", "linear", 1),
        ("digits", "sigmoid", 10),
    ],
)
def test_the_number_of_outputs_follows_from_the_data_set(data: str, output: str, outputs: int) -> None:
    run = RunSpec(data=DataSpec(data), network=NetworkSpec(output_activation=output))
    assert run.outputs == outputs == run.layers[-1].units


def test_softmax_gives_two_classes_two_outputs() -> None:
    assert RunSpec(network=NetworkSpec(output_activation="softmax", loss="cross_entropy")).outputs == 2


def test_a_real_data_set_gives_at_most_what_it_holds() -> None:
    assert DataSpec("iris", samples=500).total_samples == 150
    assert DataSpec("digits", samples=500).total_samples == 500


REFUSED: list[tuple[str, str, object, str]] = [
    ("training.learning_rate", "must be above 0", -1, "training"),
    ("training.learning_rate", "must be above 0", 0, "training"),
    ("training.learning_rate", "must be a finite number", float("nan"), "training"),
    ("training.learning_rate", "must be a finite number", float("inf"), "training"),
    ("training.learning_rate", "must be a number", "abc", "training"),
    ("training.learning_rate", "must be a number", True, "training"),
    ("training.learning_rate", "must be a number", None, "training"),
    ("training.learning_rate", "must be at most 1,000", 10**400, "training"),
    ("training.batch_size", "must be a whole number", 10.0, "training"),
    ("training.batch_size", "must be at least 1", 0, "training"),
    ("training.batch_size", "must be at most 1,024", 1025, "training"),
    ("training.optimizer", "must be one of " + ", ".join(OPTIMIZERS), "lamb", "training"),
    ("training.optimizer", "must be one of " + ", ".join(OPTIMIZERS), ["sgd"], "training"),
    ("training.optimizer_options", "must be an object of named numbers", 3, "training"),
    ("training.optimizer_options.beta1", "unknown, as sgd takes no options", 0.9, "training.optimizer_options"),
    ("training.shuffle", "must be one of none, once, epoch", "always", "training"),
    ("training.method", "must be gradient", "evolution", "training"),
    ("training.clip_norm", "must be above 0", 0, "training"),
    ("training.l2", "must be at least 0", -0.1, "training"),
    ("data.name", "must be one of " + ", ".join(DATASETS), "mnist", "data"),
    ("data.samples", "must be at most 20,000", 20001, "data"),
    ("data.noise", "must be at most 0.5", 0.6, "data"),
    ("data.features", "must be a list of features", "xy", "data"),
    ("data.features.1", "must be named once only", "x", "data.features"),
    ("data.features.1", "must be one of x, y, x2, y2, xy, sin_x, sin_y", 7, "data.features"),
    ("network.hidden", "must be a list of layers", {}, "network"),
    ("network.hidden.0", "must be an object", 4, "network.hidden"),
    ("network.hidden.0.kind", "must be dense", "conv", "network.hidden.0"),
    ("network.hidden.0.units", "must be at most 128", 129, "network.hidden.0"),
    ("network.hidden.0.units", "must be a whole number", "4", "network.hidden.0"),
    ("network.hidden.0.init_gain", "must be at least 0", -1, "network.hidden.0"),
    ("network.output_activation", "must be softmax with the loss cross_entropy", None, "loss"),
    ("seed", "must be a whole number", 1.5, ""),
    ("seed", "must be at least 0", -1, ""),
    ("dtype", "must be one of float64, float32", "float16", ""),
    ("data", "must be an object", [], ""),
]


@pytest.mark.parametrize(("field", "rule", "value", "place"), REFUSED)
def test_a_refused_value_is_named_with_its_field_and_its_rule(
    field: str, rule: str, value: object, place: str
) -> None:
    sent: dict[str, Any] = RunSpec().to_dict()
    name = field.rpartition(".")[2]
    match place:
        case "":
            sent[name] = value
        case "loss":
            sent["network"]["loss"] = "cross_entropy"
        case "training.optimizer_options":
            sent["training"]["optimizer_options"] = {name: value}
        case "data.features":
            sent["data"]["features"] = ["x", value]
        case "network.hidden":
            sent["network"]["hidden"] = [value]
        case "network.hidden.0":
            sent["network"]["hidden"][0][name] = value
        case _:
            sent[place][name] = value
    with pytest.raises(SpecError) as caught:
        RunSpec.from_dict(sent)
    assert (caught.value.field, caught.value.rule) == (field, rule)
    assert str(caught.value).endswith(f" refused: {rule}")


def test_the_sentence_of_an_error_holds_field_value_and_rule() -> None:
    with pytest.raises(SpecError, match=r"^training\.learning_rate -1 refused: must be above 0$"):
        TrainingSpec(learning_rate=-1)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(SpecError("seed", -1, "must be at least 0")))
    assert (error.field, error.value, error.rule) == ("seed", -1, "must be at least 0")


def test_the_sentence_stays_short_and_on_one_line_whatever_was_sent() -> None:
    sent: list[object] = [10**5000, [10**5000], "x\n" * 10_000, "\ud800", {"a": "b" * 5000}, None]
    for value in sent:
        sentence = str(SpecError("seed", value, "must be a whole number"))
        assert len(sentence) < 120
        assert "\n" not in sentence
        assert sentence.encode().decode() == sentence


@pytest.mark.parametrize("part", ["", "data", "network", "training"])
def test_an_unknown_field_is_refused_in_every_part(part: str) -> None:
    sent: dict[str, Any] = RunSpec().to_dict()
    (sent[part] if part else sent)["colour"] = "red"
    with pytest.raises(SpecError, match=r"colour .* refused: unknown"):
        RunSpec.from_dict(sent)


@pytest.mark.parametrize("version", [0, 2, "1", True, 1.0, None])
def test_another_version_is_refused(version: object) -> None:
    with pytest.raises(SpecError, match="must be 1"):
        RunSpec.from_dict(RunSpec().to_dict() | {"version": version})


@pytest.mark.parametrize("sent", [None, [], "spec", 1, {}])
def test_what_is_no_spec_at_all_is_refused(sent: object) -> None:
    with pytest.raises(SpecError):
        RunSpec.from_dict(sent)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
PATHS = [
    *((part, name) for part in ("data", "network", "training") for name in RunSpec().to_dict()[part]),
    *((name,) for name in RunSpec().to_dict()),
]


@settings(deadline=None)
@given(st.sampled_from(PATHS), json_values)
def test_any_value_in_any_field_is_either_refused_or_taken_as_it_is(path: tuple[str, ...], value: object) -> None:
    sent: dict[str, Any] = RunSpec().to_dict()
    inner = sent
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with contextlib.suppress(SpecError):
        run = RunSpec.from_dict(sent)
        assert RunSpec.from_dict(run.to_dict()) == run


def test_the_limits_of_a_network_hold() -> None:
    NetworkSpec((DenseSpec(1),) * 64)
    with pytest.raises(SpecError, match=r"network\.hidden 65 refused: must be at most 64 layers"):
        NetworkSpec((DenseSpec(1),) * 65)
    with pytest.raises(SpecError, match="must come to at most 500,000 parameters"):
        RunSpec(network=NetworkSpec((DenseSpec(128),) * 40))


def test_softmax_is_no_hidden_activation() -> None:
    with pytest.raises(SpecError, match=r"network\.hidden\.1\.activation"):
        NetworkSpec((DenseSpec(2), DenseSpec(2, "softmax")))


def test_features_belong_to_two_input_sets_alone() -> None:
    with pytest.raises(SpecError, match="must be empty: iris has inputs of its own"):
        DataSpec("iris", features=("x", "y"))
    assert DataSpec("sine").inputs == ("x",)
    assert DataSpec("circle", features=("xy", "x")).inputs == ("xy", "x")


def test_measured_data_take_no_noise() -> None:
    with pytest.raises(SpecError, match=r"data\.noise 0\.1 refused: must be 0: digits is measured"):
        DataSpec("digits", noise=0.1)


@pytest.mark.parametrize("fraction", [0.01, 0.99])
def test_the_split_leaves_samples_on_both_sides(fraction: float) -> None:
    with pytest.raises(SpecError, match="must leave at least one training and one test sample of 10"):
        DataSpec(samples=10, train_fraction=fraction)


def test_a_loss_must_suit_the_task() -> None:
    with pytest.raises(SpecError, match=r"network\.loss .* must be one of half_squared_error, squared_error, "):
        RunSpec(data=DataSpec("plane"), network=NetworkSpec((), "softmax", "cross_entropy"))


def test_parts_must_be_specs() -> None:
    with pytest.raises(SpecError, match=r"training .* must be a TrainingSpec"):
        RunSpec(training={"learning_rate": 1})  # a dict goes through from_dict, which checks it
