"""The calls that compute each activation and its slope, one pair of functions an entry of the table ACTIVATIONS.

``name(z, a, options)`` writes f(z) into ``a``; ``name_slope(source, slope, options)`` writes f' from z or from a,
whichever the table's entry says that it reads. All arrays of a call have one shape.
"""

from collections.abc import Mapping
from functools import partial
from typing import TypeAlias

import numpy as np

from engine.kernels import Array, Kernels, constant

Options: TypeAlias = Mapping[str, float]


def linear(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.positive, z, a),)


def linear_slope(a: Array, slope: Array, options: Options) -> Kernels:
    slope.fill(1)  # once and for all: nothing is left to do in a step
    return ()


def sigmoid(z: Array, a: Array, options: Options) -> Kernels:
    # exp overflows to infinity for z under -709, and 1 / (1 + infinity) = 0 is the right value there. The other way to
    # write it, ½ (1 + tanh(z / 2)), loses all digits of small values, which are what a vanishing gradient is made of.
    return (
        partial(np.negative, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, constant(1, a), a),
        partial(np.reciprocal, a, a),
    )


def sigmoid_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.subtract, constant(1, a), a, slope), partial(np.multiply, slope, a, slope))


def tanh(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.tanh, z, a),)


def tanh_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.multiply, a, a, slope), partial(np.subtract, constant(1, a), slope, slope))


def relu(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.maximum, z, constant(0, z), out=a),)


def relu_slope(a: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.sign, a, slope),)


def leaky_relu(z: Array, a: Array, options: Options) -> Kernels:
    leak = constant(options["negative_slope"], z)
    return (partial(np.multiply, z, leak, a), partial(np.maximum, z, a, out=a))


def leaky_relu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    leak = constant(options["negative_slope"], z)
    return (partial(np.sign, z, slope), partial(np.maximum, slope, leak, out=slope))


def elu(z: Array, a: Array, options: Options) -> Kernels:
    zero, alpha, negative = constant(0, z), constant(options["alpha"], z), np.empty_like(z)
    return (
        partial(np.minimum, z, zero, out=negative),
        partial(np.expm1, negative, negative),
        partial(np.multiply, negative, alpha, negative),
        partial(np.maximum, z, zero, out=a),
        partial(np.add, a, negative, a),
    )


def elu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    zero, one, alpha = constant(0, z), constant(1, z), constant(options["alpha"], z)
    positive = np.empty(z.shape, dtype=np.bool_)
    return (
        partial(np.minimum, z, zero, out=slope),
        partial(np.exp, slope, slope),
        partial(np.multiply, slope, alpha, slope),
        partial(np.greater, z, zero, positive),
        partial(np.copyto, slope, one, where=positive),
    )


_GELU_SCALE = 2 * float(np.sqrt(2 / np.pi))
_GELU_CUBE = 0.044715


def _exp_minus_gelu(z: Array, out: Array) -> Kernels:
    """exp(−2u) with u = √(2/π) (z + 0.044715 z³). As ½ (1 + tanh u) = σ(2u), GELU is z σ(2u)."""
    return (
        partial(np.multiply, z, z, out),
        partial(np.multiply, out, constant(-_GELU_SCALE * _GELU_CUBE, z), out),
        partial(np.add, out, constant(-_GELU_SCALE, z), out),
        partial(np.multiply, out, z, out),
        partial(np.exp, out, out),
    )


def gelu(z: Array, a: Array, options: Options) -> Kernels:
    return (*_exp_minus_gelu(z, a), partial(np.add, a, constant(1, z), a), partial(np.divide, z, a, a))


def gelu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # σ (1 + (1 − σ) z · 2u'), with 2u' = 2√(2/π) (1 + 3 · 0.044715 z²). From |z| = 40 on it is 0 or 1 to the last
    # digit; z is held there, or 0 · ∞ would come out for large ones.
    near, sigma, one = np.empty_like(z), np.empty_like(z), constant(1, z)
    return (
        *_within(z, 40, near),
        *_exp_minus_gelu(near, sigma),
        partial(np.add, sigma, one, sigma),
        partial(np.reciprocal, sigma, sigma),
        partial(np.multiply, near, near, slope),
        partial(np.multiply, slope, constant(3 * _GELU_SCALE * _GELU_CUBE, z), slope),
        partial(np.add, slope, constant(_GELU_SCALE, z), slope),
        partial(np.multiply, slope, near, slope),
        *_gated(sigma, slope),
    )


def silu(z: Array, a: Array, options: Options) -> Kernels:
    # z / (1 + exp(-z)) rather than z σ(z): for z under -745 it is -0, never ∞ · 0.
    return (
        partial(np.negative, z, a),
        partial(np.exp, a, a),
        partial(np.add, a, constant(1, z), a),
        partial(np.divide, z, a, a),
    )


