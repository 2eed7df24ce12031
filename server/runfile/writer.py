"""A run as JSON with arrays. What many share is written once and named by its place: specs, own data, entries of
journals, branches.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

import numpy as np

from engine.data import OwnData
from engine.spec import RunSpec
from server.branches import Branch
from server.journal import Entry, Journal
from server.runfile.arrays import ArrayWriter
from server.runfile.content import Content, Saved
from server.runfile.memory import written
from server.series import Condensed
from server.snapshot import LaneSnapshot
from server.undo import Snapshot

TABLE: Final = ("first", "last", "spans", "mean", "minimum", "maximum")
ATTACHED: Final = ("points", "labels")
"""Fields of commands that are numbers, and lie in an array."""


class ContentWriter:
    """A content as JSON; its arrays are collected in `arrays`."""

    def __init__(self) -> None:
        self.arrays = ArrayWriter()
        self._runs: dict[str, int] = {}
        self._known_runs: dict[int, int] = {}
        self._owns: list[OwnData] = []
        self._entries: list[Entry] = []
        self._known_entries: dict[int, int] = {}
        self._past_branches: list[Branch] = []
        self._known_branches: dict[int, int] = {}

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
            "branches": [self._branch(branch) for branch in content.branches],
            "undo": [self._snapshot(snapshot) for snapshot in content.undo],
            "redo": [self._snapshot(snapshot) for snapshot in content.redo],
            "session": {name.name: getattr(content.saved, name.name) for name in fields(Saved)}
            | {"stopping": [(best.hex(), epochs) for best, epochs in content.saved.stopping]},
        }
        return body | {
            "past_branches": [self._branch(branch) for branch in self._past_branches],
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

    def _branch(self, branch: Branch) -> dict[str, Any]:
        lanes = [self._lane(lane) for lane in branch.lanes]
        return {"id": branch.id, "journal": self._journal(branch.journal), "lanes": lanes}

    def _snapshot(self, snapshot: Snapshot) -> dict[str, Any]:
        return {
            "label": snapshot.label,
            "gesture": snapshot.gesture,
            "opened": snapshot.opened,
            "journal": self._journal(snapshot.journal),
            "lanes": [self._lane(lane) for lane in snapshot.lanes],
            "branches": [self._past_branch(branch) for branch in snapshot.branches],
        }

    def _past_branch(self, branch: Branch) -> int:
        place = self._known_branches.get(id(branch))
        if place is None:
            place = self._known_branches[id(branch)] = len(self._past_branches)
            self._past_branches.append(branch)
        return place

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
        attached = {name: np.frombuffer(values.pop(name), "u1") for name in ATTACHED if name in values}
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
            "observed": written(lane.observed, self.arrays.place),
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
            {"revision": revision} | {name: self.arrays.place(getattr(table, name)) for name in TABLE}
            for revision, table in condensed.segments
        ]
