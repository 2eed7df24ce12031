"""Kinds of layers. Nothing outside this package knows of any one of them: only of their protocol, and of this table."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.layers.block import DenseBlock
from engine.layers.dense import Dense
from engine.layers.protocol import FACTORS, BackwardArrays, ForwardArrays, Layer, Parameter, Pointwise, Stateless
from engine.spec import DenseSpec


def _dense(spec: DenseSpec, fan_in: int) -> Layer:
    """The bare layer where its spec asks for nothing more: what is off costs nothing."""
    bare = spec.normalization == "none" and not spec.dropout and not spec.residual
    return Dense(spec, fan_in) if bare else DenseBlock(spec, fan_in)


LAYERS: Mapping[str, Callable[[Any, int], Layer]] = {"dense": _dense}
"""kind -> layer(spec, fan_in); the spec's own ``kind`` picks the entry."""

__all__ = ["FACTORS", "LAYERS", "BackwardArrays", "ForwardArrays", "Layer", "Parameter", "Pointwise", "Stateless"]
