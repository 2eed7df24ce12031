"""The scalars of all steps of all lanes as CSV, made in slices.

A row a step. What the series keeps as means of many steps, or of networks of another shape, is computed again from the
journal, as far as the table may be long; rows that are still means say of how many steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from engine.history import History, Replay
from engine.records import NonFiniteError
from engine.trainer import Trainer
from server.evaluations import evaluation_row
from server.labels import lane_name
from server.lane import Lane
from server.layouts import series_names
from server.series import SeriesStore, Table

MOST_CELLS: Final = 2_500_000
"""Numbers that may be computed again for one table: about 50 MB of text."""
_CHUNK: Final = 256

_Row = tuple[int, int, list[float], list[int]]
"""Step, how many steps it is the mean of (0 of none), values, and their columns."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows of one lane whose columns have the same names."""

    names: tuple[str, ...]
    table: Table
    of_steps: bool

    def rows(self, columns: dict[str, int]) -> Iterator[_Row]:
        places = [columns[name] for name in self.names]
        width = len(places)
        for start in range(0, len(self.table), _CHUNK):
            part = self.table.rows(slice(start, start + _CHUNK))
            spans = part.spans.tolist() if self.of_steps else [0] * len(part)
            for step, span, mean in zip(part.first.tolist(), spans, part.mean[:, :width].tolist(), strict=True):
                yield int(step), int(span), mean, places


class _Rows:
    """Rows with the same columns, packed into arrays every now and then: all at once would take longer than a slice."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._packed: list[Table] = [Table.nothing(len(names))]
        self._steps: list[float] = []
        self._values: list[Any] = []

    def add(self, step: int, values: Any) -> None:
        self._steps.append(step)
        self._values.append(values)
        if len(self._steps) == _CHUNK:
            self._pack()

    def _pack(self) -> None:
        self._packed.append(Table.exact(np.array(self._steps), np.array(self._values)))
        self._steps, self._values = [], []

    def piece(self, of_steps: bool) -> _Piece:
        if self._steps:
            self._pack()
        return _Piece(self.names, Table.joined(self._packed), of_steps)


class _Trace:
    """What a lane's steps and ends of epochs were when they were taken again."""

    def __init__(self, prefix: str) -> None:
        self.steps: list[_Rows] = []
        self.evaluations: list[_Rows] = []
        self._prefix = prefix
        self._trainer: Trainer | None = None

    def add(self, trainer: Trainer, evaluates: bool) -> None:
        if trainer is not self._trainer:  # which every change makes another
            self._trainer = trainer
            for kept, names in zip((self.steps, self.evaluations), series_names(trainer), strict=True):
                kept.append(_Rows(tuple(self._prefix + name for name in names)))
        self.steps[-1].add(trainer.steps, trainer.record.values.copy())
        if evaluates and trainer.epoch.is_integer() and (row := evaluation_row(trainer)) is not None:
            self.evaluations[-1].add(trainer.steps, row)


