"""The words of the page, one sentence each, as shown where a term first appears."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final[dict[str, str]] = {
    "step": "One update of all weights and biases, computed from one batch.",
    "epoch": "One pass over all training samples; a last batch that is not full counts as a batch of its own.",
    "batch": "The few training samples that one step averages over.",
    "sample": "One example of the data: its inputs, and the answer the network should give.",
    "weight": "The factor by which a unit multiplies the activation of one unit before it.",
    "bias": "The number that a unit adds to its weighted inputs.",
    "parameter": "Any number that training changes: a weight or a bias.",
    "unit": "One place of a layer: it adds up its weighted inputs and its bias, and bends the sum by its activation.",
    "layer": "A row of units that all read from the same units before them.",
    "pre-activation": "z, the weighted sum of a unit's inputs plus its bias, before the activation function.",
    "activation": "a, what a unit passes on: its pre-activation bent by the activation function, a = f(z).",
    "forward pass": "Computing the network's output from its inputs, layer after layer.",
    "backward pass": "Computing, from the last layer back to the first, how the loss depends on every weight.",
    "loss": "How wrong the network is on average, as one number; training makes it smaller.",
    "test loss": "The loss on samples that are never trained on: how well what was learned holds elsewhere.",
    "accuracy": "The share of samples whose class is predicted correctly.",
    "R²": "The share of the targets' variance that the outputs explain: 1 is perfect, 0 no better than their mean.",
    "target": "The value that an output should have for a sample.",
    "error signal": "δ = ∂L/∂z: how the loss would change if a unit's pre-activation grew a little.",
    "gradient": "∂L/∂w: how the loss would change if a weight grew a little.",
    "update": "Δw, what a step adds to a weight, with learning rate, optimizer, penalty and clipping included.",
    "learning rate": "η, how far a step goes along the negative gradient.",
    "optimizer": "The rule that turns gradients into updates.",
    "penalty": "What regularisation adds to keep weights small; it is shown apart and is never part of the loss.",
    "clipping": "Cutting a gradient that is too large before it becomes an update.",
    "rms": "Root mean square: the square root of the average square, the typical size of numbers of either sign.",
    "log scale": "An axis on which equal distances are equal factors, so that 0.001 and 1000 both can be seen.",
    "saturated": "Pressed against the end of its range, where an activation hardly changes: tanh beyond ±0.97, sigmoid "
    "below 0.03 or above 0.97.",
    "silent": "A ReLU unit that outputs 0 on all samples of a batch; on another batch it may not.",
    "dead": "A ReLU unit that outputs 0 on all training data: its gradient is 0, so it cannot come back.",
    "slope": "What f' of a layer does to the error signal, as a factor: its size after f' over that before; a "
    "sigmoid's is never over 0.25.",
    "gain": "What the weights do to the error signal on its way from a layer back to the one before, as a factor.",
    "skip": "What a residual connection adds to the error signal that comes back through the weights, as a factor.",
    "normalisation": "What a layer's normalisation does to the error signal on its way back, as a factor.",
    "update : weight": "Size of a step's update beside the size of the weights that it changes; about 1/1,000 is "
    "healthy (Karpathy, CS231n).",
    "χ": "Fan-in times the variance of the weights times the mean squared slope: above 1 gradients grow with depth, "
    "below 1 they fade (Schoenholz et al. 2017).",
    "singular values": "By which factors a layer's weights stretch or shrink what passes through them, one for each "
    "direction; where all are under 1, every signal fades.",
    "vanishing": "Error signals that fade from layer to layer on their way back, so that early layers hardly learn.",
    "exploding": "Error signals that grow from layer to layer on their way back, until the numbers overflow.",
    "forward signal": "How much a layer's activations differ from sample to sample (their standard deviation).",
    "decision boundary": "The line at which the network changes its mind between classes.",
    "feature": "An input of the network: a coordinate of a point, or something computed from it.",
    "noise": "Random scatter added to the data.",
    "seed": "The number that all randomness starts from: the same seed repeats the same run.",
    "overfitting": "Learning the training samples by heart: the train loss falls while the test loss rises.",
    "initial weights": "The random numbers that the weights start from; their spread decides how signals travel.",
}
