"""Frames are coherent, maps are true, and both are what was asked for."""

from dataclasses import replace

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer
from engine.distributions import BINS
from engine.factors import factors
from engine.probe import plane_grid
from engine.shares import shares_of_batch
from engine.spectrum import singular_values
from server import lane, messages
from server.codec import encode_picture
from server.messages import FRAME_SECTIONS, ON_REQUEST
from server.pictures import Data
from server.session import Session
from server.watcher import Subscription
from tests.server.sessions import (
    Clock,
    advance,
    do,
    frame,
    layout,
    now,
    only,
    rows,
    session,
    small,
    train,
    wait,
)


def test_a_newcomer_gets_spec_layout_data_and_status_in_this_order() -> None:
    events = session().hello_events()
    assert [type(event) for event in events] == [
        messages.Spec, messages.Layout, Data, messages.Verdicts, messages.Marks, messages.Branches, messages.Status,
    ]  # fmt: skip
    status = only(events, messages.Status)
    assert (status.state, status.pace, status.step, status.undo, status.redo) == ("paused", 240.0, 0, None, None)


def test_the_layout_places_every_tensor_where_the_arena_has_it() -> None:
    target = session()
    (trainer,) = target.trainers
    described = layout(target)
    arena = trainer.network.arena.parameters
    for index, layer in enumerate(described.layers):
        weight = trainer.network.parameters[f"{index}.weight"]
        assert np.array_equal(arena[layer["weight"] : layer["bias"]].reshape(layer["fan_in"], layer["units"]), weight)
        bias = arena[layer["bias"] : layer["bias"] + layer["units"]]
        assert np.array_equal(bias, trainer.network.parameters[f"{index}.bias"])
    assert described.parameters == arena.size
    assert [layer["id"] for layer in described.layers] == [1, 2, 0]
    assert described.data["batches"] == 3


def test_a_frame_shows_the_parameters_after_n_steps_and_the_update_that_follows() -> None:
    target = session(small(optimizer="momentum", l2=0.01))
    train(target, 3)
    now = frame(target)
    train(target, 1)
    after = frame(target)
    assert (now.step, after.step) == (3, 4)
    parameters, updates = (now.sections[name].astype(np.float64) for name in ("parameters", "updates"))
    assert np.allclose(parameters + updates, after.sections["parameters"], rtol=0, atol=1e-6)


def test_a_frames_gradient_is_that_of_the_signals_beside_it() -> None:
    target = session()
    train(target, 4)
    shown = frame(target)
    described = layout(target)
    above = shown.sections["inputs"].reshape(-1, shown.rows).astype(np.float64)
    for layer in described.layers:
        units = slice(layer["unit"], layer["unit"] + layer["units"])
        deltas = shown.sections["deltas"].reshape(-1, shown.rows)[units].astype(np.float64)
        gradient = shown.sections["gradients"][layer["weight"] : layer["bias"]].reshape(layer["fan_in"], layer["units"])
        assert np.allclose(above @ deltas.T, gradient, atol=1e-7)
        bias = shown.sections["gradients"][layer["bias"] : layer["bias"] + layer["units"]]
        assert np.allclose(deltas.sum(axis=1), bias, atol=1e-7)
        above = shown.sections["activations"].reshape(-1, shown.rows)[units].astype(np.float64)


def test_norms_and_unit_norms_of_a_frame_are_those_of_its_tensors() -> None:
    target = session()
    train(target, 4)
    shown, described = frame(target), layout(target)
    norms = shown.sections["norms"].reshape(4, -1)
    deltas = shown.sections["deltas"].reshape(-1, shown.rows).astype(np.float64)
    assert np.allclose(shown.sections["unit_deltas"], np.sqrt((deltas**2).mean(axis=1)), rtol=1e-5)
    for index, layer in enumerate(described.layers):
        weights = slice(layer["weight"], layer["bias"])
        units = slice(layer["unit"], layer["unit"] + layer["units"])
        expected = [deltas[units], *(shown.sections[name][weights] for name in ("gradients", "parameters", "updates"))]
        assert np.allclose(norms[:, index], [np.sqrt(np.mean(np.square(each))) for each in expected], rtol=1e-5)


