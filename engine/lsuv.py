"""Layer-sequential unit-variance initialisation (Mishkin and Matas 2016): initial weights scaled by what they meet.

A layer whose initializer asks for it is scaled so that its pre-activations over the training data have a standard
deviation of its gain. One pass does: layers are taken in turn, and a pre-activation is proportional to its weights.
"""

from __future__ import annotations

import numpy as np

from engine.arena import Signals
from engine.initializers import INITIALIZERS
from engine.kernels import Array, quiet_context, run
from engine.network import Network
from engine.passes import forward_arrays

# So many samples tell the spread of a pre-activation well enough.
_SAMPLES = 1_000


def scale_to_data(network: Network, x: Array) -> None:
    """Scales the weights of the layers that ask for it, for inputs (samples, inputs); touches no others.

    A normalised layer is left alone: it has that spread whatever its weights. So is one that is constant over the data.
    """
    chosen = [
        INITIALIZERS[spec.init].from_data and spec.normalization == "none" and spec.init_gain > 0
        for spec in network.layers
    ]
    if not any(chosen):
        return
    inputs = x[:_SAMPLES]
    signals = Signals(network.plan, len(inputs), network.dtype)
    signals.inputs[:-1] = inputs.T
    quietly = quiet_context().run
    arrays = forward_arrays(network.plan, network.compiled_parameters, signals, training=False)
    for index, (spec, layer, own) in enumerate(zip(network.layers, network.plan.layers, arrays, strict=True)):
        kernels = layer.forward(own)
        quietly(run, kernels)
        if chosen[index]:
            spread = float(own.pre_activations.std(dtype=np.float64))
            if np.isfinite(spread) and spread > 0:
                network.parameters[f"{index}.weight"][...] *= spec.init_gain / spread
                quietly(run, kernels)
