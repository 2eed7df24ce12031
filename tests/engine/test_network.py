import numpy as np
import pytest

from engine import DenseSpec, Network, SpecError


def small(dtype: type = np.float64, loss: str = "binary_cross_entropy", output: str = "sigmoid") -> Network:
    layers = (DenseSpec(units=4, activation="tanh"), DenseSpec(units=1, activation=output))
    return Network(layers, inputs=2, loss=loss, rng=np.random.default_rng(0), dtype=dtype)


X = np.random.default_rng(1).normal(size=(7, 2))
Y = (X[:, :1] > 0).astype(float)


def test_parameters_are_named_by_layer_and_shaped_fan_in_by_fan_out() -> None:
    shapes = {name: values.shape for name, values in small().parameters.items()}
    assert shapes == {"0.weight": (2, 4), "0.bias": (4,), "1.weight": (4, 1), "1.bias": (1,)}


def test_the_mapping_of_parameters_is_read_only_and_its_arrays_are_live() -> None:
    net = small()
    with pytest.raises(TypeError):
        net.parameters["0.weight"] = np.zeros((2, 4))  # type: ignore[index]  # what must fail
    net.parameters["1.weight"][...] = 0
    net.parameters["1.bias"][...] = 0
    np.testing.assert_allclose(net.forward(X), 0.5)


def test_the_arena_holds_layer_after_layer_weight_rows_then_bias() -> None:
    net = small()
    in_order = [net.parameters[name].reshape(-1) for name in ("0.weight", "0.bias", "1.weight", "1.bias")]
    np.testing.assert_array_equal(net.arena.parameters, np.concatenate(in_order))


def test_the_output_is_that_of_the_formulas() -> None:
    net = small()
    p = net.parameters
    hidden = np.tanh(X @ p["0.weight"] + p["0.bias"])
    expected = 1 / (1 + np.exp(-(hidden @ p["1.weight"] + p["1.bias"])))
    np.testing.assert_allclose(net.forward(X), expected, rtol=1e-14)


def test_the_output_does_not_depend_on_what_else_is_in_the_batch() -> None:
    net, many = small(), np.random.default_rng(2).normal(size=(3000, 2))
    whole = net.forward(many)
    np.testing.assert_allclose(whole[2990:], net.forward(many[2990:]), rtol=1e-14)


def test_the_loss_is_the_mean_over_the_batch() -> None:
    net = small()
    loss, _ = net.loss_and_gradients(X, Y)
    p = net.forward(X)
    assert loss == pytest.approx(-(Y * np.log(p) + (1 - Y) * np.log(1 - p)).mean())


def test_gradients_have_the_names_and_shapes_of_the_parameters_and_are_copies() -> None:
    net = small()
    _, first = net.loss_and_gradients(X, Y)
    assert {name: g.shape for name, g in first.items()} == {name: p.shape for name, p in net.parameters.items()}
    kept = {name: gradient.copy() for name, gradient in first.items()}
    net.loss_and_gradients(-X, Y)
    for name, gradient in kept.items():
        np.testing.assert_array_equal(first[name], gradient)


def test_targets_of_one_output_may_be_flat_and_classes_may_be_indices() -> None:
    net = small()
    assert net.loss_and_gradients(X, Y[:, 0])[0] == net.loss_and_gradients(X, Y)[0]
    layers = (DenseSpec(3, "relu"), DenseSpec(3, "softmax"))
    classes = np.array([0, 1, 2, 2, 1, 0, 0])
    net = Network(layers, 2, "cross_entropy", np.random.default_rng(0))
    assert net.loss_and_gradients(X, classes)[0] == net.loss_and_gradients(X, np.eye(3)[classes])[0]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_network_keeps_its_precision_throughout(dtype: type) -> None:
    net = small(dtype)
    assert net.forward(X).dtype == dtype
    assert {gradient.dtype for gradient in net.loss_and_gradients(X, Y)[1].values()} == {np.dtype(dtype)}
    assert {values.dtype for values in net.parameters.values()} == {np.dtype(dtype)}


def test_float32_and_float64_agree_to_the_digits_of_float32() -> None:
    single, double = small(np.float32), small()
    np.testing.assert_allclose(single.forward(X), double.forward(X), rtol=1e-5)
    rough, fine = (net.loss_and_gradients(X, Y)[1]["0.weight"] for net in (single, double))
    np.testing.assert_allclose(rough, fine, rtol=1e-4, atol=1e-7)


def test_the_generator_decides_the_weights_and_gain_and_bias_shape_them() -> None:
    layers = (DenseSpec(5, "tanh", init="normal", init_gain=3.0, bias_init=0.25), DenseSpec(1, "linear"))
    first, again = (Network(layers, 4, "squared_error", np.random.default_rng(9)) for _ in range(2))
    np.testing.assert_array_equal(first.arena.parameters, again.arena.parameters)
    np.testing.assert_allclose(first.parameters["0.weight"], 3 * np.random.default_rng(9).normal(0, 1, (4, 5)))
    np.testing.assert_array_equal(first.parameters["0.bias"], 0.25)


def test_many_batch_sizes_in_turn_give_the_same_as_each_alone() -> None:
    net = small()
    for size in (1, 2, 3, 4, 5, 6, 7, 1, 2):
        np.testing.assert_allclose(net.forward(X[:size]), net.forward(X)[:size], rtol=1e-14)
        loss, _ = net.loss_and_gradients(X[:size], Y[:size])
        fresh, _ = small().loss_and_gradients(X[:size], Y[:size])
        assert loss == fresh


@pytest.mark.parametrize(("x", "y", "said"), [
    (np.zeros((3, 5)), np.zeros((3, 1)), r"x of shape \(3, 5\) refused: must be \(batch, 2\)"),
    (np.zeros(2), np.zeros((1, 1)), r"x of shape \(2,\) refused"),
    (np.zeros((0, 2)), np.zeros((0, 1)), r"x of shape \(0, 2\) refused"),
    (np.zeros((3, 2)), np.zeros((2, 1)), r"y of shape \(2, 1\) refused: must be \(3, 1\)"),
])
def test_arrays_of_the_wrong_shape_are_refused(x: np.ndarray, y: np.ndarray, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        small().loss_and_gradients(x, y)


@pytest.mark.parametrize("y", [[0, 3], [-1, 0], [0.5, 1.0]])
def test_class_indices_that_are_none_of_the_outputs_are_refused(y: list[float]) -> None:
    net = Network((DenseSpec(3, "softmax"),), 2, "cross_entropy", np.random.default_rng(0))
    with pytest.raises(SpecError, match="must be class indices from 0 to 2, or one-hot"):
        net.loss_and_gradients(X[:2], y)


def test_targets_that_are_no_probabilities_are_refused_by_the_losses_that_need_them() -> None:
    with pytest.raises(SpecError, match="must be between 0 and 1, with binary_cross_entropy"):
        small().loss_and_gradients(X, 2 * Y - 1)
    net = Network((DenseSpec(3, "softmax"),), 2, "cross_entropy", np.random.default_rng(0))
    with pytest.raises(SpecError, match="sum to 1 for each sample"):
        net.loss_and_gradients(X, np.full((7, 3), 0.5))


@pytest.mark.parametrize(("layers", "loss", "field"), [
    ((), "squared_error", "layers"),
    ((DenseSpec(2, "softmax"), DenseSpec(1, "tanh")), "squared_error", "layers.0.activation"),
    ((DenseSpec(2, "softmax"),), "squared_error", "layers.0.activation"),
    ((DenseSpec(1, "tanh"),), "binary_cross_entropy", "layers.0.activation"),
    ((DenseSpec(1, "tanh"),), "hinges", "loss"),
])
def test_layers_and_losses_that_do_not_go_together_are_refused(
    layers: tuple[DenseSpec, ...], loss: str, field: str
) -> None:
    with pytest.raises(SpecError) as refused:
        Network(layers, 2, loss, np.random.default_rng(0))
    assert refused.value.field == field


def test_a_precision_other_than_float64_and_float32_is_refused() -> None:
    with pytest.raises(SpecError, match="dtype"):
        small(np.float16)
