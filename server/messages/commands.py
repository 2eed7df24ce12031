"""Commands: what the page asks for.

A closed union of frozen dataclasses; each member's `type` is its tag on the wire and its field names are the wire's
own. A command states the rule of each field beside it; `parse_command` reads a message by them.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

from engine.spec import LIMITS, RunSpec
from server.messages.fields import (
    LARGEST_INTEGER,
    attached,
    changes,
    checked,
    either,
    flag,
    integer,
    names,
    number,
    one_of,
    optional,
    place,
    ranges,
    some_of,
    spec,
    text,
)

PROTOCOL_VERSION = 1
MESSAGE_LIMIT = 65_536
BINARY_LIMIT = 3 * 2**20
"""Bytes of a binary message: 20,000 rows of 32 inputs and a label, and their names."""
MAX_LANES = 4
FILE_LIMIT = 32 * 2**20
"""Bytes of a saved run."""
EXPORTS = ("run", "pytorch", "numpy", "series", "none")
"""What a run can be taken away as."""
# fmt: off
FRAME_SECTIONS = (
    "parameters", "gradients", "updates", "inputs", "activations", "deltas", "pre_activations", "targets", "norms",
    "unit_deltas", "scales", "samples", "stations", "chi", "shares", "histograms", "histogram_axes",
    "singular_values",
)
ON_REQUEST = frozenset({"stations", "chi", "shares", "histograms", "histogram_axes", "singular_values"})
"""Sections that cost about as much as a step: only who names them gets them."""
# fmt: on

_ID = checked(integer(0, LARGEST_INTEGER))
_LANE = checked(integer(0, MAX_LANES - 1))
_LANES = checked(
    either("all", integer(0, MAX_LANES - 1), f'must be a whole number from 0 to {MAX_LANES - 1}, or "all"')
)

InspectedKind = Literal["weight", "bias", "scale", "shift", "unit", "loss", "walk"]
"""What can be inspected, as the engine calls it; a stage of a walk through the step too."""

Lanes = int | Literal["all"]
"""Which lane a change goes to, or all of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Command:
    """`id` counts up from 1 in each page."""

    type: ClassVar[str]
    id: int = field(metadata=checked(integer(1, LARGEST_INTEGER)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Hello(_Command):
    """Opens a session, with `spec` if given, or rejoins the one that `token` names. Always the first message.

    `page` is a name that a page gives itself while it is loaded: its new connection takes the place of its old one.
    """

    type: ClassVar[str] = "hello"
    version: int = field(metadata=checked(integer(0, LARGEST_INTEGER)))
    token: str | None = field(default=None, metadata=checked(optional(text(200))))
    spec: RunSpec | None = field(default=None, metadata=checked(optional(spec)))
    page: str | None = field(default=None, metadata=checked(optional(text(64))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Play(_Command):
    """Trains at the session's pace."""

    type: ClassVar[str] = "play"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(_Command):
    """Stops after the step under way."""

    type: ClassVar[str] = "pause"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step(_Command):
    """Takes `count` steps and pauses."""

    type: ClassVar[str] = "step"
    count: int = field(default=1, metadata=checked(integer(1, 10_000)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace(_Command):
    """Sets the pace in steps a second; null is as fast as possible."""

    type: ClassVar[str] = "pace"
    steps_per_second: float | None = field(metadata=checked(optional(number(0.1, 100_000))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset(_Command):
    """The same spec and seed afresh: the same initial weights, step 0, paused."""

    type: ClassVar[str] = "reset"


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSeed(_Command):
    """The same spec with another seed, afresh. Without `seed` one is drawn."""

    type: ClassVar[str] = "new_seed"
    seed: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Open(_Command):
    """Another run, afresh."""

    type: ClassVar[str] = "open"
    spec: RunSpec = field(metadata=checked(spec))


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch(_Command):
    """Changes fields of a lane's spec, or of all: all or none. Patches of one `gesture` are one step of undo.

    With `restart` the run begins afresh with them, from its own seed, instead of going on with its weights.
    """

    type: ClassVar[str] = "patch"
    lane: Lanes = field(metadata=_LANES)
    changes: dict[str, Any] = field(metadata=checked(changes()))
    gesture: str | None = field(default=None, metadata=checked(optional(text(100))))
    restart: bool = field(default=False, metadata=checked(flag))


@dataclass(frozen=True, kw_only=True, slots=True)
class Compare(_Command):
    """A further lane: the run of `lane` with so many hidden `layers` and these changes. All lanes begin afresh, or from
    here all go on, the new one with what that lane has learned."""

    type: ClassVar[str] = "compare"
    lane: int = field(metadata=_LANE)
    changes: dict[str, Any] = field(default_factory=dict, metadata=checked(changes(0)))
    layers: int | None = field(default=None, metadata=checked(optional(integer(0, LIMITS["hidden_layers"]))))
    start: str = field(default="beginning", metadata=checked(one_of("beginning", "here")))


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveLane(_Command):
    """Ends a lane; those behind it move up."""

    type: ClassVar[str] = "remove_lane"
    lane: int = field(metadata=_LANE)


@dataclass(frozen=True, kw_only=True, slots=True)
class UseOwnData(_Command):
    """Trains on data that the page brings; a binary message, whose sections `points` and `labels` become fields.

    `classes` are empty where the labels are numbers to fit. `ranges` say what is drawn, a [low, high] for each input.
    Messages of one `gesture` (a stroke that draws points) are one step of undo.
    """

    type: ClassVar[str] = "own_data"
    lane: int = field(metadata=_LANE)
    inputs: tuple[str, ...] = field(metadata=checked(names(1_000)))
    classes: tuple[str, ...] = field(metadata=checked(names(1_000)))
    ranges: tuple[tuple[float, float], ...] | None = field(default=None, metadata=checked(optional(ranges)))
    points: bytes = field(metadata=checked(attached), repr=False)
    labels: bytes = field(metadata=checked(attached), repr=False)
    gesture: str | None = field(default=None, metadata=checked(optional(text(100))))

    @property
    def nbytes(self) -> int:
        return len(self.points) + len(self.labels)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddLayer(_Command):
    """Inserts a hidden layer before hidden layer `index`, or behind the last."""

    type: ClassVar[str] = "add_layer"
    lane: Lanes = field(metadata=_LANES)
    index: int = field(metadata=_ID)
    units: int | None = field(default=None, metadata=checked(optional(integer(1, LARGEST_INTEGER))))


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveLayer(_Command):
    """Removes the hidden layer with the id `layer`."""

    type: ClassVar[str] = "remove_layer"
    lane: Lanes = field(metadata=_LANES)
    layer: int = field(metadata=_ID)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddUnit(_Command):
    """Adds a unit at the end of the hidden layer with the id `layer`."""

    type: ClassVar[str] = "add_unit"
    lane: Lanes = field(metadata=_LANES)
    layer: int = field(metadata=_ID)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveUnit(_Command):
    """Removes the unit with the id `unit`, or else the last, of the hidden layer with the id `layer`."""

    type: ClassVar[str] = "remove_unit"
    lane: Lanes = field(metadata=_LANES)
    layer: int = field(metadata=_ID)
    unit: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))


@dataclass(frozen=True, kw_only=True, slots=True)
class SetParameter(_Command):
    """Types one number in: entry `index` of a tensor of the layer with the id `layer`."""

    type: ClassVar[str] = "set_parameter"
    lane: int = field(metadata=_LANE)
    layer: int = field(metadata=_ID)
    tensor: str = field(metadata=checked(one_of("weight", "bias", "scale", "shift")))
    index: tuple[int, ...] = field(metadata=checked(place))
    value: float = field(metadata=checked(number()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo(_Command):
    """Takes back the last change, with parameters, optimizer state and step."""

    type: ClassVar[str] = "undo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Redo(_Command):
    """Brings back what the last undo took."""

    type: ClassVar[str] = "redo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look(_Command):
    """Looks at a past step, in all lanes, without losing the present; without `step`, at the present again."""

    type: ClassVar[str] = "look"
    step: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))


@dataclass(frozen=True, kw_only=True, slots=True)
class Continue(_Command):
    """Goes on from the past step that is looked at; what came after it stays as a branch."""

    type: ClassVar[str] = "continue"


@dataclass(frozen=True, kw_only=True, slots=True)
class TakeBranch(_Command):
    """Returns to a branch, where it ended; the present run becomes one."""

    type: ClassVar[str] = "take_branch"
    branch: int = field(metadata=_ID)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenFile(_Command):
    """Goes on with a saved run; a binary message, whose section `file` becomes the field."""

    type: ClassVar[str] = "open_file"
    file: bytes = field(metadata=checked(attached), repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Export(_Command):
    """Asks for a file of the run. Answered by one binary message of kind 7."""

    type: ClassVar[str] = "export"
    what: str = field(metadata=checked(one_of(*EXPORTS)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscribe(_Command):
    """What pictures contain for this page."""

    type: ClassVar[str] = "subscribe"
    sections: tuple[str, ...] = field(metadata=checked(some_of(*FRAME_SECTIONS)))
    maps: bool = field(metadata=checked(flag))
    unit_maps: bool = field(metadata=checked(flag))


@dataclass(frozen=True, kw_only=True, slots=True)
class Series(_Command):
    """Asks for rows of a series, from a step on. Answered by one binary message."""

    type: ClassVar[str] = "series"
    lane: int = field(metadata=_LANE)
    series: str = field(metadata=checked(one_of("steps", "evaluations")))
    timeline: int = field(metadata=_ID)
    from_step: int = field(metadata=checked(integer(0, LARGEST_INTEGER), wire="from"))
    limit: int = field(metadata=checked(integer(1, 4_096)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspect(_Command):
    """Asks where a number of the shown step came from. Answered by an event `inspection`.

    `layer` and `unit` are ids, `from` a place in what the layer reads, `sample` a place in the batch; `stage` is a
    walk's. With `check` the parameter is nudged, to measure its gradient.
    """

    type: ClassVar[str] = "inspect"
    lane: int = field(metadata=_LANE)
    kind: InspectedKind = field(metadata=checked(one_of(*get_args(InspectedKind))))
    layer: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))
    unit: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))
    origin: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER)), wire="from"))
    stage: int | None = field(default=None, metadata=checked(optional(integer(0, LARGEST_INTEGER))))
    sample: int | None = field(default=None, metadata=checked(optional(integer(0, LIMITS["batch_size"] - 1))))
    check: bool = field(default=False, metadata=checked(flag))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ack(_Command):
    """The picture with this number was drawn."""

    type: ClassVar[str] = "ack"
    picture: int = field(metadata=_ID)


Command = (
    Hello
    | Play
    | Pause
    | Step
    | Pace
    | Reset
    | NewSeed
    | Open
    | Patch
    | Compare
    | RemoveLane
    | UseOwnData
    | AddLayer
    | RemoveLayer
    | AddUnit
    | RemoveUnit
    | SetParameter
    | Undo
    | Redo
    | Look
    | Continue
    | TakeBranch
    | OpenFile
    | Export
    | Subscribe
    | Series
    | Inspect
    | Ack
)
COMMANDS: dict[str, type[Command]] = {member.type: member for member in get_args(Command)}