def test_the_loss_of_a_frame_is_that_of_its_row_in_the_series() -> None:
    target = session()
    train(target, 4)
    shown = frame(target)
    train(target, 1)
    row = rows(target, since=4)
    assert row.from_step.tolist() == [4.0]
    assert row.mean[0, 0] == shown.loss
    assert np.array_equal(row.mean[0, 1:], shown.sections["norms"])


def test_a_picture_holds_what_was_asked_for_and_names_the_last_command() -> None:
    target = session()
    do(target, messages.Pause)
    picture = target.picture(("deltas", "norms"), False, False)
    assert picture.frames[0].sections.keys() == {"deltas", "norms"}
    assert picture.maps == picture.evaluations == ()
    (applied, *_) = do(target, messages.Pause)
    assert isinstance(applied, messages.Applied)
    later = target.picture((), False, False)
    assert (later.number, later.command) == (picture.number + 1, applied.command)


def test_a_picture_of_a_batch_beyond_64_rows_sends_the_first_64() -> None:
    target = session(RunSpec(training=small().training.__class__(batch_size=100)))
    shown = frame(target)
    assert shown.rows == 64
    assert shown.sections["samples"].tolist() == target.trainers[0].batch_samples[:64].tolist()
    assert shown.sections["activations"].size == 7 * 64


@pytest.mark.parametrize("name", ["circle", "plane", "sine", "iris", "digits"])
def test_maps_have_the_shapes_that_the_layout_says(name: str) -> None:
    target = session()
    do(target, messages.Patch, lane=0, changes={"data.name": name})
    described = layout(target)
    picture = target.picture(("norms",), True, True)
    (sections,) = [maps.sections for maps in picture.maps]
    outputs = described.layers[-1]["units"]
    if described.maps["form"] == "samples":
        assert sections.keys() == {"predictions", "unit_spread"}
        assert sections["predictions"].shape == (described.data["test"], outputs)
    else:
        width, height = described.maps["grid"]
        unit_width, unit_height = described.maps["unit"]
        assert sections["grid"].size == outputs * width * height
        assert sections["unit_maps"].size == described.units * unit_width * unit_height
        assert sections["unit_scales"].shape == (len(described.layers), 2)
    assert sections["unit_spread"].shape == (described.units,)
    (evaluation,) = picture.evaluations
    for part in ("train", "test"):
        score, classes = getattr(evaluation, part), len(described.data["classes"])
        if described.data["task"] == "regression":
            assert (score["accuracy"], score["confusion"]) == (None, None)
            assert score["r_squared"] <= 1
        else:
            assert score["r_squared"] is None
            assert np.shape(score["confusion"]) == (classes, classes)
            assert np.sum(score["confusion"]) == described.data[part]
            assert np.trace(score["confusion"]) == round(score["accuracy"] * described.data[part])
    encode_picture(picture)


def test_r_squared_that_is_not_finite_is_told_as_none() -> None:
    network = {"network.loss": "mean_absolute_error", "network.output_activation": "linear"}
    target = session()
    do(target, messages.Patch, lane=0, changes={"data.name": "sine", **network})
    do(target, messages.SetParameter, lane=0, layer=0, tensor="bias", index=(0,), value=1e200)
    (evaluation,) = target.picture(("norms",), True, True).evaluations
    assert evaluation.test["loss"] > 1e199
    assert evaluation.test["r_squared"] is None
    evaluation.to_json(1)


def test_a_map_is_the_network_s_output_to_a_byte() -> None:

    target = session()
    train(target, 20)
    (maps,) = target.picture((), True, False).maps
    low, high = maps.sections["grid_scale"][0]
    grid = low + (high - low) * maps.sections["grid"].reshape(64, 64) / 255
    assert np.abs(grid - plane_grid(target.trainers[0], 64, 64)[0]).max() <= (high - low) / 255 / 2 + 1e-12


