"""The scalars of all steps as CSV: a row a step, or a row of means where the series keeps older steps as buckets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from server.series import SeriesStore, Table


def scalars_csv(
    steps: SeriesStore, evaluations: SeriesStore, columns: Sequence[str], measures: Sequence[str], revision: int
) -> str:
    """Both series in one table, by steps. Of networks of other shapes only the loss (and the losses of evaluations) is
    known by name.
    """
    rows: dict[float, dict[str, object]] = {}
    for store, names, kept in ((steps, columns, 1), (evaluations, measures, 2)):
        since, more = 0, True
        while more:
            reading = store.read(since, 1 << 30)
            known = names if reading.revision == revision else names[:kept]
            _take(rows, reading.table, known, store is steps)
            since, more = reading.next_step, reading.more
    text = io.StringIO()
    writer = csv.DictWriter(text, ["step", "steps", *columns, *measures], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[step] for step in sorted(rows))
    return text.getvalue()


def _take(rows: dict[float, dict[str, object]], table: Table, names: Sequence[str], is_steps: bool) -> None:
    for first, span, mean in zip(table.first.tolist(), table.spans.tolist(), table.mean.tolist(), strict=True):
        row = rows.setdefault(first, {"step": int(first), "steps": ""})
        if is_steps:
            row["steps"] = int(span)
        row.update(zip(names, mean, strict=False))
