"""Singular values of the layers' weights: by which factors a layer stretches, or shrinks, what passes through it.

A signal on its way forward, and an error signal on its way back, is multiplied by the same weights. Where the largest
singular values are under 1 every signal shrinks; where they are far apart, most directions are lost after some layers
while a few are amplified (Saxe, McClelland and Ganguli 2014; Pennington, Schoenholz and Ganguli 2017).

Cost: O(fan_in · units · min(fan_in, units)) a layer; layers of one shape are a single call.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.network import Network

Floats = npt.NDArray[np.float64]


def singular_values(network: Network) -> tuple[Floats, ...]:
    """Of each layer's weights, (min(fan_in, units),), the largest first."""
    weights = [network.parameters[f"{index}.weight"] for index in range(len(network.layers))]
    places: dict[tuple[int, ...], list[int]] = {}
    for index, weight in enumerate(weights):
        places.setdefault(weight.shape, []).append(index)
    found: dict[int, Floats] = {}
    for indices in places.values():
        stack = np.stack([weights[index] for index in indices]).astype(np.float64, copy=False)
        found |= zip(indices, np.linalg.svd(stack, compute_uv=False), strict=True)
    return tuple(found[index] for index in range(len(weights)))
