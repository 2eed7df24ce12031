"""Run files: written and read, and looked at for whether the same bits follow here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from engine.history import History, LaneState
from engine.records import NonFiniteError
from engine.spec import SpecError
from server.messages import Command, MessageError
from server.runfile.arrays import ArrayReader
from server.runfile.container import RunFileError, here, pack, unpack
from server.runfile.content import Content
from server.runfile.reader import ContentReader
from server.runfile.writer import ContentWriter
from server.travel import applied

CHECKED_STEPS: Final = 1_000
"""So many steps are taken again at most, to see whether the same bits follow."""


def write(content: Content) -> bytes:
    """The file of a run."""
    writer = ContentWriter()
    body = writer.write(content)
    return pack(body, writer.arrays.joined())


def read(file: bytes) -> tuple[Content, str]:
    """The run in a file, and what is to be said of its bits ("" where they are those of here).

    Raises RunFileError, a sentence, where it is damaged, of another version, or does not fit together.
    """
    body, made, flat = unpack(file)
    try:
        content = ContentReader(body, ArrayReader(flat)).content()
        for lane in content.lanes:
            LaneState(lane.run, lane.own, lane.state).trainer()
        if len({lane.state["steps"] for lane in content.lanes}) != 1:
            raise ValueError("lanes at different steps")
        same = _same_bits_follow(content)
    except (SpecError, MessageError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise RunFileError(f"the file refused: its parts do not fit together ({error})") from None
    return content, _note(made, same)


def _same_bits_follow(content: Content) -> bool | None:
    """Whether the last keyframe before the present leads to it here; None where there is none near enough."""
    history: History[Command] = History(content.journal, applied)
    now = int(content.lanes[0].state["steps"])
    history.add(keyframe for keyframe in content.past if keyframe.step < now)
    if not history.keyframes or now - history.keyframes[-1].step > CHECKED_STEPS:
        return None
    replay = history.replay(now)
    try:
        replay.advance()
    except NonFiniteError:
        return False
    reached = [trainer.state() for trainer in replay.trainers]
    return len(reached) == len(content.lanes) and all(
        _same(state, lane.state) for state, lane in zip(reached, content.lanes, strict=True)
    )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one.keys() != other.keys():
        return False
    for name, value in one.items():
        if isinstance(value, Mapping):
            if not _same(value, other[name]):
                return False
        elif isinstance(value, np.ndarray):
            if value.tobytes() != other[name].tobytes():
                return False
        elif value != other[name]:
            return False
    return True


def _note(made: Mapping[str, str], same: bool | None) -> str:
    elsewhere = made != here()
    if not elsewhere and same is not False:
        return ""
    where = ""
    if elsewhere:
        differs = [f"{name} {made[name]} (here {here()[name]})" for name in made if made[name] != here()[name]]
        where = f"It was saved with {' and '.join(differs)}, so later bits may differ. "
    if same is None:
        return f"{where}None of its keyframes is near enough to compute it again."
    found = "gives the same bits here" if same else "gives other bits here; the run goes on from the file's own numbers"
    return f"{where}Its last keyframe, computed on from, {found}."
