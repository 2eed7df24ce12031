"""Normalisation, dropout and residual connections: what they compute, and that they are right in both modes."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, DenseSpec, Network, NetworkSpec, RunSpec, SpecError, Trainer, TrainingSpec, surgery
from engine.adapt import with_changes
from engine.layers import LAYERS
from engine.layers.dense import Dense
from engine.normalizations import EPSILON

X = np.random.default_rng(1).normal(size=(9, 4))


def network(layer: DenseSpec, seed: int = 3) -> Network:
    output = DenseSpec(2, "linear")
    return Network((layer, output), 4, "half_squared_error", np.random.default_rng(seed))


def trainer(layer: DenseSpec, samples: int = 40, batch_size: int = 8, **training: object) -> Trainer:
    rng = np.random.default_rng(5)
    x = 3 + 2 * rng.normal(size=(samples, 4))
    y = np.sin(x[:, :1]) + x[:, 1:2] / 5
    network = NetworkSpec(hidden=(DenseSpec(4, "tanh"), layer), output_activation="linear")
    run = RunSpec(network=network, training=TrainingSpec(batch_size=batch_size, **training))
    return Trainer(run, dataset=Dataset(x, y, x[:5], y[:5]))


def test_parameters_of_a_normalised_layer_are_named_and_start_as_the_identity() -> None:
    net = network(DenseSpec(4, "tanh", normalization="batch"))
    assert list(net.parameters) == ["0.weight", "0.bias", "0.scale", "0.shift", "1.weight", "1.bias"]
    np.testing.assert_array_equal(net.parameters["0.scale"], 1)
    np.testing.assert_array_equal(net.parameters["0.shift"], 0)
    np.testing.assert_array_equal(net.arena.running, [0, 0, 0, 0, 1, 1, 1, 1])


def test_what_is_off_costs_nothing() -> None:
    assert type(LAYERS["dense"](DenseSpec(4, "tanh"), 4)) is Dense


def by_hand(net: Network, spec: DenseSpec, x: np.ndarray, training: bool) -> np.ndarray:
    """The output of a network of `network`, with arrays of (batch, units), without dropout."""
    p = net.parameters
    u = x @ p["0.weight"] + p["0.bias"]
    if spec.normalization != "none":
        axis = 0 if spec.normalization == "batch" else 1
        mean, variance = u.mean(axis, keepdims=True), u.var(axis, keepdims=True)
        if spec.normalization == "batch" and not training:
            mean, variance = net.arena.running.reshape(2, 4)
        u = p["0.scale"] * (u - mean) / np.sqrt(variance + EPSILON) + p["0.shift"]
    a = np.tanh(u) + (x if spec.residual else 0)
    return np.asarray(a @ p["1.weight"] + p["1.bias"])


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("residual", [False, True])
def test_outputs_and_training_loss_are_those_of_the_formulas(normalization: str, residual: bool) -> None:
    spec = DenseSpec(4, "tanh", normalization=normalization, residual=residual)
    net = network(spec)
    rng = np.random.default_rng(8)
    net.arena.parameters += 0.3 * rng.normal(size=net.plan.size)
    net.arena.running[...] += rng.uniform(0.1, 1, size=net.plan.running)
    np.testing.assert_allclose(net.forward(X), by_hand(net, spec, X, training=False), rtol=1e-12)
    y = np.ones((9, 2))
    loss, _ = net.loss_and_gradients(X, y)
    assert loss == pytest.approx(((by_hand(net, spec, X, training=True) - y) ** 2).sum(1).mean() / 2)


def test_running_statistics_move_a_tenth_of_the_way_with_each_applied_step() -> None:
    running = trainer(DenseSpec(3, "tanh", normalization="batch"))
    running.compute()
    np.testing.assert_array_equal(running.network.arena.running, [0, 0, 0, 1, 1, 1])
    p, a = running.network.parameters, running.layers[0].activations
    u = p["1.weight"].T @ a + p["1.bias"][:, None]
    mean, variance = u.mean(1), u.var(1, ddof=1)
    running.apply()
    np.testing.assert_allclose(running.network.arena.running, [*(0.1 * mean), *(0.9 + 0.1 * variance)], rtol=1e-12)


def test_running_statistics_converge_to_those_of_the_data() -> None:
    running = trainer(DenseSpec(3, "tanh", normalization="batch"), batch_size=40, learning_rate=1e-12)
    for _ in range(300):
        running.step()
    p = running.network.parameters
    a = np.tanh(running.dataset.x_train @ p["0.weight"] + p["0.bias"])
    u = a @ p["1.weight"] + p["1.bias"]
    np.testing.assert_allclose(running.network.arena.running, [*u.mean(0), *u.var(0, ddof=1)], rtol=1e-6)


def test_dropout_leaves_out_its_share_in_training_and_nothing_in_evaluation() -> None:
    net = network(DenseSpec(4, "linear", dropout=0.25))
    np.testing.assert_array_equal(net.forward(X), net.forward(X))
    layer = net.plan.layers[0]
    noise = np.empty((100, 2000))
    layer.draw(noise, np.random.default_rng(0))
    assert set(np.unique(noise)) == {0, 1 / 0.75}
    assert (noise == 0).mean() == pytest.approx(0.25, abs=0.005)
    assert noise.mean() == pytest.approx(1, abs=0.005)


def test_the_mean_of_many_dropped_passes_is_the_pass_without() -> None:
    net = network(DenseSpec(4, "tanh", dropout=0.4))
    y = np.zeros((9, 2))
    # The gradient of the output's bias is the mean output, which is linear in what was dropped.
    means = np.mean([net.loss_and_gradients(X, y)[1]["1.bias"] for _ in range(4000)], axis=0)
    np.testing.assert_allclose(means, net.forward(X).mean(0), atol=0.02)


def test_dropout_is_drawn_from_the_step_and_the_layer_alone() -> None:
    first, again = (trainer(DenseSpec(6, "relu", dropout=0.5)) for _ in range(2))
    for _ in range(4):
        first.compute()
        assert first.step().values.tobytes() == again.step().values.tobytes()


@pytest.mark.parametrize("layer", [
    DenseSpec(4, "relu", normalization="batch", dropout=0.3, residual=True),
    DenseSpec(4, "sigmoid", normalization="layer"),
    DenseSpec(4, "tanh", normalization="batch"),
])
def test_all_of_it_comes_back_with_the_state(layer: DenseSpec) -> None:
    running, other = trainer(layer, optimizer="adam"), trainer(layer, optimizer="adam")
    for _ in range(7):
        running.step()
    other.load_state(running.state())
    for _ in range(4):
        assert running.step().values.tobytes() == other.step().values.tobytes()
    assert running.network.arena.running.tobytes() == other.network.arena.running.tobytes()


def test_a_residual_layer_passes_on_what_it_reads_and_delta_stops_at_its_activation() -> None:
    running = trainer(DenseSpec(4, "tanh", residual=True))
    running.compute()
    below, layer = running.layers[:2]
    np.testing.assert_allclose(layer.activations, np.tanh(layer.pre_activations) + below.activations, rtol=1e-13)
    slope = 1 - np.tanh(layer.pre_activations) ** 2
    np.testing.assert_allclose(layer.deltas, layer.upstream * slope, rtol=1e-13)
    weight = running.network.parameters["1.weight"]
    np.testing.assert_allclose(below.upstream, weight @ layer.deltas + layer.upstream, rtol=1e-12)


# Surgery


def trained(**options: object) -> Trainer:
    hidden = (DenseSpec(4, "tanh", normalization="batch", **options), DenseSpec(4, "tanh"))
    running = Trainer(RunSpec(network=NetworkSpec(hidden=hidden), training=TrainingSpec(optimizer="adam")))
    for _ in range(30):
        running.step()
    return running


def test_a_unit_keeps_its_scale_shift_and_statistics_when_others_come_and_go() -> None:
    before = trained()
    shorter = surgery.remove_unit(before, 1, 2)
    longer = surgery.add_unit(shorter, 1)
    for name in ("scale", "shift"):
        old, new = (each.network.parameters[f"0.{name}"] for each in (before, longer))
        np.testing.assert_array_equal(new[:3], old[[0, 2, 3]])
        assert new[3] == (1 if name == "scale" else 0)
    old, new = (each.network.arena.running.reshape(2, 4) for each in (before, longer))
    np.testing.assert_array_equal(new[:, :3], old[:, [0, 2, 3]])
    np.testing.assert_array_equal(new[:, 3], [0, 1])
    old, new = (each.network.plan.named(each.optimizer.current["mean"])["0.scale"] for each in (before, longer))
    np.testing.assert_array_equal(new[:3], old[[0, 2, 3]])


@pytest.mark.parametrize("changes", [
    {"network.hidden.0.normalization": "layer"},
    {"network.hidden.*.normalization": "batch"},
    {"network.hidden.1.residual": True},
    {"network.hidden.*.dropout": 0.3},
    {"network.hidden.0.activation": "relu", "network.hidden.1.dropout": 0.5},
])
def test_options_are_switched_while_the_run_goes_on_and_weights_stay(changes: dict[str, object]) -> None:
    before = trained()
    after = surgery.change(before, with_changes(before.run, changes))
    assert after.steps == before.steps
    for name in ("0.weight", "0.bias", "1.weight", "1.bias", "2.weight"):
        np.testing.assert_array_equal(after.network.parameters[name], before.network.parameters[name])
    for _ in range(30):
        after.step()


def test_a_layer_that_is_inserted_is_bare() -> None:
    before = trained(dropout=0.2)
    after = surgery.add_layer(before, 1)
    layer = after.run.network.hidden[1]
    assert (layer.normalization, layer.dropout, layer.residual) == ("none", 0.0, False)


# What is refused


@pytest.mark.parametrize(("hidden", "training", "field", "rule"), [
    ((DenseSpec(3, residual=True),), {}, "network.hidden.0.residual", "3 units that read 2"),
    ((DenseSpec(3), DenseSpec(4, residual=True)), {}, "network.hidden.1.residual", "4 units that read 3"),
    ((DenseSpec(3), DenseSpec(3, normalization="batch")), {"batch_size": 1}, "network.hidden.1.normalization",
     "training.batch_size is 1"),
    ((DenseSpec(3, normalization="batch"),), {"batch_size": 83}, "network.hidden.0.normalization",
     "250 samples in batches of 83 leave one"),
])
def test_options_that_do_not_fit_are_refused(
    hidden: tuple[DenseSpec, ...], training: dict[str, int], field: str, rule: str
) -> None:
    with pytest.raises(SpecError) as refused:
        RunSpec(network=NetworkSpec(hidden=hidden), training=TrainingSpec(**training))
    assert refused.value.field == field
    assert rule in refused.value.rule


@pytest.mark.parametrize(("field", "value", "rule"), [
    ("normalization", "group", "must be one of none, batch, layer"),
    ("dropout", 0.99, "must be at most 0.95"),
    ("dropout", -0.1, "must be at least 0"),
    ("residual", 1, "must be true or false"),
])
def test_a_value_that_is_none_of_an_option_s_is_refused(field: str, value: object, rule: str) -> None:
    with pytest.raises(SpecError) as refused:
        DenseSpec(4, **{field: value})
    assert (refused.value.field, refused.value.rule) == (field, rule)


def test_layer_normalisation_needs_two_units() -> None:
    with pytest.raises(SpecError, match=r'normalization "layer" refused: must not be layer with a single unit'):
        DenseSpec(1, normalization="layer")


def test_a_given_dataset_that_leaves_a_batch_of_one_is_refused_with_batch_normalisation() -> None:
    with pytest.raises(SpecError, match="41 samples in batches of 8 leave one"):
        trainer(DenseSpec(4, normalization="batch"), samples=41)


def test_a_network_refuses_to_normalise_a_batch_of_one_in_training_and_does_it_in_evaluation() -> None:
    net = network(DenseSpec(4, "tanh", normalization="batch"))
    with pytest.raises(ValueError, match="batch normalisation needs at least two"):
        net.loss_and_gradients(X[:1], np.ones((1, 2)))
    assert np.isfinite(net.loss_and_gradients(X[:1], np.ones((1, 2)), training=False)[0])


@pytest.mark.parametrize("option", [{"normalization": "batch"}, {"dropout": 0.5}, {"residual": True}])
def test_the_output_layer_takes_no_options(option: dict[str, object]) -> None:
    with pytest.raises(SpecError, match=r"in the output layer"):
        Network((DenseSpec(2), DenseSpec(2, "linear", **option)), 2, "squared_error", np.random.default_rng(0))
