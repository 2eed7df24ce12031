"""Initializers: how the weights of a layer are drawn, (fan_in, fan_out) at a time. Biases start at a given constant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Draw: TypeAlias = Callable[[np.random.Generator, int, int], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Initializer:
    """One way to draw weights. `init(rng, fan_in, fan_out)` gives an array of that shape; the formula is TeX."""

    title: str
    formula: str
    help: str
    init: Draw
    from_data: bool = False
    """Whether a trainer scales what was drawn by the training data (see engine/lsuv.py)."""


def _uniform(limit: Callable[[int, int], float]) -> Draw:
    def init(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
        bound = limit(fan_in, fan_out)
        return rng.uniform(-bound, bound, (fan_in, fan_out))

    return init


def _normal(deviation: Callable[[int, int], float]) -> Draw:
    def init(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
        return rng.normal(0.0, deviation(fan_in, fan_out), (fan_in, fan_out))

    return init


def _zeros(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
    return np.zeros((fan_in, fan_out))


def _constant(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
    return np.ones((fan_in, fan_out))


def _identity(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
    return np.eye(fan_in, fan_out)


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int) -> npt.NDArray[np.float64]:
    tall = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    # QR leaves the signs of the columns to convention; with those of r's diagonal every rotation is equally likely.
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)
    return q if fan_in >= fan_out else q.T


INITIALIZERS: Mapping[str, Initializer] = MappingProxyType({
    "zeros": Initializer(
        title="Zeros", formula="w = 0", init=_zeros,
        help="All units of a layer stay alike: they get the same gradient. Here to be seen, not to be used "
             "(Goodfellow et al. 2016, on breaking symmetry).",
    ),
    "uniform": Initializer(
        title="Uniform ±½", formula=r"w \sim U(-\tfrac{1}{2}, \tfrac{1}{2})", init=_uniform(lambda n, m: 0.5),
        help="The same range whatever the size of the layer, as in the TensorFlow Playground (Smilkov et al. 2017).",
    ),
    "normal": Initializer(
        title="Normal", formula=r"w \sim N(0, 1)", init=_normal(lambda n, m: 1.0),
        help="The same spread whatever the size of the layer; too wide for most (Glorot and Bengio 2010 say "
             "why).",
    ),
    "xavier_uniform": Initializer(
        title="Xavier uniform", formula=r"w \sim U\!\left(\pm\sqrt{\tfrac{6}{n_{in} + n_{out}}}\right)",
        init=_uniform(lambda n, m: sqrt(6 / (n + m))),
        help="Keeps the spread of signals and gradients alike through tanh layers (Glorot and Bengio 2010).",
    ),
    "xavier_normal": Initializer(
        title="Xavier normal", formula=r"w \sim N\!\left(0, \tfrac{2}{n_{in} + n_{out}}\right)",
        init=_normal(lambda n, m: sqrt(2 / (n + m))),
        help="As Xavier uniform, drawn from a normal distribution (Glorot and Bengio 2010).",
    ),
    "he_uniform": Initializer(
        title="He uniform", formula=r"w \sim U\!\left(\pm\sqrt{\tfrac{6}{n_{in}}}\right)",
        init=_uniform(lambda n, m: sqrt(6 / n)),
        help="Makes up for the half that a ReLU blocks (He et al. 2015).",
    ),
    "he_normal": Initializer(
        title="He normal", formula=r"w \sim N\!\left(0, \tfrac{2}{n_{in}}\right)",
        init=_normal(lambda n, m: sqrt(2 / n)),
        help="As He uniform, drawn from a normal distribution (He et al. 2015).",
    ),
    "lecun_normal": Initializer(
        title="LeCun normal", formula=r"w \sim N\!\left(0, \tfrac{1}{n_{in}}\right)",
        init=_normal(lambda n, m: sqrt(1 / n)),
        help="Keeps the spread of signals through a linear layer (LeCun et al. 1998).",
    ),
    "orthogonal": Initializer(
        title="Orthogonal", formula=r"W^{\mathsf T} W = I \;\text{ or }\; W W^{\mathsf T} = I", init=_orthogonal,
        help="A random rotation: it neither stretches nor shrinks what passes, however deep the network "
             "(Saxe et al. 2014).",
    ),
    "lsuv": Initializer(
        title="LSUV", formula=r"W \leftarrow W / \operatorname{std}(z)", init=_orthogonal, from_data=True,
        help="Orthogonal, then each layer in turn is scaled so that its pre-activations on the training data have a "
             "standard deviation of 1 (Mishkin and Matas 2016).",
    ),
    "identity": Initializer(
        title="Identity", formula=r"w_{ij} = [i = j]", init=_identity,
        help="Each unit passes on the one before it in its place (Le et al. 2015).",
    ),
    "constant": Initializer(
        title="Constant", formula=r"w = 1", init=_constant,
        help="All weights are the same number, the gain: all units of a layer stay alike. Here to be seen "
             "(Goodfellow et al. 2016, on breaking symmetry).",
    ),
})
