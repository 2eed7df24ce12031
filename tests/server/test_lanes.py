"""Several networks in one session, in lockstep."""

import numpy as np
import pytest

from server import messages
from server.codec import encode_picture
from server.messages import FRAME_SECTIONS
from tests.server.sessions import (
    assert_same,
    bits,
    do,
    frame,
    session,
    small,
    train,
    trained_alone,
)


def test_lanes_see_the_same_batches_and_stay_in_step() -> None:
    shallow, deep = small(1), small(4, "sigmoid")
    target = session(shallow, deep)
    train(target, 8)
    first, second = target.trainers
    assert first.steps == second.steps == 8
    assert np.array_equal(first.batch_samples, second.batch_samples)
    assert_same(second.state(), trained_alone(deep, 8).state())
    assert len(encode_picture(target.picture(FRAME_SECTIONS, True, True))) == 4
    assert frame(target, lane=1).lanes == 2


def test_what_the_data_depend_on_changes_in_every_lane_and_the_rest_in_one() -> None:
    target = session(small(1), small(2))
    train(target, 4)
    do(target, messages.Patch, lane=1, changes={"training.learning_rate": 0.5})
    assert [trainer.run.training.learning_rate for trainer in target.trainers] == [0.1, 0.5]
    do(target, messages.Patch, lane=1, changes={"data.noise": 0.2})
    assert [trainer.run.data.noise for trainer in target.trainers] == [0.2, 0.2]
    do(target, messages.Patch, lane=0, changes={"network.hidden.0.init_gain": 2.0})
    assert [trainer.steps for trainer in target.trainers] == [0, 0]


def test_opening_another_run_ends_the_other_lanes_and_undo_brings_them_back() -> None:
    target = session(small(1), small(2))
    train(target, 4)
    before = bits(target)
    do(target, messages.Open, spec=small(3))
    assert len(target.trainers) == 1
    do(target, messages.Undo)
    assert_same(bits(target), before)


def test_a_session_has_one_to_four_lanes() -> None:
    with pytest.raises(ValueError, match="must be 1 to 4"):
        session(*[small()] * 5)
