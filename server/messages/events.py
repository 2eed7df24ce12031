"""Events: what the server tells the page.

A closed union of frozen dataclasses; each member's `type` is its tag on the wire and its field names are the wire's
own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NotRequired, Self, TypedDict, get_args

from engine.spec import SpecError
from server.messages.commands import PROTOCOL_VERSION
from server.messages.event import Event as Base
from server.messages.fields import shown
from server.messages.inspection import Inspection
from server.messages.parse import MessageError, RejectionCode

State = Literal["paused", "playing", "diverged"]
Role = Literal["controller", "watcher"]
ClosingCode = Literal["version", "unknown_session", "full", "too_large", "too_slow", "shutdown", "idle"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Welcome(Base):
    """The session is open; once, first."""

    type: ClassVar[str] = "welcome"
    server: str
    token: str
    role: Role
    resumed: bool
    version: int = PROTOCOL_VERSION


@dataclass(frozen=True, kw_only=True, slots=True)
class Spec(Base):
    """The spec of a lane, at the start and whenever it changed."""

    type: ClassVar[str] = "spec"
    lane: int
    spec: dict[str, Any]
    step: int


class LayerLayout(TypedDict):
    """One layer, in forward order; `weight`, `bias` and `unit` are its places in what a frame holds."""

    id: int
    kind: str
    role: Literal["hidden", "output"]
    units: int
    unit_ids: list[int]
    fan_in: int
    activation: str
    activation_options: dict[str, float]
    normalization: str
    dropout: float
    residual: bool
    weight: int
    bias: int
    scale: int | None
    shift: int | None
    unit: int


class DataLayout(TypedDict):
    """What the data set is; `version` is that of the data message."""

    version: int
    name: str
    task: str
    classes: list[str]
    inputs: list[str]
    samples: int
    train: int
    test: int
    batches: int


class MapsLayout(TypedDict):
    """How the maps of a lane lie; sizes are [width, height]."""

    form: Literal["plane", "curve", "samples"]
    grid: NotRequired[list[int]]
    unit: NotRequired[list[int]]
    x: NotRequired[list[float]]
    y: NotRequired[list[float]]
    image: NotRequired[list[int]]


class SeriesLayout(TypedDict):
    """The columns of the two series."""

    steps: list[str]
    evaluations: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout(Base):
    """Names, shapes and places of everything in a lane's frames; always before the first frame of its revision.

    `past`: it is that of a past step which is looked at; the present's series go on in the present's columns.
    """

    type: ClassVar[str] = "layout"
    lane: int
    revision: int
    timeline: int
    from_step: int
    past: bool = False
    inputs: list[str]
    layers: list[LayerLayout]
    parameters: int
    units: int
    data: DataLayout
    maps: MapsLayout
    series: SeriesLayout


class ReplayProgress(TypedDict):
    """The way to a past step: where it set out, where it is, where it goes."""

    from_step: int
    step: int
    target: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Status(Base):
    """What the session does; on every change, and at most four times a second while playing.

    `step` and `epoch` are the present's; `looking` is the past step that is shown in its place, and `replay` the way to
    another one; `writing` is how much of a file that takes its time is done, from 0 to 1.
    `watchers` and `role` are the connection's, filled in by whoever sends it.
    """

    type: ClassVar[str] = "status"
    state: State
    pace: float | None
    steps_per_second: float
    step: int
    epoch: float
    undo: str | None
    redo: str | None
    lanes: int = 1
    looking: int | None = None
    replay: ReplayProgress | None = None
    writing: float | None = None
    watchers: int = 0
    role: Role = "controller"


class Mark(TypedDict):
    """A change of the present run: at which step, and what it was in words."""

    step: int
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks(Base):
    """The latest changes of the present run; `earliest` is the first step that can be looked at, and `begins` the step
    from which each lane was forked off another, 0 where it was not."""

    type: ClassVar[str] = "marks"
    earliest: int
    marks: list[Mark]
    begins: list[int]


class BranchLine(TypedDict):
    """A branch: where it parted from the present run, where it ends, and its loss (of lane 0) at some of its steps."""

    id: int
    name: str
    from_step: int
    step: int
    steps: list[float]
    losses: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Branches(Base):
    """The futures that can be returned to."""

    type: ClassVar[str] = "branches"
    branches: list[BranchLine]


class Score(TypedDict):
    """Loss and metrics over one side of the split; None where one means nothing: ``accuracy`` and ``confusion`` (rows
    are true classes, columns predicted ones) for regression, ``r_squared`` for classification."""

    loss: float
    accuracy: float | None
    confusion: Sequence[Sequence[int]] | None
    r_squared: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation(Base):
    """Train and test loss of a lane and how well it does, with maps. For each layer the shares of saturated activations
    and of dead units over the training data; None where its activation knows no such thing.
    """

    type: ClassVar[str] = "evaluation"
    lane: int
    step: int
    train: Score
    test: Score
    saturated: list[float | None]
    dead: list[float | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied(Base):
    """A command was applied; `label` says in words what was done."""

    type: ClassVar[str] = "applied"
    command: int
    step: int
    revision: int
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected(Base):
    """A command was refused and changed nothing; `message` is one sentence with the field and the rule."""

    type: ClassVar[str] = "rejected"
    command: int
    code: RejectionCode
    field: str | None
    value: Any
    message: str

    @classmethod
    def of(cls, error: MessageError | SpecError, command: int = 0) -> Self:
        """The answer to what raised `error`; `command` is the command's id, where the error does not know it."""
        if isinstance(error, SpecError):
            return cls(command=command, code="invalid", field=error.field, value=shown(error.value), message=str(error))
        return cls(
            command=error.command_id or command,
            code=error.code,
            field=error.field,
            value=shown(error.value),
            message=error.message,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Diverged(Base):
    """Numbers stopped being finite in a lane; nothing of that step was committed."""

    type: ClassVar[str] = "diverged"
    lane: int
    step: int
    layer: int
    layer_id: int
    tensor: str
    message: str


class NormsOfLayer(TypedDict):
    """Root mean squares of a layer's tensors (the weights' without the biases); None where one is not finite."""

    pre_activation: float | None
    activation: float | None
    delta: float | None
    gradient: float | None
    weight: float | None
    update: float | None


class PassNorms(TypedDict):
    """A pass after so many steps, layer by layer in forward order."""

    step: int
    layers: list[NormsOfLayer]


class LeadingStep(TypedDict):
    """One of the last rows of the series: the loss, and norms of each layer."""

    step: int
    loss: float
    delta: list[float]
    gradient: list[float]
    weight: list[float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Autopsy(Base):
    """What led to numbers that are not finite: the last finite pass, the one that overflowed, the steps before."""

    type: ClassVar[str] = "autopsy"
    lane: int
    step: int
    layer: int
    layer_id: int
    tensor: str
    finite: PassNorms | None
    overflowed: PassNorms
    steps: list[LeadingStep]


class CureOffer(TypedDict):
    """A change that was measured to help from here: applied with the weights kept, or from the start."""

    cure: str
    title: str
    short: str
    way: Literal["keep", "restart"]
    changes: dict[str, Any]


class Verdict(TypedDict):
    """One finding: where (ids of layers), since which step, the numbers, what, why, whose threshold, what helps."""

    name: str
    layers: list[int]
    since: int
    numbers: dict[str, float]
    sentence: str
    why: str
    source: str
    cures: list[CureOffer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdicts(Base):
    """What holds of a lane, weightiest first, as judged after `step` steps."""

    type: ClassVar[str] = "verdicts"
    lane: int
    step: int
    verdicts: list[Verdict]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stopped(Base):
    """Early stopping: the test loss has not fallen for as long as the run has patience, so training was paused."""

    type: ClassVar[str] = "stopped"
    lane: int
    step: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice(Base):
    """Something that people should know: of a run that was opened, of a step that cannot be shown, of a full disk."""

    type: ClassVar[str] = "notice"
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Restarted(Base):
    """The engine process was lost; the session goes on from its keyframe at `step`."""

    type: ClassVar[str] = "restarted"
    step: int
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Closed(Base):
    """The server ends this connection, and why."""

    type: ClassVar[str] = "closed"
    code: ClosingCode
    message: str


Event = (
    Welcome
    | Spec
    | Layout
    | Status
    | Marks
    | Branches
    | Evaluation
    | Applied
    | Rejected
    | Diverged
    | Autopsy
    | Verdicts
    | Inspection
    | Stopped
    | Notice
    | Restarted
    | Closed
)
EVENTS: dict[str, type[Event]] = {member.type: member for member in get_args(Event)}
