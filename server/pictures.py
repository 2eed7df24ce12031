"""What a session shows, as arrays: frames, maps, data, rows of a series. The codec turns them into bytes.

The arrays of a `Frame` may be views of live buffers: they hold until the session's next call. The others are copies.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from server.messages import Evaluation

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Frame:
    """One lane at one step: parameters after `step` steps, the pass on the batch that comes next, the update to come.

    `sections` maps names of docs/PROTOCOL.md, section 5, to arrays: `activations`, `deltas` and `pre_activations` are
    (units, batch), `inputs` (inputs, batch), `targets` (outputs, batch), `samples` (batch,), `norms` (4, layers).
    `norms` (4, layers) are the root mean squares of δ, gradient, weight and update, whether or not they are sent;
    `layer_parameters` and `layer_units` say how many each layer has.
    """

    lane: int
    revision: int
    timeline: int
    step: int
    epoch: float
    loss: float
    batch: int
    norms: NDArray[np.float64]
    layer_parameters: tuple[int, ...]
    layer_units: tuple[int, ...]
    sections: dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Maps:
    """The network's output over the plane or along the curve, each unit's picture, and predictions of test samples."""

    lane: int
    revision: int
    timeline: int
    step: int
    sections: dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Data:
    """Raw points (samples, inputs), labels (samples,), and the side of the split each is on (0 train, 1 test)."""

    lane: int
    version: int
    timeline: int
    points: Floats
    labels: Floats
    split: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one revision of a series, in order. `minimum` and `maximum` are the mean's own where every span is 1.

    `next_step` is where to go on; `more` says that there is more already.
    """

    lane: int
    revision: int
    timeline: int
    next_step: int
    more: bool
    from_step: NDArray[np.float64]
    spans: NDArray[np.uint32]
    mean: NDArray[np.float64]
    minimum: NDArray[np.float64]
    maximum: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """All lanes at one step. `command` is the controller's last command that it shows.

    `more` says that maps of the same moment are still to come, in a picture of their own.
    """

    number: int
    command: int
    frames: tuple[Frame, ...]
    maps: tuple[Maps, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    more: bool = False
