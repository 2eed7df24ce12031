"""The series of one lane, and how they are written: the scalars of many steps at once, an evaluation at a time."""

from __future__ import annotations

from typing import Final

from engine.evaluation import Evaluation
from engine.records import StepRecord, rows_of
from server.evaluations import row_of
from server.messages.events import SeriesLayout
from server.series import Condensed, Mark, SeriesStore
from server.verdicts import Findings

KEPT_STEPS: Final = 1
KEPT_EVALUATIONS: Final = 2
"""Columns that survive in old revisions: the loss, and train and test loss."""

Kept = tuple[Mark, Condensed]


class Tape:
    """Steps and evaluations. What is handed on of the steps goes to the observer of `findings` as well."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._records: list[StepRecord] = []
        self.restart()

    def restart(self) -> None:
        """Nothing was before."""
        self.hand_on()
        self._steps = SeriesStore(KEPT_STEPS)
        self.evaluations = SeriesStore(KEPT_EVALUATIONS)

    def load(self, steps: Condensed, evaluations: Condensed) -> None:
        """Goes on from other series."""
        self.hand_on()
        self._steps = SeriesStore.restored(steps, KEPT_STEPS)
        self.evaluations = SeriesStore.restored(evaluations, KEPT_EVALUATIONS)

    @property
    def steps(self) -> SeriesStore:
        """The scalars of all steps done."""
        self.hand_on()
        return self._steps

    def begin(self, revision: int, columns: SeriesLayout) -> None:
        """From now on rows have these columns."""
        self.steps.begin(revision, len(columns["steps"]))
        self.evaluations.begin(revision, len(columns["evaluations"]))

    def add(self, record: StepRecord) -> None:
        """A step. Whoever reads the series, or judges the run, has it handed on first."""
        self._records.append(record)

    @property
    def is_due(self) -> bool:
        """Whether the observer waits for what was not handed on yet."""
        return self._findings.observer.is_due(len(self._records))

    def hand_on(self) -> None:
        """Gives the last steps to the series and to the observer: all at once, which is many times quicker."""
        if self._records:
            first, rows = self._records[0].step - 1, rows_of(self._records)
            self._records.clear()
            self._steps.extend(first, rows)
            self._findings.observer.steps(rows)

    def evaluate(self, step: int, evaluation: Evaluation) -> None:
        """The end of an epoch, or step 0."""
        self.evaluations.append(step, row_of(evaluation))
        self._findings.observer.epoch(evaluation)

    # Going back

    def kept(self, step: int) -> tuple[Kept, Kept]:
        """Steps and evaluations, to go back to while the lane is at `step`."""
        steps, evaluations = self.steps, self.evaluations
        return (steps.mark(step), steps.condensed()), (evaluations.mark(step), evaluations.condensed())

    def go_back(self, steps: Kept, evaluations: Kept) -> bool:
        """To what was kept: cut off where that is possible, else to what was kept of it, which is another past. Says
        whether the past is the same.
        """
        if self.steps.go_back(steps[0]) and self.evaluations.go_back(evaluations[0]):
            return True
        self.load(steps[1], evaluations[1])
        return False

    def cut_off(self, step: int) -> None:
        """Forgets what there is from `step` on."""
        self.steps.cut_off(step)
        self.evaluations.cut_off(step)

    def renumber(self, revision: int, first_free: int) -> int:
        """Gives rows from elsewhere revisions that nobody has yet; returns how many it took."""
        taken = self.steps.renumber(revision, first_free)
        return taken + self.evaluations.renumber(revision, first_free + taken)
