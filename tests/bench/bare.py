"""A training step in plain NumPy calls, by hand, for one network: 2 inputs, 6 layers of 8 tanh units, 1 tanh output.

What the engine is measured against. It knows nothing of the engine, and is as quick as plain calls get: every product
writes into its place, all views are made beforehand, biases are rows of the weights, the shuffle is laid out once an
epoch, the update is one call, and the norms of every layer come from one product and one sum over a flat array.
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
        deltas = [(units, BATCH) for units in widths[1:]]
        size, delta_size = (sum(rows * columns for rows, columns in s) for s in (shapes, deltas))
        # One after the other in one array, so that all norms come from one product and one sum by segments.
        self.flat = np.zeros(3 * size + delta_size, dtype)
        self.squares = np.empty_like(self.flat)
        self.parameters, self.gradients, self.updates, flat_deltas = np.split(self.flat, [size, 2 * size, 3 * size])

        def blocks(flat: np.ndarray, shapes: list[tuple[int, int]]) -> list[np.ndarray]:
            ends = np.cumsum([rows * columns for rows, columns in shapes])[:-1]
            return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)]

        parameters, gradients = blocks(self.parameters, shapes), blocks(self.gradients, shapes)
        delta = blocks(flat_deltas, deltas)
        for block, (rows, units) in zip(parameters, shapes, strict=True):
            limit = np.sqrt(6 / (rows - 1 + units))
            block[:-1] = self.rng.uniform(-limit, limit, (rows - 1, units))
        # A segment for each layer's weights and one for its biases; of the latter no norm is shown.
        counts = [count for m, n in shapes for count in (m * n - n, n)] * 3 + [m * n for m, n in deltas]
        self.segments = np.cumsum([0, *counts[:-1]])
        self.counts = np.array(counts)
        layers = len(shapes)
        self.weights = np.r_[0 : 6 * layers : 2, 6 * layers : 7 * layers]
        # Activations with a row of ones below, so that the last row of a block is the bias.
        a = [np.ones((width + 1, BATCH), dtype) for width in widths]
        values = [activations[:-1] for activations in a]
        upstream, slope = ([np.empty(shape, dtype) for shape in deltas] for _ in range(2))
        self.inputs, self.outputs, self.error = values[0], values[-1], upstream[-1]
        self.error_row = self.error[0]
        transposed = [block.T for block in parameters]
        self.forward = list(zip(transposed, a[:-1], values[1:], strict=True))
        backward = zip(values[1:], slope, upstream, delta, a[:-1], [d.T for d in delta], gradients, strict=True)
        self.backward = list(backward)[::-1]
        self.through = [(parameters[i][:-1], delta[i], upstream[i - 1]) for i in range(layers - 1, 0, -1)] + [None]
        self.one, self.share, self.minus_rate = (np.array(v, dtype) for v in (1, 1 / BATCH, -RATE))
        self.step_number = 0

    def shuffle(self) -> None:
        """Lays out the next epoch."""
        shuffled = self.data[self.rng.permutation(len(self.data))][: self.batches * BATCH]
        self.laid_out[...] = shuffled.reshape(self.batches, BATCH, -1).transpose(0, 2, 1)

    def step(self) -> tuple[float, np.ndarray]:
        """One update. The loss of the batch, and root mean squares of all weights, gradients, updates and δ."""
        dot, multiply, subtract, tanh = np.dot, np.multiply, np.subtract, np.tanh
        place = self.step_number % self.batches
        if place == 0:
            self.shuffle()
        self.step_number += 1
        batch = self.laid_out[place]
        self.inputs[...] = batch[:INPUTS]
        for weights, below, out in self.forward:
            dot(weights, below, out)
            tanh(out, out)
        subtract(self.outputs, batch[INPUTS:], self.error)
        loss = 0.5 / BATCH * float(dot(self.error_row, self.error_row))
        multiply(self.error, self.share, self.error)
        for (out, slope, upstream, delta, below, delta_t, gradient), through in zip(
            self.backward, self.through, strict=True
        ):
            multiply(out, out, slope)
            subtract(self.one, slope, slope)
            multiply(upstream, slope, delta)
            dot(below, delta_t, gradient)
            if through:
                dot(*through)
        multiply(self.gradients, self.minus_rate, self.updates)
        multiply(self.flat, self.flat, self.squares)
        norms = np.sqrt(np.add.reduceat(self.squares, self.segments) / self.counts)[self.weights]
        np.add(self.parameters, self.updates, self.parameters)
        return loss, norms
