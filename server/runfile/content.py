"""What a run file holds, as objects of the session and as JSON with arrays.

What many share is written once and named by its place: specs, the user's own data, entries of journals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from engine.data import OwnData
from engine.history import Keyframe, LaneState
from engine.spec import RunSpec
from server.branches import Branch
from server.journal import Entry, Journal
from server.messages import Command, parse_command
from server.runfile.arrays import ArrayReader, ArrayWriter
from server.series import Condensed, Mark, Table
from server.snapshot import LaneSnapshot

_TABLE: Final = ("first", "last", "spans", "mean", "minimum", "maximum")
_ATTACHED: Final = ("points", "labels")
"""Fields of commands that are numbers, and lie in an array."""


@dataclass(frozen=True, slots=True)
class Saved:
    """How the session stood, for going on by itself."""

    pace: float | None = None
    playing: bool = False
    steps_to_go: int | None = None
    looking: int | None = None
    counters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A run: its journal, its lanes as they are, some of its past, its branches."""

    journal: Journal
    lanes: tuple[LaneSnapshot, ...]
    past: tuple[Keyframe, ...]
    branches: tuple[Branch, ...]
    saved: Saved = Saved()


class ContentWriter:
    """A content as JSON; its arrays are collected in `arrays`."""

    def __init__(self) -> None:
        self.arrays = ArrayWriter()
        self._runs: dict[str, int] = {}
        self._known_runs: dict[int, int] = {}
        self._owns: list[OwnData] = []
        self._entries: list[Entry] = []
        self._known_entries: dict[int, int] = {}

    def write(self, content: Content) -> dict[str, Any]:
        body = {
            "journal": self._journal(content.journal),
            "lanes": [self._lane(lane) for lane in content.lanes],
            "past": [
                {
                    "step": keyframe.step,
                    "changes": keyframe.changes,
                    "lanes": [
                        {"run": self._run(lane.run), "own": self._own(lane.own), "state": self._state(lane.state)}
                        for lane in keyframe.lanes
                    ],
                }
                for keyframe in content.past
            ],
            "branches": [
                {
                    "id": branch.id,
                    "journal": self._journal(branch.journal),
                    "lanes": [self._lane(lane) for lane in branch.lanes],
                }
                for branch in content.branches
            ],
            "session": {name.name: getattr(content.saved, name.name) for name in fields(Saved)},
        }
        return body | {
            "entries": [self._entry(entry) for entry in self._entries],
            "runs": [json.loads(text) for text in self._runs],
            "own": [
                {
                    "digest": own.shape.digest,
                    "inputs": own.shape.inputs,
                    "classes": own.shape.classes,
                    "ranges": own.ranges,
                    "points": self.arrays.place(own.points),
                    "labels": self.arrays.place(own.labels),
                }
                for own in self._owns
            ],
        }

    def _run(self, run: RunSpec) -> int:
        place = self._known_runs.get(id(run))
        if place is None:
            text = json.dumps(run.to_dict())
            place = self._runs.setdefault(text, len(self._runs))
            self._known_runs[id(run)] = place
        return place

    def _own(self, own: OwnData | None) -> int | None:
        if own is None:
            return None
        if own not in self._owns:
            self._owns.append(own)
        return self._owns.index(own)

    def _journal(self, journal: Journal) -> dict[str, Any]:
        return {
            "start": [self._run(run) for run in journal.start],
            "own": self._own(journal.own),
            "dropped": journal.dropped,
            "last_dropped": None if journal.last_dropped is None else self._place(journal.last_dropped),
            "entries": [self._place(entry) for entry in journal.entries],
        }

    def _place(self, entry: Entry) -> int:
        place = self._known_entries.get(id(entry))
        if place is None:
            place = self._known_entries[id(entry)] = len(self._entries)
            self._entries.append(entry)
        return place

    def _entry(self, entry: Entry) -> dict[str, Any]:
        command = entry.change
        values = {rule.metadata["wire"] or rule.name: getattr(command, rule.name) for rule in fields(command)}
        attached = {name: np.frombuffer(values.pop(name), "u1") for name in _ATTACHED if name in values}
        return {
            "step": entry.step,
            "label": entry.label,
            "command": {"type": command.type} | {n: v for n, v in values.items() if v is not None},
            "attached": {name: self.arrays.place(array) for name, array in attached.items()},
        }

    def _lane(self, lane: LaneSnapshot) -> dict[str, Any]:
        return {
            "run": self._run(lane.run),
            "own": self._own(lane.own),
            "state": self._state(lane.state),
            "steps": self._condensed(lane.steps[1]),
            "evaluations": self._condensed(lane.evaluations[1]),
            "key": lane.key,
        }

    def _state(self, state: dict[str, Any]) -> dict[str, Any]:
        place = self.arrays.place
        return state | {
            "parameters": place(state["parameters"]),
            "running": place(state["running"]),
            "slots": {slot: place(values) for slot, values in state["slots"].items()},
        }

    def _condensed(self, condensed: Condensed) -> list[dict[str, Any]]:
        return [
            {"revision": revision} | {name: self.arrays.place(getattr(table, name)) for name in _TABLE}
            for revision, table in condensed.segments
        ]


