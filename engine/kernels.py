"""Bound NumPy calls: what a network is compiled to.

A kernel is one call with its operands and its output fixed, so that running a pass is calling a list of them. Three
habits make them quick on small arrays, where the call and not the arithmetic costs: outputs are handed over by
position (where NumPy allows it), products are the bound method ``array.dot``, and constants are arrays of no dimension
(a Python float would be converted at each call).
"""

from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.floating[Any]]
Kernel: TypeAlias = Callable[[], object]
Kernels: TypeAlias = tuple[Kernel, ...]


def constant(value: float, like: Array) -> Array:
    """A number as an array of no dimension, in the precision of ``like``."""
    return np.array(value, dtype=like.dtype)


def run(kernels: Iterable[Kernel]) -> None:
    """Calls every kernel in turn."""
    for kernel in kernels:
        kernel()


def quiet_context() -> Context:
    """A context in which NumPy warns of nothing; `quiet_context().run(run, kernels)` costs far less than `np.errstate`.

    Passes run in one: overflow is looked for in their results, and 1 / (1 + exp 1000) is no error.
    """
    context = copy_context()
    context.run(np.seterr, all="ignore")
    return context
