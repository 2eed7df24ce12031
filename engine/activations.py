"""Activations: a = f(z), and the slope f'(z) by which the backward pass multiplies, δ = ∂L/∂a · f'(z).

Every function is written once, as the NumPy calls that put its values into a given array; compiled networks bind those
calls, everyone else uses `Activation.value` and `Activation.slope`. A slope is computed from z or from a, whichever is
cheaper (`reads`); for functions of one number it may run over several layers' arrays at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from engine import functions
from engine.functions import Options
from engine.kernels import Array, Kernels, run
from engine.options import Option

Bind: TypeAlias = Callable[[Array, Array, Options], Kernels]
"""bind(source, out, options) -> the calls that read `source` (z or a) and write `out` (the same shape)."""


@dataclass(frozen=True, slots=True)
class Activation:
    """One activation function and what is told about it. Formulas are TeX."""

    title: str
    formula: str
    derivative: str
    help: str
    reads: Literal["z", "a"]
    """Which array the slope is computed from."""
    slope_range: tuple[float, float]
    """Least and greatest value of f', with the default options."""
    bind_value: Bind
    bind_slope: Bind | None
    """None where the derivative is no function of one number (softmax); such an output needs a loss fused with it."""
    display_range: tuple[float, float] | None = None
    """Range of the values where it is bounded on both sides; pictures are scaled to it."""
    class_targets: tuple[float, float] = (0.0, 1.0)
    """What an output with this activation is trained towards for "not this class" and "this class"."""
    saturated_beyond: tuple[float, float] | None = None
    """A unit is saturated where its value is under the first or over the second (within 3 % of the end of
    its range, where f' is near 0); None where the function has no two such ends."""
    dies: bool = False
    """Whether a unit that is 0 on all training data gets no error signal from any of them, and so stays as it is."""
    hidden: bool = True
    output: bool = True
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def elementwise(self) -> bool:
        """Whether each value depends on one pre-activation alone."""
        return self.bind_slope is not None

    def value(self, z: Array, **options: float) -> Array:
        """f(z), of the same shape; softmax goes along the first axis."""
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            run(self.bind_value(z, out, self.complete(options)))
        return out

    def slope(self, z: Array, **options: float) -> Array:
        """f'(z), of the same shape. Raises ValueError for softmax, whose derivative is a matrix."""
        if self.bind_slope is None:
            raise ValueError(f"{self.title} has no slope: each of its values depends on several pre-activations")
        source = z if self.reads == "z" else self.value(z, **options)
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            run(self.bind_slope(source, out, self.complete(options)))
        return out

    def complete(self, options: Options) -> dict[str, float]:
        """The given options, with the defaults of those left out."""
        return {name: options.get(name, option.default) for name, option in self.options.items()}


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({
    "linear": Activation(
        title="Linear",
        formula="a = z",
        derivative="f'(z) = 1",
        help="Passes its input on (Adaline: Widrow and Hoff 1960). Layers of it together are no more than one.",
        reads="a", slope_range=(1.0, 1.0),
        bind_value=functions.linear, bind_slope=functions.linear_slope,
        class_targets=(-1.0, 1.0),
    ),
    "sigmoid": Activation(
        title="Sigmoid",
        formula=r"a = \sigma(z) = \frac{1}{1 + e^{-z}}",
        derivative=r"f'(z) = a\,(1 - a)",
        help="Squeezes into 0 to 1 (Rumelhart et al. 1986). Its slope is never over ¼: every layer of it "
             "shrinks gradients.",
        reads="a", slope_range=(0.0, 0.25),
        bind_value=functions.sigmoid, bind_slope=functions.sigmoid_slope,
        saturated_beyond=(0.03, 0.97), display_range=(0.0, 1.0),
    ),
    "tanh": Activation(
        title="Tanh",
        formula=r"a = \tanh(z)",
        derivative="f'(z) = 1 - a^2",
        help="Squeezes into −1 to 1, centred on 0 (LeCun et al. 1998). Its slope is 1 at 0 and fades "
             "where it saturates.",
        reads="a", slope_range=(0.0, 1.0),
        bind_value=functions.tanh, bind_slope=functions.tanh_slope,
        saturated_beyond=(-0.97, 0.97), display_range=(-1.0, 1.0),
        class_targets=(-1.0, 1.0),
    ),
    "relu": Activation(
        title="ReLU",
        formula=r"a = \max(0, z)",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
        help="Passes what is positive, blocks the rest (Nair and Hinton 2010). A unit blocked on all data gets no "
             "gradient: it is dead.",
        reads="a", slope_range=(0.0, 1.0),
        bind_value=functions.relu, bind_slope=functions.relu_slope, dies=True,
    ),
    "leaky_relu": Activation(
        title="Leaky ReLU",
        formula=r"a = \max(\alpha z, z)",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}",
        help="A ReLU that lets a little through below 0, so that no unit can die (Maas et al. 2013).",
        reads="z", slope_range=(0.01, 1.0),
        bind_value=functions.leaky_relu, bind_slope=functions.leaky_relu_slope,
        options=MappingProxyType({"negative_slope": Option(0.01, 0.0, 1.0, "The slope α below 0.", symbol=r"\alpha")}),
    ),
    "elu": Activation(
        title="ELU",
        formula=r"a = \begin{cases} z & z > 0 \\ \alpha\,(e^z - 1) & z \le 0 \end{cases}",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ \alpha\,e^z & z \le 0 \end{cases}",
        help="A ReLU that bends smoothly to −α below 0, so that activations average near 0 (Clevert et al. 2016).",
        reads="z", slope_range=(0.0, 1.0),
        bind_value=functions.elu, bind_slope=functions.elu_slope,
        options=MappingProxyType({
            "alpha": Option(1.0, 0.0, 10.0, "How far below 0 it reaches (α).", symbol=r"\alpha"),
        }),
    ),
    "gelu": Activation(
        title="GELU",
        formula=r"a = \tfrac{z}{2}\left(1 + \tanh\!\left(\sqrt{\tfrac{2}{\pi}}\,(z + 0.044715\,z^3)\right)\right)",
        derivative=r"f'(z) = \tfrac{1}{2}(1 + t) + \tfrac{z}{2}(1 - t^2)\sqrt{\tfrac{2}{\pi}}\,(1 + 0.134145\,z^2), "
                   r"\quad t = \tanh\!\left(\sqrt{\tfrac{2}{\pi}}\,(z + 0.044715\,z^3)\right)",
        help="A smooth ReLU, used in transformers; in the tanh form of Hendrycks and Gimpel (2016), t being the tanh.",
        reads="z", slope_range=(-0.129, 1.129),
        bind_value=functions.gelu, bind_slope=functions.gelu_slope,
    ),
    "silu": Activation(
        title="SiLU",
        formula=r"a = z\,\sigma(z)",
        derivative=r"f'(z) = \sigma(z)\,\bigl(1 + z\,(1 - \sigma(z))\bigr)",
        help="Also called swish: a smooth ReLU that dips slightly below 0 (Elfwing et al. 2018).",
        reads="z", slope_range=(-0.0998, 1.0998),
        bind_value=functions.silu, bind_slope=functions.silu_slope,
    ),
    "softplus": Activation(
        title="Softplus",
        formula=r"a = \ln(1 + e^z)",
        derivative=r"f'(z) = \sigma(z) = 1 - e^{-a}",
        help="A ReLU with its corner rounded off; always positive (Dugas et al. 2001).",
        reads="a", slope_range=(0.0, 1.0),
        bind_value=functions.softplus, bind_slope=functions.softplus_slope,
    ),
    "mish": Activation(
        title="Mish",
        formula=r"a = z \tanh(\ln(1 + e^z))",
        derivative=r"f'(z) = t + z\,(1 - t^2)\,\sigma(z), \quad t = \tanh(\ln(1 + e^z))",
        help="A smooth ReLU much like SiLU, dipping a little deeper below 0 (Misra 2020).",
        reads="z", slope_range=(-0.1126, 1.0885),
        bind_value=functions.mish, bind_slope=functions.mish_slope,
    ),
    "hard_sigmoid": Activation(
        title="Hard sigmoid",
        formula=r"a = \min(\max(\tfrac{z}{6} + \tfrac{1}{2},\, 0),\, 1)",
        derivative=r"f'(z) = \begin{cases} \tfrac{1}{6} & -3 < z < 3 \\ 0 & \text{else} \end{cases}",
        help="A sigmoid made of three straight lines: cheap, and beyond ±3 its gradient is exactly 0 "
             "(Courbariaux et al. 2015; slope as in PyTorch).",
        reads="z", slope_range=(0.0, 1 / 6),
        bind_value=functions.hard_sigmoid, bind_slope=functions.hard_sigmoid_slope,
        saturated_beyond=(0.03, 0.97), display_range=(0.0, 1.0),
    ),
    "hard_tanh": Activation(
        title="Hard tanh",
        formula=r"a = \min(\max(z,\, -1),\, 1)",
        derivative=r"f'(z) = \begin{cases} 1 & -1 < z < 1 \\ 0 & \text{else} \end{cases}",
        help="A tanh made of three straight lines: beyond ±1 its gradient is exactly 0 (Collobert et al. 2011).",
        reads="z", slope_range=(0.0, 1.0),
        bind_value=functions.hard_tanh, bind_slope=functions.hard_tanh_slope,
        saturated_beyond=(-0.97, 0.97), display_range=(-1.0, 1.0), class_targets=(-1.0, 1.0),
    ),
    "sine": Activation(
        title="Sine",
        formula=r"a = \sin(z)",
        derivative=r"f'(z) = \cos(z)",
        help="Periodic, so that it never saturates; good at waves and fine detail (Sitzmann et al. 2020).",
        reads="z", slope_range=(-1.0, 1.0),
        bind_value=functions.sine, bind_slope=functions.sine_slope,
        display_range=(-1.0, 1.0), class_targets=(-1.0, 1.0),
    ),
    "gaussian": Activation(
        title="Gaussian",
        formula=r"a = e^{-z^2}",
        derivative=r"f'(z) = -2z\,e^{-z^2}",
        help="A bump: a unit answers to inputs near one line and to no others, as in radial basis networks "
             "(Broomhead and Lowe 1988).",
        reads="z", slope_range=(-0.8578, 0.8578),
        bind_value=functions.gaussian, bind_slope=functions.gaussian_slope,
        display_range=(0.0, 1.0),
    ),
    "step": Activation(
        title="Step",
        formula=r"a = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
        derivative="f'(z) = 0",
        help="All or nothing, as in the perceptron (Rosenblatt 1958). Its slope is 0 everywhere, so nothing before it "
             "gets a gradient: here to show why it cannot be learned this way.",
        reads="a", slope_range=(0.0, 0.0),
        bind_value=functions.step, bind_slope=functions.step_slope,
        display_range=(0.0, 1.0),
    ),
    "softmax": Activation(
        title="Softmax",
        formula=r"a_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
        derivative=r"\frac{\partial a_i}{\partial z_j} = a_i\,([i = j] - a_j)",
        help="Turns the outputs into probabilities that sum to 1, one per class (Bridle 1990). Goes with "
             "cross-entropy.",
        reads="a", slope_range=(0.0, 0.25),
        bind_value=functions.softmax, bind_slope=None,
        display_range=(0.0, 1.0),
        hidden=False,
    ),
})
