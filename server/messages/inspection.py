"""Where one number of a step came from, as it goes over the wire: the event `inspection` and what it consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypedDict

from server.messages.event import Event

# What is inspected: `layer` and `unit` are ids, `from` is a place in what the layer reads.
Subject = TypedDict("Subject", {"kind": str, "layer": int | None, "unit": int | None, "from": int | None})


class Equation(TypedDict):
    """TeX in symbols and with the numbers put in; the result, null where not finite; what else it can be asked of."""

    symbols: str
    numbers: str
    value: float | None
    link: Subject | None
    note: str


class Terms(TypedDict):
    """The addends of a sum, a row each, the product last; headings are TeX, labels words."""

    heading: str
    columns: list[str]
    rows: list[list[float | None]]
    labels: list[str]
    links: list[Subject | None]
    highlighted: int | None
    sum: float | None


class Block(TypedDict):
    """Equations that belong together, and the table of their longest sum."""

    title: str
    text: str
    equations: list[Equation]
    terms: Terms | None


class Point(TypedDict):
    """Where a unit stands on its activation."""

    z: float
    value: float
    slope: float


class Plot(TypedDict):
    """An activation and its slope over pre-activations."""

    title: str
    z: list[float]
    value: list[float]
    slope: list[float]
    at: Point


class Distribution(TypedDict):
    """A unit's numbers over the batch."""

    z: list[float]
    a: list[float]
    delta: list[float]


class Check(TypedDict):
    """The losses with one parameter nudged by ±epsilon, the slope between, and the gradient of the backward pass."""

    epsilon: float
    parameter: float
    loss_above: float
    loss_below: float
    numeric: float
    analytic: float
    relative_error: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection(Event):
    """The answer to `inspect`, of one coherent step: the one that pictures show at that moment."""

    type: ClassVar[str] = "inspection"
    command: int
    lane: int
    revision: int
    timeline: int
    step: int
    batch: int
    sample: int
    sample_index: int
    subject: Subject
    stage: int | None
    stages: list[str]
    title: str
    sentence: str
    blocks: list[Block]
    plot: Plot | None
    distribution: Distribution | None
    check: Check | None
