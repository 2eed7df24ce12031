"""Any past step of a run is reached again, to the same bits; keyframes thin out and keep to their budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import Dataset, DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec, surgery
from engine.adapt import with_changes, with_own_data
from engine.data import OwnData
from engine.history import INTERVAL, MOST_KEYFRAMES, History
from engine.journal import Entry, Journal

Change = Callable[[Trainer], Trainer]


def applied(trainers: Sequence[Trainer], change: Change) -> Sequence[Trainer]:
    return [change(trainer) for trainer in trainers]


class Run:
    """A run whose every step is noted down, to be compared with what is reached again."""

    def __init__(self, *specs: RunSpec, budget: int = 2**26) -> None:
        self.trainers = tuple(map(Trainer, specs))
        self.history: History[Change] = History(Journal(specs), applied, budget)
        self.history.follow(self.history.journal, self.trainers)
        self.seen: dict[int, list[dict[str, Any]]] = {}
        self.note()

    def note(self) -> None:
        self.seen[self.trainers[0].steps] = [trainer.state() | {"run": trainer.run} for trainer in self.trainers]

    def train(self, steps: int) -> None:
        for _ in range(steps):
            for trainer in self.trainers:
                trainer.step()
            self.note()
            self.history.keep(self.trainers)

    def change(self, change: Change) -> None:
        entry = Entry(self.trainers[0].steps, change)
        self.trainers = tuple(applied(self.trainers, change))
        self.history.follow(self.history.journal.with_entry(entry), self.trainers)
        self.note()

    def check(self, step: int) -> None:
        replay = self.history.replay(step)
        assert replay.advance()
        for trainer, then in zip(replay.trainers, self.seen[step], strict=True):
            assert_same(trainer.state() | {"run": trainer.run}, then)


def assert_same(some: Any, other: Any) -> None:
    if isinstance(some, np.ndarray):
        assert some.dtype == other.dtype
        assert some.tobytes() == other.tobytes()
    elif isinstance(some, dict):
        assert some.keys() == other.keys()
        for key, value in some.items():
            assert_same(value, other[key])
    else:
        assert some == other


def small(layer: DenseSpec | None = None, dtype: str = "float64", **training: Any) -> RunSpec:
    hidden = (layer or DenseSpec(3, "tanh"),) * 2
    training = {"batch_size": 8, "learning_rate": 0.05} | training
    return RunSpec(
        DataSpec(samples=44, noise=0.1), NetworkSpec(hidden=hidden), TrainingSpec(**training), seed=5, dtype=dtype
    )


def patch(**changes: Any) -> Change:
    paths = {path.replace("__", "."): value for path, value in changes.items()}
    return lambda trainer: surgery.change(trainer, with_changes(trainer.run, paths))


def typed(trainer: Trainer) -> Trainer:
    new = surgery.afresh(trainer)
    new.load_state(trainer.state())
    new.network.parameters["0.weight"][1, 0] = 0.25
    return new


def own_data(trainer: Trainer) -> Trainer:
    points = np.linspace(-3, 3, 60).reshape(30, 2)
    own = OwnData(("x", "y"), points, np.arange(30) % 2, ("-1", "+1"))
    return surgery.change(trainer, with_own_data(trainer.run, own.shape), own)


CHANGES: dict[str, Change] = {
    "learning rate": patch(training__learning_rate=0.2),
    "optimizer": patch(training__optimizer="adam"),
    "batch size": patch(training__batch_size=5),
    "a layer more": lambda trainer: surgery.add_layer(trainer, 1, 2),
    "a layer less": lambda trainer: surgery.remove_layer(trainer, 1),
    "a unit more": lambda trainer: surgery.add_unit(trainer, 2),
    "a typed weight": typed,
    "noise of the data": patch(data__noise=0.3),
    "activation": patch(network__hidden__0__activation="relu"),
}

RUNS: dict[str, RunSpec] = {
    "sgd": small(),
    "momentum, step decay": small(optimizer="momentum", schedule="step"),
    "adam, clipping, cosine": small(optimizer="adam", clip_norm=0.5, schedule="cosine"),
    "rmsprop, l2": small(optimizer="rmsprop", l2=0.01),
    "batch normalisation": small(DenseSpec(4, "relu", normalization="batch")),
    "dropout and noise": small(DenseSpec(5, "tanh", dropout=0.3), input_noise=0.1, gradient_noise=0.01),
    "float32, shuffled once": small(dtype="float32", shuffle="once"),
}


@pytest.mark.parametrize("spec", RUNS.values(), ids=RUNS.keys())
def test_every_step_is_reached_again_across_changes_of_every_kind(spec: RunSpec) -> None:
    run = Run(spec)
    run.train(130)
    for change in CHANGES.values():
        run.change(change)
        run.train(23)
    for step in (0, 1, 99, 100, 129, 130, 131, 153, 160, 199, 200, 222, 245, 300, run.trainers[0].steps):
        run.check(step)
    # From the spec alone, without any keyframe, every change is applied where it was.
    bare: History[Change] = History(run.history.journal, applied)
    replay = bare.replay(250)
    assert replay.advance()
    assert_same(replay.trainers[0].state() | {"run": replay.trainers[0].run}, run.seen[250][0])


def test_own_data_that_were_brought_are_brought_again() -> None:
    run = Run(small())
    run.train(12)
    run.change(own_data)
    run.train(40)
    before = run.history.replay(5)
    assert before.advance()
    assert before.trainers[0].samples.own is None
    later = History(run.history.journal, applied).replay(run.trainers[0].steps)
    assert later.advance()
    assert_same(later.trainers[0].state(), run.trainers[0].state())
    assert later.trainers[0].samples.own is not None


def test_lanes_travel_together() -> None:
    run = Run(small(), small(optimizer="adam"), small(DenseSpec(2, "sigmoid")))
    run.train(250)
    run.check(173)


def test_of_several_changes_at_one_step_all_are_part_of_it() -> None:
    run = Run(small())
    run.train(7)
    for rate in (0.1, 0.3):
        run.change(patch(training__learning_rate=rate))
    run.train(3)
    replay = run.history.replay(7)
    assert replay.advance()
    assert replay.trainers[0].run.training.learning_rate == 0.3


def test_a_replay_runs_in_slices_and_leaves_keyframes_where_it_passes() -> None:
    run = Run(small())
    run.train(1_000)
    history: History[Change] = History(run.history.journal, applied)
    replay = history.replay(950)
    slices = 1
    while not replay.advance(lambda: replay.step % 50 != 0):
        slices += 1
        assert replay.step == 50 * (slices - 1)
    assert slices == 20
    assert (replay.start, replay.step, replay.target) == (0, 950, 950)
    assert [keyframe.step for keyframe in history.keyframes] == list(range(INTERVAL, 950, INTERVAL))
    assert history.replay(950).start == 900


def test_branches_share_what_they_have_in_common() -> None:
    run = Run(small())
    run.train(400)
    before = run.history.journal
    replay = run.history.replay(250)
    replay.advance()
    run.trainers = replay.trainers
    run.change(patch(training__learning_rate=0.3))
    run.train(100)
    assert [keyframe.step for keyframe in run.history.keyframes] == [0, 100, 200, 250, 350]
    run.history.follow(before, run.history.replay(250).trainers)
    assert [keyframe.step for keyframe in run.history.keyframes] == [0, 100, 200, 250, 300, 400]


def test_keyframes_thin_out_with_their_age() -> None:
    run = Run(small())
    (trainer,) = run.trainers
    for step in range(0, 4 * MOST_KEYFRAMES * INTERVAL, INTERVAL):
        trainer.steps = step
        run.history.keep(run.trainers)
    steps = np.array([keyframe.step for keyframe in run.history.keyframes])
    assert len(steps) <= MOST_KEYFRAMES
    gaps, ages = np.diff(steps), steps[-1] - steps[:-1]
    assert gaps[ages < 5_000].max() == INTERVAL
    # In proportion to the age, and half of it more where what is left does not lie better.
    assert (gaps <= np.maximum(2 * INTERVAL, 0.04 * ages)).all()


@pytest.mark.parametrize("kilobytes", [1, 20, 200])
def test_the_budget_is_kept_whatever_is_done(kilobytes: int) -> None:
    run = Run(small(DenseSpec(20, "tanh"), optimizer="adam"), budget=1024 * kilobytes)
    largest = run.history.keyframes[0].nbytes
    assert largest > 4 * 8 * 3 * 20 * 20 / 8
    for change in (patch(training__learning_rate=0.01), CHANGES["a unit more"], typed):
        run.train(2 * INTERVAL)
        run.change(change)
        assert run.history.nbytes <= max(1024 * kilobytes, 2 * largest)
        assert run.history.nbytes == sum(keyframe.nbytes for keyframe in run.history._keyframes)
    for step in (1, 250, 600):
        run.check(step)


def test_what_lies_before_forgotten_changes_is_refused_and_the_rest_is_reached() -> None:
    run = Run(small())
    for rate in (0.1, 0.2, 0.3):
        run.train(60)
        run.change(patch(training__learning_rate=rate))
    run.train(60)
    run.history.follow(run.history.journal.without_oldest(2), run.trainers)
    assert run.history.earliest == 120
    run.check(120)
    run.check(150)
    run.check(200)
    with pytest.raises(ValueError, match="step 119 refused: must be at least 120"):
        run.history.replay(119)


def test_a_dataset_that_was_handed_over_has_no_history() -> None:
    x = np.zeros((4, 2))
    trainer = Trainer(small(), Dataset(x, np.ones((4, 1)), x, np.ones((4, 1))))
    history: History[Change] = History(Journal((trainer.run,)), applied)
    with pytest.raises(ValueError, match="handed over"):
        history.keep([trainer])


def test_keyframes_of_another_place_can_be_taken_in() -> None:
    run = Run(small())
    run.train(310)
    journal = replace(run.history.journal)
    history: History[Change] = History(journal, applied)
    history.add(replace(keyframe, anchor=journal.anchor(keyframe.changes)) for keyframe in run.history.keyframes)
    assert history.replay(305).start == 300
    assert history.nbytes == run.history.nbytes


def test_a_journal_ends_where_it_is_cut() -> None:
    journal: Journal[str] = Journal((small(),))
    for step, name in ((3, "a"), (3, "b"), (8, "c")):
        journal = journal.with_entry(Entry(step, name))
    assert [entry.change for entry in journal.until(3).entries] == ["a", "b"]
    assert journal.until(8) is journal
    assert journal.until(2).entries == ()
    changed = journal.with_entry(Entry(8, "d"), in_place_of_last=True)
    assert [entry.change for entry in changed.entries] == ["a", "b", "d"]
    assert journal.without_oldest(0) is journal
    assert (journal.without_oldest(2).dropped, journal.without_oldest(2).changes) == (2, 3)
