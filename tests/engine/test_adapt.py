"""A patch changes what it names, and what it does not name follows where it would not fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.activations import ACTIVATIONS
from engine.adapt import with_changes
from engine.data.table import DATASETS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.spec import DataSpec, DenseSpec, NetworkSpec, RunSpec, SpecError, TrainingSpec


def test_a_patch_changes_the_fields_that_it_names_and_no_other() -> None:
    run = with_changes(RunSpec(), {"training.learning_rate": 0.1, "network.hidden.1.units": 3, "seed": 5})
    assert run == RunSpec(
        network=NetworkSpec((DenseSpec(4), DenseSpec(3))), training=TrainingSpec(learning_rate=0.1), seed=5
    )


def test_a_star_means_every_hidden_layer() -> None:
    run = with_changes(RunSpec(), {"network.hidden.*.activation": "relu"})
    assert [layer.activation for layer in run.network.hidden] == ["relu", "relu"]
    assert run.network.output_activation == "tanh"


def test_a_patch_with_one_refused_field_changes_nothing() -> None:
    run = RunSpec()
    with pytest.raises(SpecError):
        with_changes(run, {"training.learning_rate": 0.1, "training.batch_size": 0})
    assert run == RunSpec()


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("training.colour", "training.colour"),
        ("network.hidden.2.units", "network.hidden.2.units"),
        ("network.hidden.-1.units", "network.hidden.-1.units"),
        ("network.hidden.*", "network.hidden.*"),
        ("network.hidden.0", "network.hidden.0"),
        ("network.hidden.0.kind", "network.hidden.0.kind"),
        ("network.hidden", "network.hidden"),
        ("version", "version"),
        ("training", "training"),
        ("seed.bits", "seed.bits"),
        ("x" * 5000, "x" * 40),
        ("", "changes"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_by_name(path: str, field: str) -> None:
    with pytest.raises(SpecError) as caught:
        with_changes(RunSpec(), {path: 1})
    assert caught.value.field == field


def test_cross_entropy_brings_softmax_and_softmax_brings_cross_entropy() -> None:
    for changes in ({"network.loss": "cross_entropy"}, {"network.output_activation": "softmax"}):
        network = with_changes(RunSpec(), changes).network
        assert (network.loss, network.output_activation) == ("cross_entropy", "softmax")


def test_a_squared_error_after_softmax_brings_the_output_that_suits_the_data() -> None:
    softmax = with_changes(RunSpec(), {"network.loss": "cross_entropy"})
    assert with_changes(softmax, {"network.loss": "squared_error"}).network.output_activation == "tanh"


def test_loss_and_output_activation_that_are_both_named_do_not_follow() -> None:
    with pytest.raises(SpecError, match="must be softmax with the loss cross_entropy"):
        with_changes(RunSpec(), {"network.loss": "cross_entropy", "network.output_activation": "tanh"})


def test_a_data_set_of_another_kind_brings_loss_output_features_and_samples() -> None:
    run = with_changes(RunSpec(data=DataSpec(noise=0.2)), {"data.name": "digits"})
    assert (run.network.loss, run.network.output_activation) == ("cross_entropy", "softmax")
    assert (run.data.features, run.data.samples, run.data.noise) == ((), 1797, 0.0)
    back = with_changes(run, {"data.name": "circle"})
    assert back == RunSpec()


def test_a_data_set_of_the_same_kind_leaves_the_rest_alone() -> None:
    run = with_changes(RunSpec(), {"network.loss": "cross_entropy", "data.features": ["x", "xy"], "data.samples": 77})
    assert with_changes(run, {"data.name": "spiral"}).data == DataSpec("spiral", 77, features=("x", "xy"))
    assert with_changes(run, {"data.name": "spiral"}).network == run.network


def test_a_sample_count_that_was_chosen_stays_as_far_as_the_data_reach() -> None:
    run = RunSpec(data=DataSpec(samples=700))
    assert with_changes(run, {"data.name": "digits"}).data.samples == 700
    assert with_changes(run, {"data.name": "iris"}).data.samples == 150


def test_a_two_input_set_needs_a_feature() -> None:
    with pytest.raises(SpecError, match="must name at least one feature"):
        with_changes(RunSpec(), {"data.features": []})


def test_another_optimizer_keeps_the_coefficients_of_the_same_name() -> None:
    momentum = RunSpec(training=TrainingSpec(optimizer="momentum", optimizer_options={"momentum": 0.5}))
    nesterov = with_changes(momentum, {"training.optimizer": "nesterov"})
    assert nesterov.training.optimizer_options == {"momentum": 0.5}
    adam = with_changes(nesterov, {"training.optimizer": "adam", "training.optimizer_options.beta1": 0.8})
    assert adam.training.optimizer_options == {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-8}


def test_a_coefficient_that_the_optimizer_lacks_is_refused() -> None:
    with pytest.raises(SpecError, match=r"training\.optimizer_options\.beta1 0\.5 refused: unknown, as sgd takes"):
        with_changes(RunSpec(), {"training.optimizer_options.beta1": 0.5})


def test_another_activation_drops_the_options_of_the_old_one() -> None:
    leaky = with_changes(RunSpec(), {"network.hidden.*.activation": "leaky_relu"})
    set_leak = with_changes(leaky, {"network.hidden.0.activation_options.negative_slope": 0.2})
    assert set_leak.network.hidden[0].activation_options == {"negative_slope": 0.2}
    assert with_changes(set_leak, {"network.hidden.*.activation": "tanh"}) == RunSpec()


SINGLE_CHANGES = [
    *({"data.name": name} for name in DATASETS),
    *({"network.output_activation": name} for name, entry in ACTIVATIONS.items() if entry.output),
    *({"network.hidden.*.activation": name} for name, entry in ACTIVATIONS.items() if entry.hidden),
    *({"training.optimizer": name} for name in OPTIMIZERS),
    *({"network.loss": name} for name in LOSSES),
]


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(SINGLE_CHANGES), max_size=8))
def test_a_menu_choice_is_refused_only_where_the_task_forbids_it(changes: list[dict[str, str]]) -> None:
    run = RunSpec()
    for change in changes:
        try:
            run = with_changes(run, change)
        except SpecError:
            assert DATASETS[run.data.name].task == "regression"
            assert change.keys() <= {"network.loss", "network.output_activation"}
