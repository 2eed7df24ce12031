"""What the tests of sessions share: a clock of their own, small runs, and ways to train and to look."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any, TypeVar

import numpy as np

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from server import messages
from server.codec import Message, decode, encode_picture
from server.messages import FRAME_SECTIONS, Command, Rejected
from server.session import Outgoing, Session

Found = TypeVar("Found")
TICK = 1e-5
_ids = count(1)


class Clock:
    """A clock that ticks when it is read, and otherwise stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += TICK
        return self.now


def small(hidden: int = 2, activation: str = "tanh", **training: Any) -> RunSpec:
    """A run that trains in no time: 40 samples in batches of 8, so 5 steps are an epoch of 20."""
    layers = tuple(DenseSpec(3, activation) for _ in range(hidden))
    return RunSpec(
        data=DataSpec(samples=40, train_fraction=0.5),
        network=NetworkSpec(hidden=layers),
        training=TrainingSpec(**({"batch_size": 8, "learning_rate": 0.1} | training)),
        seed=3,
    )


def diverging() -> RunSpec:
    """Leaves the range of float64 after some steps, not at once."""
    return RunSpec(
        data=DataSpec(name="plane", samples=40),
        network=NetworkSpec(hidden=(DenseSpec(3, "linear"),), output_activation="linear"),
        training=TrainingSpec(learning_rate=100.0, batch_size=8),
        seed=3,
    )


def session(*runs: RunSpec) -> Session:
    return Session(*(runs or (small(),)), clock=Clock())


def do(target: Session, command: type[Command], **fields: Any) -> tuple[Outgoing, ...]:
    """Handles a command that has to be applied."""
    answer, *rest = target.handle(command(id=next(_ids), **fields))
    assert isinstance(answer, messages.Applied), answer
    return (answer, *rest)


def refused(target: Session, command: type[Command], **fields: Any) -> Rejected:
    """Handles a command that has to be refused, and change nothing."""
    before = bits(target)
    answers = target.handle(command(id=next(_ids), **fields))
    assert len(answers) == 1
    assert isinstance(answers[0], Rejected), answers
    assert_same(bits(target), before)
    return answers[0]


def train(target: Session, steps: int) -> None:
    """Takes so many steps, or fewer where it diverges, and pauses."""
    if steps:
        do(target, messages.Step, count=steps)
        run_out(target)


def run_out(target: Session) -> None:
    """Lets it train until it has no more to do."""
    while advance(target, 1.0) is not None:
        pass


def now(target: Session) -> float:
    return clock_of(target).now


def advance(target: Session, seconds: float) -> float | None:
    """One slice of so many seconds; returns when the next is due."""
    return target.advance(now(target) + seconds)


def wait(target: Session, until: float | None) -> None:
    """Moves the clock on, if the time has not come already."""
    clock = clock_of(target)
    clock.now = max(clock.now, until or 0.0)


def clock_of(target: Session) -> Clock:
    clock = target._clock
    assert isinstance(clock, Clock)
    return clock


def only(events: Iterable[Any], kind: type[Found]) -> Found:
    (found,) = [event for event in events if isinstance(event, kind)]
    return found


def bits(target: Session) -> list[dict[str, Any]]:
    """All that later steps depend on, of every lane."""
    return [trainer.state() | {"run": trainer.run} for trainer in target.trainers]


def assert_same(some: Any, other: Any) -> None:
    """Equal to the bit, through nested containers."""
    if isinstance(some, np.ndarray):
        assert some.dtype == other.dtype
        assert some.tobytes() == other.tobytes()
    elif isinstance(some, dict):
        assert some.keys() == other.keys()
        for key, value in some.items():
            assert_same(value, other[key])
    elif isinstance(some, list | tuple):
        assert len(some) == len(other)
        for one, another in zip(some, other, strict=True):
            assert_same(one, another)
    else:
        assert some == other


def frame(target: Session, lane: int = 0) -> Message:
    """A whole frame as a client gets it."""
    return decode(encode_picture(target.picture(FRAME_SECTIONS, False, False))[lane])


def rows(target: Session, series: str = "steps", since: int = 0, limit: int = 4096, lane: int = 0) -> Any:
    """Rows of a series in the lane's present timeline."""
    timeline = layout(target, lane).timeline
    request = messages.Series(id=next(_ids), lane=lane, series=series, timeline=timeline, from_step=since, limit=limit)
    return target.series(request)


def losses(target: Session, series: str = "steps") -> list[tuple[float, float]]:
    """(step, loss) of every row from the beginning, over all revisions."""
    found: list[tuple[float, float]] = []
    more, since = True, 0
    while more:
        part = rows(target, series, since)
        found += zip(part.from_step.tolist(), part.mean[:, 0].tolist(), strict=True)
        more, since = part.more, part.next_step
    return found


def layout(target: Session, lane: int = 0) -> messages.Layout:
    layouts = [event for event in target.hello_events() if isinstance(event, messages.Layout)]
    return layouts[lane]


def trained_alone(run: RunSpec, steps: int) -> Trainer:
    """The same run without a session."""
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer
