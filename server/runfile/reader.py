"""The way back from JSON with arrays to a run."""

from __future__ import annotations

import json
from typing import Any

from engine.data import OwnData
from engine.history import Keyframe, LaneState
from engine.spec import RunSpec
from server.branches import Branch
from server.journal import Entry, Journal
from server.messages import Command, parse_command
from server.runfile.arrays import ArrayReader
from server.runfile.content import Content, Saved
from server.runfile.memory import read_memory
from server.runfile.writer import TABLE
from server.series import Condensed, Mark, Table
from server.snapshot import LaneSnapshot
from server.undo import Snapshot


class ContentReader:
    """A content from its JSON. Raises ValueError, KeyError, TypeError or one of their kinds for what does not fit."""

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
        past_branches = [self._branch(one) for one in body.get("past_branches", ())]
        undo, redo = (
            tuple(self._snapshot(one, past_branches) for one in body.get(stack, ())) for stack in ("undo", "redo")
        )
        session = body["session"]
        stopping = tuple((float.fromhex(best), int(epochs)) for best, epochs in session.get("stopping", ()))
        return Content(
            journal=journal,
            lanes=tuple(map(self._lane, body["lanes"])),
            past=tuple(self._keyframe(one, journal) for one in body["past"]),
            branches=tuple(map(self._branch, body["branches"])),
            saved=Saved(**session | {"counters": tuple(session["counters"]), "stopping": stopping}),
            undo=undo,
            redo=redo,
        )

    def _branch(self, body: dict[str, Any]) -> Branch:
        return Branch(int(body["id"]), self._journal(body["journal"]), tuple(map(self._lane, body["lanes"])))

    def _snapshot(self, body: dict[str, Any], past_branches: list[Branch]) -> Snapshot:
        return Snapshot(
            label=str(body["label"]),
            gesture=None if body["gesture"] is None else str(body["gesture"]),
            lanes=tuple(map(self._lane, body["lanes"])),
            journal=self._journal(body["journal"]),
            opened=bool(body["opened"]),
            branches=tuple(past_branches[place] for place in body["branches"]),
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
        observed = read_memory(body.get("observed"), self._array)
        return LaneSnapshot(run, state, (mark, steps), (mark, evaluations), own, int(body["key"]), observed)

    def _state(self, body: dict[str, Any]) -> dict[str, Any]:
        slots = {slot: self._array(place) for slot, place in body["slots"].items()}
        parameters, running = self._array(body["parameters"]), self._array(body["running"])
        return body | {"parameters": parameters, "running": running, "slots": slots}

    def _condensed(self, body: list[dict[str, Any]]) -> Condensed:
        segments = []
        for one in body:
            table = Table(*(self._array(one[name]) for name in TABLE))
            lengths = {len(getattr(table, name)) for name in TABLE}
            shapes = {array.shape for array in (table.mean, table.minimum, table.maximum)}
            if len(lengths) != 1 or len(shapes) != 1 or table.mean.ndim != 2:
                raise ValueError("a series whose columns differ in length")
            segments.append((int(one["revision"]), table))
        return Condensed(tuple(segments))
