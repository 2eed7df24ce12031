"""Binary messages hold what they were given, as far as their types can, and nothing that is not a number."""

import struct
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import DenseSpec, NetworkSpec, RunSpec, TrainingSpec
from server.codec import MAGIC, decode, encode_frame
from server.messages import FRAME_SECTIONS
from server.pictures import Picture
from tests.golden import make
from tests.server.sessions import frame, session

PICTURE = Picture(number=1, command=2, frames=())


def deep_sigmoid(layers: int) -> RunSpec:
    return RunSpec(
        network=NetworkSpec(hidden=(DenseSpec(4, "sigmoid"),) * layers, output_activation="sigmoid"),
        training=TrainingSpec(batch_size=16),
    )


def test_a_deep_sigmoid_networks_error_signal_arrives_as_itself() -> None:
    target = session(deep_sigmoid(60))
    shown = frame(target)
    scales = shown.sections["scales"].reshape(3, -1)
    trainer = target.trainers[0]
    for index, layer in enumerate(trainer.layers):
        units = slice(4 * index, 4 * index + layer.spec.units)
        stored = shown.sections["deltas"].reshape(-1, 16)[units]
        assert np.allclose(stored * scales[2, index], layer.deltas, rtol=1e-6, atol=0)
    first, last = trainer.record.delta_rms[[0, -1]]
    assert first < np.finfo(np.float32).tiny < last
    assert scales[2, 0] <= first
    assert scales[2, -1] == 1
    assert np.log2(scales).astype(int).tolist() == np.log2(scales).tolist()


def test_gradients_and_updates_have_scales_of_their_own() -> None:
    target = session(deep_sigmoid(60))
    shown = frame(target)
    scales = shown.sections["scales"].reshape(3, -1)
    trainer = target.trainers[0]
    arena = trainer.network.arena
    sizes = [(layer.fan_in + 1) * layer.spec.units for layer in trainer.layers]
    assert np.allclose(shown.sections["gradients"] * np.repeat(scales[0], sizes), arena.gradients, rtol=1e-6, atol=0)
    assert np.allclose(shown.sections["updates"] * np.repeat(scales[1], sizes), trainer.updates, rtol=1e-6, atol=0)


def test_a_layer_whose_weights_have_no_gradient_still_sends_that_of_its_biases() -> None:
    base = make.frame()
    norms = base.norms.copy()
    norms[1, 0] = 0.0
    gradients = np.array([0.0] * 4 + [2.0**-150, 2.0**-151, 1.0, 1.0, 1.0])
    shown = decode(encode_frame(replace(base, norms=norms, sections={"gradients": gradients}), PICTURE))
    scales = np.repeat(shown.sections["scales"].reshape(3, -1)[0], [6, 3])
    assert (shown.sections["gradients"] * scales).tolist() == gradients.tolist()


@settings(deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=9, max_size=9))
def test_no_finite_number_arrives_as_infinity(values: list[float]) -> None:
    base = make.frame()
    sections = base.sections | {"parameters": np.array(values)}
    stored = decode(encode_frame(replace(base, sections=sections), PICTURE)).sections["parameters"]
    assert np.isfinite(stored).all()
    largest = float(np.finfo(np.float32).max)
    expected = np.clip(values, -largest, largest).astype(np.float32)
    assert np.array_equal(stored, expected)


def test_a_frame_that_would_grow_too_large_holds_fewer_samples_of_the_batch() -> None:
    run = RunSpec(
        network=NetworkSpec(hidden=(DenseSpec(64),) * 12), training=TrainingSpec(batch_size=200)
    )  # fmt: skip
    shown = session(run).picture(FRAME_SECTIONS, False, False).frames[0]
    message = encode_frame(shown, PICTURE)
    assert 8 <= decode(message).rows < 64
    assert len(message) < 2**20
    assert decode(encode_frame(replace(shown, sections={"norms": shown.norms}), PICTURE)).rows == 64


def test_a_message_of_another_kind_or_version_is_refused_with_both_named() -> None:
    message = encode_frame(make.frame(), PICTURE)
    with pytest.raises(ValueError, match="of 10 bytes: its header alone has 64"):
        decode(message[:10])
    with pytest.raises(ValueError, match="not Backflow's"):
        decode(b"\0" * 64)
    other = struct.pack("<IH", MAGIC, 7) + message[6:]
    with pytest.raises(ValueError, match="of version 7: this is version 1"):
        decode(other)
