"""The same training step in PyTorch, eager, on one thread of the CPU: the peer that steps are measured against."""

from __future__ import annotations

import torch

from engine import RunSpec
from engine.samples import Part

_MODULES = {
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "relu": torch.nn.ReLU,
    "linear": torch.nn.Identity,
}


class Eager:
    """Forward, backward and update of a run's network on the run's data, in float32. No telemetry, no shuffling.

    The loss is the mean of half the squared distance, or cross-entropy on class indices; the optimizer is SGD or Adam.
    """

    def __init__(self, run: RunSpec, samples: Part) -> None:
        torch.set_num_threads(1)
        modules: list[torch.nn.Module] = []
        fan_in = samples.inputs.shape[1]
        for layer in run.network.layers(samples.targets.shape[1]):
            modules.append(torch.nn.Linear(fan_in, layer.units))
            fan_in = layer.units
            if layer.normalization == "batch":
                modules.append(torch.nn.BatchNorm1d(fan_in))
            if layer.activation != "softmax":
                modules.append(_MODULES[layer.activation]())
        self.model = torch.nn.Sequential(*modules)
        x = torch.tensor(samples.inputs, dtype=torch.float32)
        if run.network.loss == "cross_entropy":
            y = torch.tensor(samples.targets.argmax(1))
            self.loss = torch.nn.CrossEntropyLoss()
        else:
            y = torch.tensor(samples.targets, dtype=torch.float32)
            self.loss = _half_squared_error
        size = run.training.batch_size
        self.batches = [(x[i : i + size], y[i : i + size]) for i in range(0, len(x) - size + 1, size)]
        kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[run.training.optimizer]
        self.optimizer = kind(self.model.parameters(), lr=run.training.learning_rate)
        self.place = 0

    def step(self) -> float:
        """One update; the loss of its batch."""
        x, y = self.batches[self.place]
        self.place = (self.place + 1) % len(self.batches)
        self.optimizer.zero_grad()
        loss = self.loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def _half_squared_error(y_hat: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (y_hat - y).square().sum(1).mean() / 2