class Scalars:
    """The table as it was asked for, whatever becomes of the run meanwhile. `advance` until it is there."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        history: History[Any],
        still_there: Callable[[Sequence[Trainer]], Sequence[Trainer]],
    ) -> None:
        """`still_there` picks of the trainers of a past step those of the lanes that there are."""
        self._still_there = still_there
        self._trainers: Sequence[Trainer] = ()
        self._there: Sequence[Trainer] = ()
        prefixes = [f"{lane_name(lane.index)[-1]}." if len(lanes) > 1 else "" for lane in lanes]
        self._steps: list[list[_Piece]] = []
        self._evaluations: list[list[_Piece]] = []
        end = end_of_epochs = 0
        for prefix, lane in zip(prefixes, lanes, strict=True):
            steps, evaluations = (tuple(prefix + name for name in names) for names in series_names(lane.trainer))
            pieces = list(_pieces(lane.steps, steps, lane.revision, 1))
            self._steps.append(pieces)
            end = max(end, *(_incomplete(piece, len(steps)) for piece in pieces))
            pieces = list(_pieces(lane.evaluations, evaluations, lane.revision, 2))
            self._evaluations.append(pieces)
            end_of_epochs = max(end_of_epochs, *(_incomplete(piece, 0) for piece in pieces))
        columns = sum(len(pieces[-1].names) for pieces in self._steps)
        self._first, self._end = _within(history.earliest, max(end, end_of_epochs), columns, self._steps[0])
        self._end_of_epochs = min(self._end, end_of_epochs)
        self._traces = [_Trace(prefix) for prefix in prefixes]
        self._replay: Replay[Any] | None = None
        if self._first < self._end:
            self._replay = history.retrace(self._first, self._end, self._seen)
        self._lines: Iterator[str] | None = None
        self._text: list[str] = []
        self._rows = lanes[0].trainer.steps - self._first + 1
        self.file: bytes | None = None
        """The table, once it is there."""

    @property
    def share(self) -> float:
        """How much of the work is done, from 0 to 1."""
        again = self._end - self._first
        done = again if self._replay is None else max(0, self._replay.step - self._first)
        return min(1.0, (done + len(self._text)) / (again + self._rows))

    def advance(self, go_on: Callable[[], bool]) -> None:
        """Goes on for a slice."""
        if self._replay is not None:
            try:
                if not self._replay.advance(go_on):
                    return
            except NonFiniteError:  # on a machine with other bits: what was not reached stays as the series has it
                self._end = self._replay.step
            self._replay = None
        if self._lines is None:
            self._lines = self._written()
        for line in self._lines:
            self._text.append(line)
            if not go_on():
                return
        self.file = "".join(self._text).encode()

    def _seen(self, trainers: Sequence[Trainer]) -> None:
        if trainers is not self._trainers:  # which every change makes others
            self._trainers, self._there = trainers, self._still_there(trainers)
        evaluates = trainers[0].steps < self._end_of_epochs
        for trainer, trace in zip(self._there, self._traces, strict=False):  # the last lanes may not be there yet
            trace.add(trainer, evaluates)

    def _written(self) -> Iterator[str]:
        """Header and rows."""
        pieces: list[_Piece] = []
        for steps, evaluations, trace in zip(self._steps, self._evaluations, self._traces, strict=True):
            pieces += [_without(piece, self._first, self._end) for piece in steps]
            pieces += [rows.piece(True) for rows in trace.steps]
            pieces += [_without(piece, self._first, self._end_of_epochs) for piece in evaluations]
            pieces += [rows.piece(False) for rows in trace.evaluations]
        pieces = [piece for piece in pieces if len(piece.table) > 0]
        # The present network's columns stand first: those of others come after them.
        names = [name for kept in (*self._steps, *self._evaluations) for name in kept[-1].names]
        columns = {name: place for place, name in enumerate(dict.fromkeys(
            (*names, *(name for piece in pieces for name in piece.names))
        ))}  # fmt: skip
        yield ",".join(("step", "mean_of_steps", *columns)) + "\n"
        rows = merge(*(piece.rows(columns) for piece in pieces), key=itemgetter(0))
        for step, group in groupby(rows, key=itemgetter(0)):
            cells, most = [""] * len(columns), 0
            for _, span, values, places in group:
                most = max(most, span)
                for place, value in zip(places, values, strict=True):
                    cells[place] = repr(value)
            yield f"{step},{most or ''},{','.join(cells)}\n"


def _pieces(store: SeriesStore, names: tuple[str, ...], revision: int, kept: int) -> Iterator[_Piece]:
    """All rows of a series. Of networks of other shapes only the first columns are known by name."""
    since, more = 0, True
    while more:
        reading = store.read(since, 1 << 30)
        known = names if reading.revision == revision else names[:kept]
        width = min(len(known), reading.table.mean.shape[1])
        yield _Piece(known[:width], reading.table, kept == 1)
        since, more = reading.next_step, reading.more


def _incomplete(piece: _Piece, width: int) -> int:
    """The step before which rows are means, or lack columns of so many."""
    table = piece.table
    if len(table) == 0:
        return 0
    if len(piece.names) < width:
        return int(table.last[-1]) + 1
    means = np.flatnonzero(table.spans > 1)
    return int(table.last[means[-1]]) + 1 if len(means) else 0


def _within(earliest: int, end: int, columns: int, steps: Sequence[_Piece]) -> tuple[int, int]:
    """From which step to which is computed again: where a row begins, and no more than there is room for."""
    bound = max(earliest, end - MOST_CELLS // columns)
    starts = np.concatenate([piece.table.first for piece in steps])
    later = starts[(starts >= bound) & (starts < end)]
    return (int(later[0]), end) if len(later) else (end, end)


def _without(piece: _Piece, first: int, end: int) -> _Piece:
    """The rows that were not computed again."""
    table = piece.table
    low, high = np.searchsorted(table.first, (first, end)).tolist()
    rest = Table.joined((table.rows(slice(0, low)), table.rows(slice(high, None))))
    return _Piece(piece.names, rest, piece.of_steps)
