"""A further lane: another's run with something changed, to be trained side by side with it from the same beginning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine import surgery
from engine.adapt import with_changes
from engine.spec import DenseSpec, RunSpec, SpecError
from engine.trainer import Trainer
from server.messages import MAX_LANES, Compare, MessageError


def compared(command: Compare, trainers: Sequence[Trainer]) -> tuple[Trainer, ...]:
    """The lanes and behind them the new one, all from their beginning: so that they start equal.

    They have the same data, the same batches and the same seed; changes that would part them are refused.
    """
    if len(trainers) == MAX_LANES:
        message = f"a further lane refused: there are at most {MAX_LANES}"
        raise MessageError("invalid", "lane", command.lane, message, command.id)
    for path, value in command.changes.items():
        if path == "seed" or path.startswith("data."):
            raise SpecError(path, value, "must be the same in all lanes, which are trained on the same data")
    source = trainers[command.lane]
    run = source.run if command.layers is None else _of_depth(source.run, command.layers)
    if command.changes:
        run = with_changes(run, command.changes)
    dataset = source.dataset if source.samples.given else None
    return (*map(surgery.afresh, trainers), Trainer(run, dataset, own=source.samples.own))


def _of_depth(run: RunSpec, layers: int) -> RunSpec:
    """The run with so many hidden layers: the first of its own, then more like the last of them."""
    hidden = run.network.hidden
    more = (hidden[-1] if hidden else DenseSpec(),) * (layers - len(hidden))
    return replace(run, network=replace(run.network, hidden=(*hidden[:layers], *more)))


def layers_exist(paths: Iterable[str], run: RunSpec) -> bool:
    """Whether the run has the hidden layers that these paths name."""
    known = {"*", *map(str, range(len(run.network.hidden)))}
    return all(path.split(".")[2] in known for path in paths if path.startswith("network.hidden."))