class ContentReader:
    """The way back. Raises ValueError, KeyError, TypeError or one of their kinds for what does not fit together."""

    def __init__(self, body: dict[str, Any], arrays: ArrayReader) -> None:
        self._body = body
        self._array = arrays.array
        self._runs = [RunSpec.from_dict(run) for run in body["runs"]]
        self._owns = [self._own_data(own) for own in body["own"]]
        self._entries = [self._entry(entry) for entry in body["entries"]]
        self._starts: dict[tuple[int, ...], tuple[RunSpec, ...]] = {}

    def content(self) -> Content:
        body = self._body
        journal = self._journal(body["journal"])
        branches = (
            Branch(int(one["id"]), self._journal(one["journal"]), tuple(map(self._lane, one["lanes"])))
            for one in body["branches"]
        )
        return Content(
            journal=journal,
            lanes=tuple(map(self._lane, body["lanes"])),
            past=tuple(self._keyframe(one, journal) for one in body["past"]),
            branches=tuple(branches),
            saved=Saved(**body["session"] | {"counters": tuple(body["session"]["counters"])}),
        )

    def _own_data(self, body: dict[str, Any]) -> OwnData:
        points, labels = self._array(body["points"]), self._array(body["labels"])
        # Ranges that were not given but found are found again: the digest tells which.
        for ranges in (None, body["ranges"]):
            own = OwnData(body["inputs"], points, labels, body["classes"], ranges)
            if own.shape.digest == body["digest"]:
                return own
        raise ValueError("own data that do not fit their digest")

    def _own(self, place: int | None) -> OwnData | None:
        return None if place is None else self._owns[place]

    def _journal(self, body: dict[str, Any]) -> Journal:
        places = tuple(body["start"])
        # Journals of one origin have one and the same start, by which they know each other.
        start = self._starts.setdefault(places, tuple(self._runs[place] for place in places))
        last = body["last_dropped"]
        return Journal(
            start,
            self._own(body["own"]),
            tuple(self._entries[place] for place in body["entries"]),
            int(body["dropped"]),
            None if last is None else self._entries[last],
        )

    def _entry(self, body: dict[str, Any]) -> Entry:
        attached = {name: self._array(place).tobytes() for name, place in body["attached"].items()}
        command: Command = parse_command(json.dumps(body["command"]), attached)
        return Entry(int(body["step"]), command, str(body["label"]))

    def _keyframe(self, body: dict[str, Any], journal: Journal) -> Keyframe:
        lanes = tuple(
            LaneState(self._runs[lane["run"]], self._own(lane["own"]), self._state(lane["state"]))
            for lane in body["lanes"]
        )
        anchor = journal.anchor(int(body["changes"]))
        if anchor is None or len(lanes) == 0:
            raise ValueError("a keyframe of another journal")
        return Keyframe(int(body["step"]), int(body["changes"]), anchor, lanes, sum(lane.nbytes for lane in lanes))

    def _lane(self, body: dict[str, Any]) -> LaneSnapshot:
        state = self._state(body["state"])
        steps, evaluations = (self._condensed(body[name]) for name in ("steps", "evaluations"))
        mark = Mark(state["steps"], object(), 0)
        run, own = self._runs[body["run"]], self._own(body["own"])
        return LaneSnapshot(run, state, (mark, steps), (mark, evaluations), own, int(body["key"]))

    def _state(self, body: dict[str, Any]) -> dict[str, Any]:
        slots = {slot: self._array(place) for slot, place in body["slots"].items()}
        parameters, running = self._array(body["parameters"]), self._array(body["running"])
        return body | {"parameters": parameters, "running": running, "slots": slots}

    def _condensed(self, body: list[dict[str, Any]]) -> Condensed:
        segments = []
        for one in body:
            table = Table(*(self._array(one[name]) for name in _TABLE))
            lengths = {len(getattr(table, name)) for name in _TABLE}
            shapes = {array.shape for array in (table.mean, table.minimum, table.maximum)}
            if len(lengths) != 1 or len(shapes) != 1 or table.mean.ndim != 2:
                raise ValueError("a series whose columns differ in length")
            segments.append((int(one["revision"]), table))
        return Condensed(tuple(segments))
