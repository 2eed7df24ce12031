"""Kinds of layers. Nothing outside this package knows of any one of them: only of their protocol, and of this table."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.layers.dense import Dense
from engine.layers.protocol import BackwardArrays, ForwardArrays, Layer, Parameter, Pointwise, Stateless

LAYERS: Mapping[str, Callable[[Any, int], Layer]] = {"dense": Dense}
"""kind -> layer(spec, fan_in); the spec's own ``kind`` picks the entry."""

__all__ = ["LAYERS", "BackwardArrays", "ForwardArrays", "Layer", "Parameter", "Pointwise", "Stateless"]
