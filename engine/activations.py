"""Activations: a = f(z), and the slope f'(z) by which the backward pass multiplies, δ = ∂L/∂a · f'(z).

Every function is written once, as the NumPy calls that put its values into a given array; compiled networks bind those
calls, everyone else uses `Activation.value` and `Activation.slope`. A slope is computed from z or from a, whichever is
cheaper (`reads`); for functions of one number it may run over several layers' arrays at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from engine.kernels import Array, Kernels, constant, run
from engine.options import Option

Options: TypeAlias = Mapping[str, float]
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


def _linear(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.positive, z, a),)


def _linear_slope(a: Array, slope: Array, options: Options) -> Kernels:
    slope.fill(1)  # once and for all: nothing is left to do in a step
    return ()


def _sigmoid(z: Array, a: Array, options: Options) -> Kernels:
    # exp overflows to infinity for z under -709, and 1 / (1 + infinity) = 0 is the right value there. The other way to
    # write it, ½ (1 + tanh(z / 2)), loses all digits of small values, which are what a vanishing gradient is made of.
    return (
        partial(np.negative, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, constant(1, a), a),
        partial(np.reciprocal, a, a),
    )


def _sigmoid_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.subtract, constant(1, a), a, slope), partial(np.multiply, slope, a, slope))


def _tanh(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.tanh, z, a),)


def _tanh_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.multiply, a, a, slope), partial(np.subtract, constant(1, a), slope, slope))


def _relu(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.maximum, z, constant(0, z), a),)


def _relu_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.sign, a, slope),)


def _leaky_relu(z: Array, a: Array, options: Options) -> Kernels:
    leak = constant(options["negative_slope"], z)
    return (partial(np.multiply, z, leak, a), partial(np.maximum, z, a, a))


def _leaky_relu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    leak = constant(options["negative_slope"], z)
    return (partial(np.sign, z, slope), partial(np.maximum, slope, leak, slope))


def _elu(z: Array, a: Array, options: Options) -> Kernels:
    zero, alpha, negative = constant(0, z), constant(options["alpha"], z), np.empty_like(z)
    return (
        partial(np.minimum, z, zero, negative),
        partial(np.expm1, negative, negative),
        partial(np.multiply, negative, alpha, negative),
        partial(np.maximum, z, zero, a),
        partial(np.add, a, negative, a),
    )


def _elu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    zero, one, alpha = constant(0, z), constant(1, z), constant(options["alpha"], z)
    positive = np.empty(z.shape, dtype=np.bool_)
    return (
        partial(np.minimum, z, zero, slope),
        partial(np.exp, slope, slope),
        partial(np.multiply, slope, alpha, slope),
        partial(np.greater, z, zero, positive),
        partial(np.copyto, slope, one, where=positive),
    )


_GELU_SCALE = float(np.sqrt(2 / np.pi))
_GELU_CUBE = 0.044715


def _gelu_tanh(z: Array, square: Array, out: Array) -> Kernels:
    """tanh(√(2/π) (z + 0.044715 z³)) into `out`, and z² into `square`."""
    cube = constant(_GELU_SCALE * _GELU_CUBE, z)
    return (
        partial(np.multiply, z, z, square),
        partial(np.multiply, square, cube, out),
        partial(np.add, out, constant(_GELU_SCALE, z), out),
        partial(np.multiply, out, z, out),
        partial(np.tanh, out, out),
    )


def _gelu(z: Array, a: Array, options: Options) -> Kernels:
    return (
        *_gelu_tanh(z, np.empty_like(z), a),
        partial(np.add, a, constant(1, z), a),
        partial(np.multiply, a, z, a),
        partial(np.multiply, a, constant(0.5, z), a),
    )


def _gelu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # ½ (1 + t) + ½ z (1 - t²) √(2/π) (1 + 3 · 0.044715 z²). From |z| = 8 on t is ±1 to the last digit and the slope 0
    # or 1; z is held within ±40, or 0 · ∞ would come out for large ones.
    near, square, t, one = np.empty_like(z), np.empty_like(z), np.empty_like(z), constant(1, z)
    half_scale = _GELU_SCALE / 2
    return (
        partial(np.minimum, z, constant(40, z), near),
        partial(np.maximum, near, constant(-40, z), near),
        *_gelu_tanh(near, square, t),
        partial(np.multiply, square, constant(3 * half_scale * _GELU_CUBE, z), square),
        partial(np.add, square, constant(half_scale, z), square),
        partial(np.multiply, square, near, square),
        partial(np.multiply, t, t, slope),
        partial(np.subtract, one, slope, slope),
        partial(np.multiply, slope, square, slope),
        partial(np.add, t, one, t),
        partial(np.multiply, t, constant(0.5, z), t),
        partial(np.add, slope, t, slope),
    )


def _silu(z: Array, a: Array, options: Options) -> Kernels:
    # z / (1 + exp(-z)) rather than z σ(z): for z under -745 it is -0, never ∞ · 0.
    return (
        partial(np.negative, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, constant(1, z), a),
        partial(np.divide, z, a, a),
    )


def _silu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # σ + z σ (1 - σ); z is held within ±740, where σ (1 - σ) is 0 anyway, or ∞ · 0 would come out for infinite ones.
    sigma, near, one = np.empty_like(z), np.empty_like(z), constant(1, z)
    return (
        *_sigmoid(z, sigma, options),
        partial(np.minimum, z, constant(740, z), near),
        partial(np.maximum, near, constant(-740, z), near),
        partial(np.subtract, one, sigma, slope),
        partial(np.multiply, slope, near, slope),
        partial(np.add, slope, one, slope),
        partial(np.multiply, slope, sigma, slope),
    )


def _softplus(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.logaddexp, z, constant(0, z), a),)


def _softplus_slope(a: Array, slope: Array, options: Options) -> Kernels:
    # σ(z) = 1 - exp(-a), with every digit of small values kept.
    return (partial(np.negative, a, slope), partial(np.expm1, slope, slope), partial(np.negative, slope, slope))


def _softmax(z: Array, a: Array, options: Options) -> Kernels:
    per_sample = np.empty(z.shape[1:], dtype=z.dtype)
    return (
        partial(np.maximum.reduce, z, 0, None, per_sample),
        partial(np.subtract, z, per_sample, a),
        partial(np.exp, a, a),
        partial(np.add.reduce, a, 0, None, per_sample),
        partial(np.divide, a, per_sample, a),
    )


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({
    "linear": Activation(
        title="Linear",
        formula="a = z",
        derivative="f'(z) = 1",
        help="Passes its input on. Layers of it together are no more than one; as an output it predicts any number.",
        reads="a", slope_range=(1.0, 1.0), bind_value=_linear, bind_slope=_linear_slope, class_targets=(-1.0, 1.0),
    ),
    "sigmoid": Activation(
        title="Sigmoid",
        formula=r"a = \sigma(z) = \frac{1}{1 + e^{-z}}",
        derivative=r"f'(z) = a\,(1 - a)",
        help="Squeezes into 0 to 1. Its slope is never over ¼, so every layer of it shrinks the gradient.",
        reads="a", slope_range=(0.0, 0.25), bind_value=_sigmoid, bind_slope=_sigmoid_slope, display_range=(0.0, 1.0),
    ),
    "tanh": Activation(
        title="Tanh",
        formula=r"a = \tanh(z)",
        derivative="f'(z) = 1 - a^2",
        help="Squeezes into −1 to 1, centred on 0. Its slope is 1 at 0 and fades where the unit saturates.",
        reads="a", slope_range=(0.0, 1.0), bind_value=_tanh, bind_slope=_tanh_slope, display_range=(-1.0, 1.0),
        class_targets=(-1.0, 1.0),
    ),
    "relu": Activation(
        title="ReLU",
        formula=r"a = \max(0, z)",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
        help="Passes what is positive, blocks the rest. A unit blocked on all data gets no gradient: it is dead.",
        reads="a", slope_range=(0.0, 1.0), bind_value=_relu, bind_slope=_relu_slope,
    ),
    "leaky_relu": Activation(
        title="Leaky ReLU",
        formula=r"a = \max(\alpha z, z)",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}",
        help="A ReLU that lets a little through below 0, so that no unit can die (Maas et al. 2013).",
        reads="z", slope_range=(0.01, 1.0), bind_value=_leaky_relu, bind_slope=_leaky_relu_slope,
        options=MappingProxyType({"negative_slope": Option(0.01, 0.0, 1.0, "The slope α below 0.")}),
    ),
    "elu": Activation(
        title="ELU",
        formula=r"a = \begin{cases} z & z > 0 \\ \alpha\,(e^z - 1) & z \le 0 \end{cases}",
        derivative=r"f'(z) = \begin{cases} 1 & z > 0 \\ \alpha\,e^z & z \le 0 \end{cases}",
        help="A ReLU that bends smoothly to −α below 0, so that activations average near 0 (Clevert et al. 2016).",
        reads="z", slope_range=(0.0, 1.0), bind_value=_elu, bind_slope=_elu_slope,
        options=MappingProxyType({"alpha": Option(1.0, 0.0, 10.0, "How far below 0 it reaches (α).")}),
    ),
    "gelu": Activation(
        title="GELU",
        formula=r"a = \tfrac{z}{2}\left(1 + \tanh\!\left(\sqrt{\tfrac{2}{\pi}}\,(z + 0.044715\,z^3)\right)\right)",
        derivative=r"f'(z) = \tfrac{1}{2}(1 + t) + \tfrac{z}{2}(1 - t^2)\sqrt{\tfrac{2}{\pi}}\,(1 + 0.134145\,z^2)",
        help="A smooth ReLU, used in transformers; in the tanh form of Hendrycks and Gimpel (2016), t being the tanh.",
        reads="z", slope_range=(-0.129, 1.129), bind_value=_gelu, bind_slope=_gelu_slope,
    ),
    "silu": Activation(
        title="SiLU",
        formula=r"a = z\,\sigma(z)",
        derivative=r"f'(z) = \sigma(z)\,\bigl(1 + z\,(1 - \sigma(z))\bigr)",
        help="Also called swish: a smooth ReLU that dips slightly below 0 (Elfwing et al. 2018).",
        reads="z", slope_range=(-0.0998, 1.0998), bind_value=_silu, bind_slope=_silu_slope,
    ),
    "softplus": Activation(
        title="Softplus",
        formula=r"a = \ln(1 + e^z)",
        derivative=r"f'(z) = \sigma(z) = 1 - e^{-a}",
        help="A ReLU with its corner rounded off; always positive.",
        reads="a", slope_range=(0.0, 1.0), bind_value=_softplus, bind_slope=_softplus_slope,
    ),
    "softmax": Activation(
        title="Softmax",
        formula=r"a_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
        derivative=r"\frac{\partial a_i}{\partial z_j} = a_i\,([i = j] - a_j)",
        help="Turns the outputs into probabilities that sum to 1, one per class. Goes with cross-entropy.",
        reads="a", slope_range=(0.0, 0.25), bind_value=_softmax, bind_slope=None, display_range=(0.0, 1.0),
        hidden=False,
    ),
})