def silu_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # σ (1 + (1 − σ) z); z is held where σ (1 − σ) is 0 anyway, or 0 · ∞ would come out for infinite ones.
    sigma = np.empty_like(z)
    return (*sigmoid(z, sigma, options), *_within(z, 740, slope), *_gated(sigma, slope))


def _within(z: Array, bound: float, out: Array) -> Kernels:
    """z, held between −bound and bound."""
    return (
        partial(np.minimum, z, constant(bound, z), out=out),
        partial(np.maximum, out, constant(-bound, z), out=out),
    )


def _gated(sigma: Array, slope: Array) -> Kernels:
    """σ (1 + (1 − σ) s) in place of s: the slope of z σ(g(z)), where s = z g'(z)."""
    complement, one = np.empty_like(sigma), constant(1, sigma)
    return (
        partial(np.subtract, one, sigma, complement),
        partial(np.multiply, slope, complement, slope),
        partial(np.add, slope, one, slope),
        partial(np.multiply, slope, sigma, slope),
    )


def softplus(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.logaddexp, z, constant(0, z), a),)


def softplus_slope(a: Array, slope: Array, options: Options) -> Kernels:
    # σ(z) = 1 - exp(-a), with every digit of small values kept.
    return (partial(np.negative, a, slope), partial(np.expm1, slope, slope), partial(np.negative, slope, slope))


def hard_sigmoid(z: Array, a: Array, options: Options) -> Kernels:
    return (
        partial(np.multiply, z, constant(1 / 6, z), a),
        partial(np.add, a, constant(0.5, z), a),
        partial(np.maximum, a, constant(0, z), out=a),
        partial(np.minimum, a, constant(1, z), out=a),
    )


def hard_sigmoid_slope(z: Array, slope: Array, options: Options) -> Kernels:
    return _inside(z, 3, 1 / 6, slope)


def hard_tanh(z: Array, a: Array, options: Options) -> Kernels:
    return _within(z, 1, a)


def hard_tanh_slope(z: Array, slope: Array, options: Options) -> Kernels:
    return _inside(z, 1, 1, slope)


def _inside(z: Array, bound: float, value: float, slope: Array) -> Kernels:
    """The value where −bound < z < bound, else 0."""
    inside = np.empty(z.shape, dtype=np.bool_)
    return (
        partial(np.abs, z, slope),
        partial(np.less, slope, constant(bound, z), inside),
        partial(np.multiply, inside, constant(value, z), slope),
    )


def mish(z: Array, a: Array, options: Options) -> Kernels:
    return (
        partial(np.logaddexp, z, constant(0, z), a),
        partial(np.tanh, a, a),
        partial(np.multiply, z, a, a),
    )


def mish_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # t + z (1 − t²) σ(z), with t = tanh(ln(1 + e^z)). From |z| = 740 on it is 0 or 1 to the last digit; z is held
    # there, or ∞ · 0 would come out for infinite ones.
    t, sigma, near = np.empty_like(z), np.empty_like(z), np.empty_like(z)
    return (
        *_within(z, 740, near),
        partial(np.logaddexp, near, constant(0, z), t),
        partial(np.tanh, t, t),
        *sigmoid(near, sigma, options),
        partial(np.multiply, t, t, slope),
        partial(np.subtract, constant(1, z), slope, slope),
        partial(np.multiply, slope, sigma, slope),
        partial(np.multiply, slope, near, slope),
        partial(np.add, slope, t, slope),
    )


def sine(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.sin, z, a),)


def sine_slope(z: Array, slope: Array, options: Options) -> Kernels:
    return (partial(np.cos, z, slope),)


def gaussian(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.multiply, z, z, a), partial(np.negative, a, a), partial(np.exp, a, a))


def gaussian_slope(z: Array, slope: Array, options: Options) -> Kernels:
    # −2 z exp(−z²); z is held where that is 0 anyway, or ∞ · 0 would come out for infinite ones.
    near = np.empty_like(z)
    return (
        *_within(z, 40, near),
        *gaussian(near, slope, options),
        partial(np.multiply, slope, near, slope),
        partial(np.multiply, slope, constant(-2, z), slope),
    )


def step(z: Array, a: Array, options: Options) -> Kernels:
    return (partial(np.heaviside, z, constant(0, z), a),)


def step_slope(a: Array, slope: Array, options: Options) -> Kernels:
    slope.fill(0)  # once and for all: nothing is left to do in a step
    return ()


def softmax(z: Array, a: Array, options: Options) -> Kernels:
    per_sample = np.empty(z.shape[1:], dtype=z.dtype)
    return (
        partial(np.maximum.reduce, z, 0, None, per_sample),
        partial(np.subtract, z, per_sample, a),
        partial(np.exp, a, a),
        partial(np.add.reduce, a, 0, None, per_sample),
        partial(np.divide, a, per_sample, a),
    )
