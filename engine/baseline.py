"""What a network scores that has learned nothing: the loss of giving the mean of the targets for every sample."""

from __future__ import annotations

import numpy as np

from engine.kernels import Array, quiet_context, run
from engine.losses import BoundLoss
from engine.trainer import Trainer


def constant_answer_loss(trainer: Trainer) -> float:
    """Over the training targets. The mean is the best constant answer to squared errors and cross-entropies."""
    loss = BoundLoss.of(trainer.run.network.loss, trainer.run.network.loss_options)
    targets = trainer.samples.train.targets.T.astype(np.float64)
    mean = np.repeat(targets.mean(axis=1, keepdims=True), targets.shape[1], axis=1)
    return float(quiet_context().run(_value, loss, mean, targets))


def _value(loss: BoundLoss, mean: Array, targets: Array) -> float:
    # A fused loss reads the logits that give the mean: of one probability each, or of a distribution.
    sums_to_one = len(mean) > 1 and np.allclose(mean.sum(axis=0), 1)
    logits = np.log(mean) - (0 if sums_to_one else np.log1p(-mean)) if loss.entry.fused else mean
    kernels, value = loss.entry.bind(logits, mean, targets, np.empty_like(mean), loss.options)
    run(kernels)
    return value()
