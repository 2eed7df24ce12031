"""Where a number came from: what the inspector shows adds up to what the engine trained with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    DataSpec,
    DenseSpec,
    NetworkSpec,
    RunSpec,
    SpecError,
    Trainer,
    TrainingSpec,
)
from engine.inspection import Inspection, Subject, check_gradient, inspect, stages, walk_stage
from engine.schedules import SCHEDULES
from tests.engine.shown import adds_up, block, equations

HIDDEN = sorted(name for name, entry in ACTIVATIONS.items() if entry.hidden)
RUN = RunSpec(
    data=DataSpec(samples=60),
    network=NetworkSpec(hidden=(DenseSpec(3, "tanh"), DenseSpec(3, "sigmoid"))),
    training=TrainingSpec(batch_size=5, learning_rate=0.1),
)


def with_layers(**fields: object) -> RunSpec:
    hidden = tuple(replace(layer, **fields) for layer in RUN.network.hidden)
    return replace(RUN, network=replace(RUN.network, hidden=hidden))


def with_training(**fields: object) -> RunSpec:
    return replace(RUN, training=replace(RUN.training, **fields))


def computed(run: RunSpec, steps: int = 3) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    trainer.compute()
    return trainer


def parameters(trainer: Trainer) -> list[tuple[Subject, str, tuple[int, ...]]]:
    """Every parameter as a subject, and its place in the engine's tensors."""
    found = []
    for name, tensor in trainer.network.parameters.items():
        index, _, kind = name.partition(".")
        layer = trainer.layers[int(index)]
        for place in np.ndindex(*tensor.shape):
            origin = place[0] if kind == "weight" else None
            found.append((Subject(kind, layer.id, layer.unit_ids[place[-1]], origin), name, place))
    return found


def units(trainer: Trainer) -> list[Subject]:
    return [Subject("unit", layer.id, unit) for layer in trainer.layers for unit in layer.unit_ids]


def everything(trainer: Trainer, sample: int = 1) -> list[Inspection]:
    subjects = [subject for subject, _, _ in parameters(trainer)] + units(trainer) + [Subject("loss")]
    walked = [walk_stage(trainer, stage, sample) for stage in range(len(stages(len(trainer.layers))))]
    return [inspect(trainer, subject, sample) for subject in subjects] + walked


def assert_all_adds_up(trainer: Trainer) -> None:
    """What is shown adds up, and its results are the engine's gradients, updates and new weights."""
    found = everything(trainer)
    assert [each.numbers for one in found for each in equations(one) if not adds_up(each)] == []
    arena, named = trainer.network.arena, trainer.network.plan.named
    gradients, updates = named(arena.gradients), named(trainer.updates)
    old = {name: tensor.copy() for name, tensor in trainer.network.parameters.items()}
    shown = []
    for subject, name, place in parameters(trainer):
        one = inspect(trainer, subject, 1)
        gradient, update = block(one, "Gradient"), block(one, "Update")
        assert gradient.equations[0].value == gradients[name][place]
        assert gradient.terms is not None
        assert sum(row[-1] for row in gradient.terms.rows) == pytest.approx(gradients[name][place], rel=1e-9, abs=1e-15)
        assert update.equations[-1].value == old[name][place] + updates[name][place]
        shown.append((name, place, update.equations[-1].value))
    trainer.apply()
    for name, place, new in shown:
        assert trainer.network.parameters[name][place] == new


@pytest.mark.parametrize("name", HIDDEN)
def test_the_numbers_of_every_activation_add_up(name: str) -> None:
    assert_all_adds_up(computed(with_layers(activation=name)))


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_the_numbers_of_every_loss_add_up_for_each_output_that_it_goes_with(name: str) -> None:
    for output in LOSSES[name].output_activations:
        data = DataSpec(name="pinwheel" if output == "softmax" else "circle", samples=60)
        network = NetworkSpec(hidden=(DenseSpec(3, "tanh"),), output_activation=output, loss=name)
        assert_all_adds_up(computed(replace(RUN, data=data, network=network)))


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_the_numbers_of_every_optimizer_add_up(name: str) -> None:
    assert_all_adds_up(computed(with_training(optimizer=name)))


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_the_first_step_of_every_optimizer_adds_up(name: str) -> None:
    assert_all_adds_up(computed(with_training(optimizer=name), steps=0))


@pytest.mark.parametrize("name", sorted(SCHEDULES))
def test_the_learning_rate_of_every_schedule_is_the_one_that_is_trained_with(name: str) -> None:
    trainer = computed(with_training(schedule=name), steps=7)
    assert_all_adds_up(trainer)
    if SCHEDULES[name].changes:
        first = block(inspect(trainer_at(trainer), parameters(trainer)[0][0]), "Update").equations[0]
        assert first.value == trainer.learning_rate


def trainer_at(trainer: Trainer) -> Trainer:
    trainer.compute()
    return trainer


@pytest.mark.parametrize(
    "fields",
    [
        {"normalization": "batch"},
        {"normalization": "layer"},
        {"units": 2, "residual": True},
        {"dropout": 0.4},
        {"units": 2, "normalization": "batch", "residual": True, "dropout": 0.3},
        {"units": 2, "normalization": "layer", "residual": True, "dropout": 0.3},
    ],
    ids=str,
)
def test_the_terms_of_normalisation_dropout_and_skip_add_up(fields: dict[str, object]) -> None:
    assert_all_adds_up(computed(with_layers(**fields)))


@pytest.mark.parametrize(
    "fields",
    [
        {"l1": 0.01, "l2": 0.02},
        {"clip_value": 0.01},
        {"clip_norm": 0.01},
        {"clip_norm": 100.0},
        {"l2": 0.1, "clip_value": 0.05, "clip_norm": 0.02, "gradient_noise": 0.1},
        {"max_norm": 0.3},
        {"max_norm": 30.0},
        {"input_noise": 0.3},
    ],
    ids=str,
)
def test_what_comes_between_gradient_and_update_adds_up(fields: dict[str, object]) -> None:
    assert_all_adds_up(computed(with_training(**fields)))


def test_an_image_of_many_inputs_adds_up_in_its_table() -> None:
    data = DataSpec(name="digits", samples=100)
    network = NetworkSpec(hidden=(DenseSpec(2, "relu"),), output_activation="softmax", loss="cross_entropy")
    trainer = computed(replace(RUN, data=data, network=network))
    forward = block(inspect(trainer, units(trainer)[0]), "Forward")
    assert forward.terms is not None
    assert len(forward.terms.rows) == 64
    bias = trainer.network.parameters["0.bias"][0]
    assert sum(row[-1] for row in forward.terms.rows) + bias == pytest.approx(forward.equations[0].value)


def test_terms_lead_from_a_weight_forward_to_the_loss() -> None:
    trainer = computed(RUN)
    one, reached = inspect(trainer, parameters(trainer)[0][0]), []
    while True:
        signal = block(one, "Error signal")
        links = [link for link in (signal.terms.links if signal.terms else []) if link]
        links += [each.link for each in signal.equations if each.link]
        if not links:
            break
        reached.append(links[0])
        one = inspect(trainer, links[0])
        if links[0].kind == "loss":
            break
    assert [link.layer for link in reached] == [2, 0, None]
    assert one.title == "Loss"


@pytest.mark.parametrize("steps", [0, 4])
def test_a_nudged_parameter_confirms_the_gradient_and_leaves_no_trace(steps: int) -> None:
    trainer = computed(with_layers(normalization="batch", dropout=0.3), steps)
    before = trainer.network.parameters["0.weight"].copy(), trainer.updates.copy()
    for subject, _, _ in parameters(trainer):
        check = check_gradient(trainer, subject)
        assert check.numeric == pytest.approx(check.analytic, rel=1e-5, abs=1e-9)
    assert np.array_equal(before[0], trainer.network.parameters["0.weight"])
    assert np.array_equal(before[1], trainer.updates)


def test_looking_changes_nothing_of_what_follows() -> None:
    watched, alone = computed(RUN), computed(RUN)
    everything(watched)
    for trainer in (watched, alone):
        trainer.apply()
        trainer.step()
    assert np.array_equal(watched.network.arena.parameters, alone.network.arena.parameters)


def test_a_walk_names_its_stages_forward_and_back() -> None:
    assert stages(2) == ["Batch", "Forward 1", "Forward 2", "Loss", "Backward 2", "Backward 1", "Update"]


def test_a_gradient_that_is_wrong_by_a_thousandth_does_not_add_up() -> None:
    trainer = computed(RUN)
    shown = block(inspect(trainer, units(trainer)[0]), "Forward").equations[0]
    parts = shown.numbers.split(" = ")
    assert adds_up(shown)
    assert not adds_up(replace(shown, numbers=f"{parts[0]} = {parts[1]} = {1.01 * float(parts[2]):.4f}"))


@pytest.mark.parametrize(
    ("subject", "field"),
    [
        (Subject("weight", 99, 1, 0), "layer"),
        (Subject("unit", 1, 99), "unit"),
        (Subject("weight", 1, 1, 2), "from"),
        (Subject("weight", 1, 1), "from"),
        (Subject("scale", 1, 1), "kind"),
    ],
)
def test_what_is_not_there_is_refused_by_name(subject: Subject, field: str) -> None:
    with pytest.raises(SpecError, match=rf"^{field} "):
        inspect(computed(RUN), subject)


def test_a_sample_or_a_stage_that_is_not_there_is_refused_with_the_range() -> None:
    trainer = computed(RUN)
    with pytest.raises(SpecError, match=r"^sample 5 refused: must be from 0 to 4"):
        inspect(trainer, Subject("loss"), 5)
    with pytest.raises(SpecError, match=r"^stage 9 refused: must be from 0 to 8"):
        walk_stage(trainer, 9)
