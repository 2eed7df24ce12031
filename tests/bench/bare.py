"""A training step in plain NumPy calls, by hand, for one network: 2 inputs, 6 layers of 8 tanh units, 1 tanh output.

What the engine is measured against. It knows nothing of the engine, and is as quick as plain calls over flat arrays get
without planning memory around them: every product writes into its place, biases are rows of the weights, the shuffle is
laid out once an epoch, the update is one call, and the norms of every layer (δ, gradient, weight, update) are on.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

INPUTS, WIDTH, DEPTH, BATCH, RATE = 2, 8, 6, 10, 0.03


class Bare:
    """Half squared error, plain SGD, batches of 10. `x` (samples, 2), `y` (samples,); whole batches only."""

    def __init__(self, x: np.ndarray, y: np.ndarray, dtype: str, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.data = np.column_stack([x, y]).astype(dtype)
        self.batches = len(x) // BATCH
        self.laid_out = np.empty((self.batches, INPUTS + 1, BATCH), dtype)
        widths = [INPUTS, *[WIDTH] * DEPTH, 1]
        shapes = [(fan_in + 1, units) for fan_in, units in pairwise(widths)]
        starts = np.cumsum([0] + [rows * units for rows, units in shapes])
        self.parameters, self.gradients, self.updates = (np.zeros(starts[-1], dtype) for _ in range(3))

        def blocks(flat: np.ndarray) -> list[np.ndarray]:
            return [flat[start : start + m * n].reshape(m, n) for start, (m, n) in zip(starts, shapes, strict=False)]

        self.blocks, self.gradient_blocks = blocks(self.parameters), blocks(self.gradients)
        self.update_blocks = blocks(self.updates)
        for block, (rows, units) in zip(self.blocks, shapes, strict=True):
            limit = np.sqrt(6 / (rows - 1 + units))
            block[:-1] = self.rng.uniform(-limit, limit, (rows - 1, units))
        # Activations with a row of ones below, so that the last row of a block is the bias.
        self.a = [np.ones((width + 1, BATCH), dtype) for width in widths]
        self.delta, self.upstream, self.slope = ([np.empty((w, BATCH), dtype) for w in widths[1:]] for _ in range(3))
        self.one, self.share, self.minus_rate = (np.array(v, dtype) for v in (1, 1 / BATCH, -RATE))
        self.squares = np.empty((4, len(shapes)))
        self.counts = np.array([[d.size for d in self.delta]] + [[m * n - n for m, n in shapes]] * 3)
        self.step_number = 0

    def shuffle(self) -> None:
        """Lays out the next epoch."""
        shuffled = self.data[self.rng.permutation(len(self.data))][: self.batches * BATCH]
        self.laid_out[...] = shuffled.reshape(self.batches, BATCH, -1).transpose(0, 2, 1)

    def step(self) -> tuple[float, np.ndarray]:
        """The loss of the batch and the root mean squares (4, layers), after one update."""
        place = self.step_number % self.batches
        if place == 0:
            self.shuffle()
        self.step_number += 1
        batch = self.laid_out[place]
        a, delta, upstream, slope, blocks = self.a, self.delta, self.upstream, self.slope, self.blocks
        a[0][:-1] = batch[:INPUTS]
        for index, block in enumerate(blocks):
            out = a[index + 1][:-1]
            np.dot(block.T, a[index], out=out)
            np.tanh(out, out=out)
        error = upstream[-1]
        np.subtract(a[-1][:-1], batch[INPUTS:], out=error)
        loss = 0.5 / BATCH * float(np.dot(error[0], error[0]))
        np.multiply(error, self.share, out=error)
        for index in range(len(blocks) - 1, -1, -1):
            out = a[index + 1][:-1]
            np.multiply(out, out, out=slope[index])
            np.subtract(self.one, slope[index], out=slope[index])
            np.multiply(upstream[index], slope[index], out=delta[index])
            np.dot(a[index], delta[index].T, out=self.gradient_blocks[index])
            if index:
                np.dot(blocks[index][:-1], delta[index], out=upstream[index - 1])
        np.multiply(self.gradients, self.minus_rate, out=self.updates)
        for index, d in enumerate(delta):
            flat = d.reshape(-1)
            self.squares[0, index] = np.dot(flat, flat)
        for row, tensors in enumerate((self.gradient_blocks, blocks, self.update_blocks), start=1):
            for index, tensor in enumerate(tensors):
                flat = tensor[:-1].reshape(-1)
                self.squares[row, index] = np.dot(flat, flat)
        norms = np.sqrt(self.squares / self.counts)
        np.add(self.parameters, self.updates, out=self.parameters)
        return loss, norms
