"""What may go between a layer's product and its activation: each unit is brought to mean 0 and variance 1, and then
scaled and shifted by parameters of its own (scale γ, shift β). As in PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

EPSILON: Final = 1e-5
"""Added to the variance, so that a unit that is constant does not divide by 0."""
MOMENTUM: Final = 0.1
"""The share of a batch's statistics in the running ones, which evaluation uses."""


@dataclass(frozen=True, slots=True)
class Normalization:
    """One kind of normalisation and what is told about it. The formula is TeX."""

    title: str
    formula: str
    help: str


NORMALIZATIONS: Mapping[str, Normalization] = MappingProxyType({
    "none": Normalization(
        title="None", formula="z = W^{\\mathsf T} a + b", help="The activation gets the weighted sums as they are."
    ),
    "batch": Normalization(
        title="Batch",
        formula=r"z = \gamma\,\frac{u - \mu_{\text{batch}}}{\sqrt{\sigma^2_{\text{batch}} + \varepsilon}} + \beta",
        help="Brings each unit to mean 0 and variance 1 over the batch; evaluation uses running averages "
             "(Ioffe and Szegedy 2015). Switching it leaves what the network computes as it is, unless a "
             "layer's signal has died.",
    ),
    "layer": Normalization(
        title="Layer",
        formula=r"z = \gamma\,\frac{u - \mu_{\text{layer}}}{\sqrt{\sigma^2_{\text{layer}} + \varepsilon}} + \beta",
        help="Brings each sample to mean 0 and variance 1 over the layer's units, whatever the batch "
             "(Ba et al. 2016). Switching it makes the network's answers jump, as it depends on the sample.",
    ),
})
