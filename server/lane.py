"""One of the networks that a session trains: its trainer, its series, and what is told and shown of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from engine.data import OwnData
from engine.observer import Observer
from engine.records import NonFiniteError
from engine.spec import RunSpec
from engine.stopping import EarlyStopping
from engine.trainer import Trainer
from server.appearance import Appearance
from server.counters import Counters
from server.evaluations import finite_evaluation, told
from server.frames import known_sections, pass_sections, unit_rows
from server.inspection import answer as inspection_of
from server.labels import stopping_sentence
from server.layouts import NORMS, shape_of
from server.maps import map_sections
from server.messages import Evaluation, Event, Inspect, Inspection, Layout, MessageError, Series, Spec, Stopped
from server.pictures import Data, Frame, Maps, Rows
from server.series import Reading, SeriesStore, Table
from server.snapshot import LaneSnapshot
from server.tape import Tape
from server.verdicts import LEADING_STEPS, Findings


class Lane:
    """A trainer and what belongs to it. `index` is the lane's place in its session; `key` stays with it."""

    def __init__(self, index: int, trainer: Trainer, counters: Counters, key: int | None = None) -> None:
        if key is None:
            counters.lane += 1
            key = counters.lane
        self.index = index
        self.key = key
        self.trainer = trainer
        self.shown: Trainer | None = None
        """Whose computed pass pictures show; None where no pass with finite numbers is known."""
        self.evaluated: Evaluation | None = None
        """As of the last end of an epoch."""
        self.stopped: Stopped | None = None
        """Why training should pause: the test loss has not fallen for as long as the run has patience."""
        self.findings = Findings(index, trainer)
        self.stopping = EarlyStopping()
        self._tape = Tape(self.findings)
        self._counters = counters
        self._present = self._appearance(trainer)
        self._past: Appearance | None = None
        self._told: tuple[RunSpec, int, int, int] | None = None
        self.begin_timeline(trainer.steps)

    def _appearance(self, trainer: Trainer, *known: Appearance) -> Appearance:
        """With the numbers of one that is known where it looks the same, else with new ones."""
        same_data = next((one for one in known if one.has_data_of(trainer)), None)
        if same_data is None:
            self._counters.data_version += 1
        version = same_data.data_version if same_data else self._counters.data_version
        shape = shape_of(trainer, version)
        same = next((one for one in known if one.shape == shape), None)
        if same is None:
            self._counters.revision += 1
        revision = same.revision if same else self._counters.revision
        return Appearance(trainer, version, shape, unit_rows(trainer), revision)

    @property
    def revision(self) -> int:
        """Of the present, which its series are written in."""
        return self._present.revision

    @property
    def _seen(self) -> Appearance:
        """What pictures show."""
        return self._past or self._present

    def begin_timeline(self, from_step: int) -> None:
        """The past changed: rows of the series from `from_step` on are void."""
        self._counters.timeline += 1
        self.timeline = self._counters.timeline
        self.from_step = from_step
        self._begin_rows()

    def _begin_rows(self) -> None:
        self._tape.begin(self.revision, self._present.shape["series"])

    @property
    def steps(self) -> SeriesStore:
        """The scalars of all steps done."""
        return self._tape.steps

    @property
    def evaluations(self) -> SeriesStore:
        """Losses and shares at the ends of epochs."""
        return self._tape.evaluations

    @property
    def run(self) -> RunSpec:
        return self.trainer.run

    @property
    def own(self) -> OwnData | None:
        """The user's own data, where it is trained on some."""
        return self.trainer.samples.own

    def move(self, index: int) -> None:
        """Another place in the session: whoever watches knows nothing of it there."""
        if index != self.index:
            self.index = index
            self.tell_anew()

    def tell_anew(self) -> None:
        """Whoever watches knows nothing of it, or nothing any more."""
        self._told = None
        self.findings.move(self.index)

    def replace(self, trainer: Trainer) -> None:
        """Goes on with another trainer, from its step on; one that begins afresh begins the series afresh as well."""
        if trainer.steps < self.trainer.steps:
            self._tape.restart()
            self._take(trainer)
            self.begin_timeline(0)
        else:
            self._take(trainer)

    def _take(self, trainer: Trainer) -> None:
        self._tape.hand_on()  # to the observer of the trainer whose steps they are
        same_step = trainer.steps == self.trainer.steps
        self.trainer = trainer
        before = self._present
        self._present = self._appearance(trainer, before)
        if self._present.revision != before.revision:
            self.shown = None
        if not same_step:
            self.shown = self.evaluated = None
        self.stopped, self.stopping = None, EarlyStopping()
        self.findings.follow(trainer)
        self._begin_rows()

    # Training

    def commit(self) -> None:
        """Applies the computed step and keeps its scalars; row n of the series is of the parameters after n steps."""
        trainer = self.trainer
        if trainer.epoch.is_integer():
            self._keep_evaluation()
        self._tape.add(trainer.record)
        trainer.apply()
        if self._tape.is_due:
            self._tape.hand_on()

    def _keep_evaluation(self) -> None:
        trainer = self.trainer
        evaluation = finite_evaluation(trainer)
        if evaluation is not None:
            self._tape.evaluate(trainer.steps, evaluation)
            self.evaluated = told(self.index, trainer.steps, evaluation)
            self._consider_stopping(evaluation.test.loss)

    def _consider_stopping(self, test_loss: float) -> None:
        patience, stopping = self.run.training.patience, self.stopping
        if patience is not None and stopping.observe(test_loss, patience):
            step = self.trainer.steps
            message = stopping_sentence(step, patience, stopping.best)
            self.stopped = Stopped(lane=self.index, step=step, message=message)

    def dissect(self, error: NonFiniteError) -> None:
        """The coming pass overflowed; `shown` has the last one that did not."""
        leading = self.steps.read(max(0, error.step - 1 - LEADING_STEPS), LEADING_STEPS).table
        self.findings.dissect(error, self.trainer, self.shown, leading)

    # What is told of it

    def news(self) -> Iterator[Event | Data]:
        """What everybody has to know and was not told yet: the spec, the layout and the data, where they changed."""
        seen = self._seen
        now = (seen.trainer.run, seen.revision, self.timeline, seen.data_version)
        before, self._told = self._told, now
        if before is None or before[0] != now[0]:
            yield self._spec_event()
        if before is None or before[1:3] != now[1:3]:
            yield self._layout_event(seen, 0 if before is None else self.from_step)
        if before is None or before[3] != now[3]:
            yield self.data()
        yield from self.findings.news(numbers=True)

    def introduction(self) -> Iterator[Event | Data]:
        """The same for a newcomer: whatever rows it has of another timeline are void from step 0 on."""
        yield self._spec_event()
        yield self._layout_event(self._present, 0)
        if self._past is not None and self._past.revision != self.revision:
            yield self._layout_event(self._past, 0)
        yield self.data()
        yield from self.findings.introduction()

    def _spec_event(self) -> Spec:
        trainer = self._seen.trainer
        return Spec(lane=self.index, spec=trainer.run.to_dict(), step=trainer.steps)

    def _layout_event(self, seen: Appearance, from_step: int) -> Layout:
        return Layout(
            lane=self.index,
            revision=seen.revision,
            timeline=self.timeline,
            from_step=from_step,
            past=seen.revision != self.revision,
            **seen.shape,
        )

    def data(self) -> Data:
        """The points that are seen."""
        dataset = self._seen.trainer.dataset
        train = len(dataset.points_train)
        return Data(
            lane=self.index,
            version=self._seen.data_version,
            timeline=self.timeline,
            points=np.concatenate([dataset.points_train, dataset.points_test]),
            labels=np.concatenate([dataset.y_train, dataset.y_test]).astype(np.float64),
            split=(np.arange(train + len(dataset.points_test)) >= train).astype(np.uint8),
        )

    def evaluation(self, trainer: Trainer) -> Evaluation | None:
        """How good the trainer's parameters are on all data; None where the losses are not finite."""
        evaluation = finite_evaluation(trainer)
        return None if evaluation is None else told(self.index, trainer.steps, evaluation)

    def inspect(self, request: Inspect) -> Inspection:
        """Where a number of the step that pictures show came from."""
        trainer = self._drawn
        if trainer is None:
            message = "inspect refused: no step with finite numbers is known, so there is nothing to look into"
            raise MessageError("diverged", None, None, message, request.id)
        return inspection_of(request, trainer, self._seen.revision, self.timeline)

    def rows(self, request: Series) -> Rows:
        """The rows that a client asks for; none of the timeline it names where that is not the lane's any more.

        The answer carries the timeline that was asked for: marked as the current one, it would tell a client whose
        request crossed a reset to go on where the past ended, and the steps before would be lost to it.
        """
        store = self.steps if request.series == "steps" else self.evaluations
        if request.timeline == self.timeline:
            reading = store.read(request.from_step, request.limit)
        else:
            reading = Reading(self.revision, request.from_step, False, Table.nothing(1))
        table = reading.table
        return Rows(
            lane=self.index,
            revision=reading.revision,
            timeline=request.timeline,
            next_step=reading.next_step,
            more=reading.more,
            from_step=table.first,
            spans=table.spans.astype(np.uint32),
            mean=table.mean,
            minimum=table.minimum,
            maximum=table.maximum,
        )

    def current_evaluation(self, playing: bool) -> Evaluation | None:
        """As of the last end of an epoch while it plays, so that looking costs nothing; else as of now."""
        return self.evaluated if playing else self.evaluation(self._drawn or self.trainer)

    # What is shown of it

    def look_at(self, past: Trainer | None) -> None:
        """Shows a trainer of the past, which has computed its step, until the present is wanted again (None)."""
        before = (self._present, *([self._past] if self._past else []))
        self._past = None if past is None else self._appearance(past, *before)

    @property
    def _drawn(self) -> Trainer | None:
        """Whose computed pass pictures show."""
        return self._past.trainer if self._past else self.shown

    def frame(self, wanted: Collection[str]) -> Frame:
        """The frame of what is shown; only parameters and batch where there is no finite pass."""
        seen, drawn = self._seen, self._drawn
        trainer = drawn or self.trainer
        layers = seen.shape["layers"]
        sections = known_sections(trainer, wanted)
        loss, norms = 0.0, np.zeros((len(NORMS), len(layers)))
        if drawn is not None:
            record = trainer.record
            loss, norms = record.loss, record.values[1:].reshape(norms.shape)
            sections |= pass_sections(trainer, wanted, norms, seen.unit_rows)
        return Frame(
            lane=self.index,
            revision=seen.revision,
            timeline=self.timeline,
            step=trainer.steps,
            epoch=trainer.epoch,
            loss=loss,
            batch=trainer.batch_inputs.shape[1],
            norms=norms,
            layer_parameters=tuple(span.stop - span.start for span in trainer.network.plan.spans),
            layer_units=tuple(layer["units"] for layer in layers),
            sections=sections,
        )

    def maps(self, unit_maps: bool) -> Maps | None:
        """The maps; None where what they would show is not finite."""
        trainer, revision = self._drawn or self.trainer, self._seen.revision
        sections = map_sections(trainer, unit_maps)
        if sections is None:
            return None
        return Maps(lane=self.index, revision=revision, timeline=self.timeline, step=trainer.steps, sections=sections)

    # Going back, and going on elsewhere

    def snapshot(self) -> LaneSnapshot:
        steps, evaluations = self._tape.kept(self.trainer.steps)
        known = self.findings.observer.memory
        return LaneSnapshot(self.run, self.trainer.state(), steps, evaluations, self.own, self.key, known)

    def restore(self, snapshot: LaneSnapshot) -> None:
        """Becomes what it was, to the same bits. Its series are cut off where they can be, else the snapshot's own:
        what a client has of them may then be another past, from the first step on.
        """
        trainer = Trainer(snapshot.run, own=snapshot.own)
        trainer.load_state(snapshot.state)
        same_past, from_step = trainer.steps == self.trainer.steps, trainer.steps
        if not self._tape.go_back(snapshot.steps, snapshot.evaluations):
            same_past, from_step = False, 0
        self._take(trainer)
        self.findings.observer = Observer(trainer, snapshot.observed)
        if not same_past:
            self.begin_timeline(from_step)

    def renumber_series(self) -> None:
        """Rows that came from another session get revisions of this one, so that nobody takes them for others."""
        self._counters.revision += self._tape.renumber(self.revision, self._counters.revision + 1)

    def rewind(self, trainer: Trainer) -> None:
        """Goes on from a past step of its own run; what the series have from there on is void."""
        self._tape.cut_off(trainer.steps)
        self._take(trainer)
        self.begin_timeline(trainer.steps)

    def keyframe(self) -> dict[str, Any]:
        """Everything that another process needs to go on from here, as plain data and arrays."""
        snapshot = self.snapshot()
        return {
            "key": self.key,
            "run": self.run.to_dict(),
            "own": snapshot.own,
            "state": snapshot.state,
            "steps": snapshot.steps[1],
            "evaluations": snapshot.evaluations[1],
            "evaluated": self.evaluated,
            "stopping": self.stopping,
            "observed": snapshot.observed,
        }

    @classmethod
    def from_keyframe(cls, index: int, keyframe: dict[str, Any], counters: Counters) -> Lane:
        """The lane as it was. Its timeline, revision and data version are new ones."""
        trainer = Trainer(RunSpec.from_dict(keyframe["run"]), own=keyframe["own"])
        trainer.load_state(keyframe["state"])
        lane = cls(index, trainer, counters, keyframe["key"])
        lane._tape.load(keyframe["steps"], keyframe["evaluations"])
        lane.evaluated = keyframe["evaluated"]
        lane.stopping = keyframe["stopping"]
        lane.findings.observer = Observer(trainer, keyframe["observed"])
        lane._begin_rows()
        return lane