def test_maps_come_with_each_picture_while_paused_and_at_most_fifteen_a_second_while_playing() -> None:
    target = session()
    assert all(target.picture((), True, True).maps for _ in range(3))
    do(target, messages.Pace, steps_per_second=1000.0)
    do(target, messages.Play)
    with_maps = pictures = 0
    end = now(target) + 1.0
    while now(target) < end:
        wait(target, advance(target, 0.01))
        wait(target, now(target) + 0.01)
        picture = target.picture((), True, True)
        pictures += 1
        with_maps += bool(picture.maps)
        assert bool(picture.evaluations) <= bool(picture.maps)
    assert pictures > 60
    assert 10 <= with_maps <= 16


def test_slow_maps_come_in_a_picture_of_their_own_while_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    target = Session(small(), clock=clock)
    made = lane.map_sections

    def slowly(trainer: Trainer, unit_maps: bool) -> object:
        clock.now += 0.1
        return made(trainer, unit_maps)

    monkeypatch.setattr(lane, "map_sections", slowly)
    assert target.picture((), True, True).maps, "nobody knows yet how slow they are"
    train(target, 1)
    first, second = target.picture((), True, True), target.picture((), True, True)
    assert (first.more, first.maps) == (True, ())
    assert not second.more
    assert [maps.step for maps in second.maps] == [first.frames[0].step]


def test_data_are_the_raw_points_with_labels_and_split() -> None:
    target = session(RunSpec(data=DataSpec(samples=40, train_fraction=0.25, features=("x2", "sin_y"))))
    data = target.data(0)
    dataset = target.trainers[0].dataset
    assert data.points.shape == (40, 2)
    assert np.array_equal(data.points[:10], dataset.points_train)
    assert data.split.tolist() == [0] * 10 + [1] * 30
    assert np.array_equal(data.labels[10:], dataset.y_test)


def test_the_moment_grows_whenever_a_picture_would_differ() -> None:
    target = session()
    seen = [target.moment]
    train(target, 1)
    seen.append(target.moment)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.3})
    seen.append(target.moment)
    do(target, messages.Pause)
    seen.append(target.moment)
    assert seen == sorted(set(seen))
    target.picture(FRAME_SECTIONS, True, True)
    assert target.moment == seen[-1]


def test_a_frame_tells_on_request_what_the_error_signal_meets_on_its_way_back() -> None:
    hidden = (DenseSpec(4, "sigmoid", normalization="layer"), DenseSpec(4, "relu", residual=True))
    target = session(replace(small(), network=NetworkSpec(hidden=hidden)))
    train(target, 2)
    shown, trainer = frame(target), target.trainers[0]
    stations = shown.sections["stations"].reshape(2, 6)
    delta = trainer.record.delta_rms
    assert np.allclose(stations[:, [-1, 0]], np.column_stack((delta[:-1], delta[1:])), rtol=1e-14, atol=0)
    assert np.array_equal(stations, factors(trainer).norms)
    assert shown.sections["chi"][0] == -1
    saturated, silent = shown.sections["shares"].reshape(2, 3)
    of_batch = shares_of_batch(trainer)
    assert saturated.tolist() == [of_batch[0].saturated, -1, of_batch[2].saturated]
    assert silent.tolist() == [-1, of_batch[1].zero_share, -1]
    np.testing.assert_array_equal(shown.sections["singular_values"], np.concatenate(singular_values(trainer.network)))
    counts = shown.sections["histograms"].reshape(5, 3, BINS + 1)
    assert counts[1, :, :BINS].sum(axis=1).tolist() == [layer.activations.size for layer in trainer.layers]


def test_what_costs_as_much_as_a_step_is_worked_out_for_those_who_name_it_alone() -> None:
    assert not ON_REQUEST & Subscription().sections
    shown = session().picture(Subscription().sections, False, False).frames[0]
    assert not ON_REQUEST & shown.sections.keys()


def test_a_linear_output_is_drawn_on_a_scale_that_reaches_its_targets() -> None:
    target = session()
    do(target, messages.Patch, lane=0, changes={"network.output_activation": "linear"})
    for layer in range(3):
        target.trainers[0].network.parameters[f"{layer}.weight"][...] = 0.001
    (maps,) = target.picture((), True, True).maps
    assert maps.sections["grid_scale"].tolist() == [[-1.0, 1.0]]
    assert maps.sections["unit_scales"][-1].tolist() == [-1.0, 1.0]
