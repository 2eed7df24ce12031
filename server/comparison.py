"""A further lane: another's run with something changed, to be trained side by side with it.

Both start equal from the beginning; or the new one goes on from here, with what the other has learned, and what is
changed of it is changed as in a run that goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from engine import surgery
from engine.adapt import with_changes
from engine.spec import DenseSpec, RunSpec, SpecError
from engine.trainer import Trainer
from server.labels import lane_name
from server.messages import MAX_LANES, Compare, Diverged, MessageError

_INITIAL: Final = ("init", "init_gain")
"""How the paths of initial weights and biases end, of hidden layers and of the output."""


def compared(command: Compare, trainers: Sequence[Trainer]) -> tuple[Trainer, ...]:
    """The lanes and behind them the new one: all from their beginning, or from here the others as they are.

    They have the same data, the same batches and the same seed; changes that would part them are refused.
    """
    if len(trainers) == MAX_LANES:
        message = f"a further lane refused: there are at most {MAX_LANES}"
        raise MessageError("invalid", "lane", command.lane, message, command.id)
    for path, value in command.changes.items():
        if path == "seed" or path.startswith("data."):
            raise SpecError(path, value, "must be the same in all lanes, which are trained on the same data")
    source = trainers[command.lane]
    if command.start == "here":
        return (*trainers, _forked(command, source))
    run = source.run if command.layers is None else _of_depth(source.run, command.layers)
    if command.changes:
        run = with_changes(run, command.changes)
    dataset = source.dataset if source.samples.given else None
    return (*map(surgery.afresh, trainers), Trainer(run, dataset, own=source.samples.own))


def refuse_overflow(diverged: Diverged | None, command_id: int) -> None:
    """Raises MessageError where a lane cannot take the coming step: the new one could not take it either."""
    if diverged is None:
        return
    why = f"the numbers of {lane_name(diverged.lane)} overflow at step {diverged.step:,}, and no lane goes on alone"
    message = f"a lane from here refused: {why}. Start from the beginning, or from an earlier step."
    raise MessageError("diverged", "start", "here", message, command_id)


def _forked(command: Compare, source: Trainer) -> Trainer:
    """What the lane would be after these changes, with all that it learned, its step and its place in the epoch."""
    trainer = source if command.layers is None else _with_depth(source, command.layers)
    run = with_changes(trainer.run, command.changes) if command.changes else trainer.run
    if surgery.begins_afresh(trainer, run):
        path = next(path for path in command.changes if path.endswith(_INITIAL))
        rule = "acts only at the start, so a lane from here cannot differ in it; start from the beginning"
        raise SpecError(path, command.changes[path], rule)
    if run != trainer.run:
        trainer = surgery.change(trainer, run)
    if trainer is source:
        message = f"a lane from here refused: it must differ from {lane_name(command.lane)} in a setting at least"
        raise MessageError("invalid", None, None, message, command.id)
    return trainer


def _with_depth(trainer: Trainer, layers: int) -> Trainer:
    """With so many hidden layers: further ones behind the last pass on what they read, or the last ones go."""
    while len(trainer.run.network.hidden) < layers:
        trainer = surgery.add_layer(trainer, len(trainer.run.network.hidden))
    while len(trainer.run.network.hidden) > layers:
        trainer = surgery.remove_layer(trainer, trainer.identity.layers[-2].id)
    return trainer


def _of_depth(run: RunSpec, layers: int) -> RunSpec:
    """The run with so many hidden layers: the first of its own, then more like the last of them."""
    hidden = run.network.hidden
    more = (hidden[-1] if hidden else DenseSpec(),) * (layers - len(hidden))
    return replace(run, network=replace(run.network, hidden=(*hidden[:layers], *more)))


def layers_exist(paths: Iterable[str], run: RunSpec) -> bool:
    """Whether the run has the hidden layers that these paths name."""
    known = {"*", *map(str, range(len(run.network.hidden)))}
    return all(path.split(".")[2] in known for path in paths if path.startswith("network.hidden."))
