"""A run with patience pauses when its test loss has stopped falling, and says so."""

from __future__ import annotations

from typing import Any

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, TrainingSpec
from server.messages import Pace, Patch, Play, Stopped
from server.session import Session
from tests.server.sessions import advance, do, session


def impatient(patience: int | None) -> RunSpec:
    """Noisy data, and few of them to train on: the test loss soon rises."""
    return RunSpec(
        data=DataSpec("xor", samples=200, noise=0.5, train_fraction=0.1),
        network=NetworkSpec(hidden=(DenseSpec(8, "tanh"), DenseSpec(8, "tanh"))),
        training=TrainingSpec(optimizer="adam", learning_rate=0.05, patience=patience),
        seed=3,
    )


def played(target: Session, slices: int = 40) -> list[Stopped]:
    """What it says of stopping while it plays for so many slices, or until it pauses."""
    do(target, Play)
    told: list[Any] = []
    while target.state == "playing" and slices:
        advance(target, 0.005)
        told += target.events()
        slices -= 1
    return [event for event in told if isinstance(event, Stopped)]


def running(patience: int | None) -> Session:
    target = session(impatient(patience))
    do(target, Pace, steps_per_second=None)
    return target


def test_a_run_pauses_when_its_test_loss_has_no_new_minimum_and_says_so() -> None:
    target = running(3)
    (stopped,) = played(target)
    assert target.state == "paused"
    # Two batches an epoch: it is noticed with the first step after the epoch.
    assert (stopped.step % 2, target.step) == (0, stopped.step + 1)
    assert stopped.message.startswith(f"Paused at step {stopped.step:,}: the test loss has not fallen below ")
    assert stopped.message.endswith(" for 3 epochs.")


def test_it_stops_at_the_same_step_whatever_the_pace() -> None:
    fast, slow = running(3), running(3)
    do(slow, Pace, steps_per_second=200.0)
    assert played(fast)[0].step == played(slow, 4000)[0].step


def test_played_on_it_has_patience_anew() -> None:
    target = running(2)
    first = played(target)[0].step
    second = played(target)[0].step
    assert second >= first + 2 * 2


def test_without_patience_it_goes_on_and_more_of_it_can_be_given_while_it_runs() -> None:
    target = running(None)
    assert played(target, 20) == []
    assert target.state == "playing"
    do(target, Patch, lane=0, changes={"training.patience": 1})
    assert len(played(target)) == 1
