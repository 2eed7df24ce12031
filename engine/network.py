"""A network: its layers compiled over one arena, and the two things that can be asked of it without training it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.activations import ACTIVATIONS
from engine.arena import Arena, Plan, Signals
from engine.checks import SpecError, check_choice, check_options, one_of
from engine.data.targets import given_targets
from engine.identity import OUTPUT
from engine.kernels import Array, quiet_context, run
from engine.layers import LAYERS, Layer
from engine.losses import LOSSES, BoundLoss
from engine.network_spec import check_residual
from engine.passes import Parameters, TrainingPass, compile_forward, compile_training
from engine.spec import DenseSpec

Streams = Callable[[int], np.random.Generator]
Key = TypeVar("Key")
Pass = TypeVar("Pass")

# Activations kept at once in an evaluation; more samples than fit are done in chunks.
_CHUNK_ENTRIES = 1 << 18
_CHUNK_SAMPLES = 1024
_KEPT_BATCH_SIZES = 4


class ForwardPass:
    """A forward pass in evaluation mode over buffers of its own: write ``inputs``, `run`, read ``activations``."""

    def __init__(self, network: Network, batch: int) -> None:
        plan = network.plan
        self.signals = Signals(plan, batch, network.dtype)
        self._kernels = compile_forward(plan, network.compiled_parameters, self.signals)
        self._quietly = quiet_context().run
        self.inputs: Array = self.signals.inputs[:-1]
        """(inputs, batch), to be written."""
        self.activations: tuple[Array, ...] = tuple(self.signals.activations[rows] for rows in plan.rows)
        """(units, batch) of each layer."""

    def run(self) -> None:
        """From the inputs to the activations, with the network's parameters as they are now."""
        self._quietly(run, self._kernels)


class Network:
    """Layers over one arena. Parameters may be read and written at any time; nothing else of it changes.

    ``layers`` are specs in forward order, the output last; ``ids`` name them in the streams of ``rng`` (hidden layers
    from 1, the output 0, unless given). ``rng`` is a generator, drawn from layer after layer, or a function from a
    layer's id to a generator of its own. Raises SpecError for layers and a loss that do not go together.
    """

    def __init__(
        self,
        layers: Sequence[DenseSpec],
        inputs: int,
        loss: str,
        rng: np.random.Generator | Streams,
        dtype: npt.DTypeLike = np.float64,
        *,
        ids: Sequence[int] | None = None,
        loss_options: Mapping[str, float] | None = None,
        batch: int = 0,
    ) -> None:
        """`batch`: the largest batch that a trainer will bring (see Arena)."""
        self.layers = tuple(layers)
        _check(self.layers, inputs, loss, dtype)
        self.loss = loss
        options = check_options("loss_options", loss_options or {}, LOSSES[loss].options, loss)
        self.compiled_loss = BoundLoss.of(loss, options)
        self.plan = Plan(_built(self.layers, inputs), inputs)
        self.arena = Arena(self.plan, dtype, batch)
        self.dtype = self.arena.dtype
        self.parameters: Mapping[str, Array] = self.plan.named(self.arena.parameters)
        """Live, writable views by name: "0.weight" (fan_in, units), "0.bias" (units,), ..."""
        self.compiled_parameters = Parameters(self.arena.parameters, self.arena.running, self.arena.next_running)
        self._noise = rng if isinstance(rng, np.random.Generator) else rng(OUTPUT)
        self._initialize(ids or (*range(1, len(self.layers)), OUTPUT), rng)
        self._forward_passes: OrderedDict[int, ForwardPass] = OrderedDict()
        self._training_passes: OrderedDict[tuple[int, bool], _GradientPass] = OrderedDict()

    def _initialize(self, ids: Sequence[int], rng: np.random.Generator | Streams) -> None:
        for index, (layer, layer_id) in enumerate(zip(self.plan.layers, ids, strict=True)):
            own = {parameter.name: self.parameters[f"{index}.{parameter.name}"] for parameter in layer.parameters}
            stream = rng if isinstance(rng, np.random.Generator) else rng(layer_id)
            layer.initialize(own, self.arena.running[self.plan.running_spans[index]], stream)

    def __repr__(self) -> str:
        widths = "-".join(str(units) for units in (self.plan.inputs, *(layer.units for layer in self.layers)))
        activations = ", ".join(layer.activation for layer in self.layers)
        return f"Network({widths}: {activations}; {self.loss}; {self.plan.size:,} parameters, {self.dtype})"

    def forward_pass(self, batch: int) -> ForwardPass:
        """A compiled pass for batches of that size; the last few are kept, so another caller may get the same."""
        return _kept(self._forward_passes, batch, lambda: ForwardPass(self, batch))

    @property
    def chunk(self) -> int:
        """How many samples to evaluate at once."""
        return max(16, min(_CHUNK_SAMPLES, _CHUNK_ENTRIES // self.plan.height))

    def forward(self, x: npt.ArrayLike) -> Array:
        """Outputs (batch, outputs) for inputs (batch, inputs), after the output activation, in evaluation mode."""
        given = self._inputs(x)
        y_hat: Array = np.empty((len(given), self.plan.outputs), dtype=self.dtype)
        for start in range(0, len(given), self.chunk):
            part = given[start : start + self.chunk]
            evaluation = self.forward_pass(len(part))
            evaluation.inputs[...] = part.T
            evaluation.run()
            y_hat[start : start + self.chunk] = evaluation.activations[-1].T
        return y_hat

    def loss_and_gradients(
        self, x: npt.ArrayLike, y: npt.ArrayLike, training: bool = True, rng: np.random.Generator | None = None
    ) -> tuple[float, dict[str, Array]]:
        """The mean loss of a batch, and copies of its gradients under the names of the parameters.

        `y` is (batch, outputs), (batch,) where there is one output, or class indices (batch,) with cross-entropy.
        `training` says whether layers behave as in training; what dropout then leaves out is drawn from `rng`, where
        one is given. Nothing of a training under way is touched.
        """
        inputs = self._inputs(x)
        targets = self._targets(y, len(inputs))
        if training and len(inputs) == 1 and any(layer.normalization == "batch" for layer in self.layers):
            raise ValueError("x of one sample refused: batch normalisation needs at least two in training")
        key = (len(inputs), training)
        gradient_pass = _kept(self._training_passes, key, lambda: _GradientPass(self, *key))
        return gradient_pass(inputs, targets, rng or self._noise)

    def _inputs(self, x: npt.ArrayLike) -> Array:
        given: Array = np.asarray(x, dtype=self.dtype)
        if given.ndim != 2 or given.shape[1] != self.plan.inputs or not len(given):
            raise ValueError(f"x of shape {given.shape} refused: must be (batch, {self.plan.inputs})")
        return given

    def _targets(self, y: npt.ArrayLike, batch: int) -> Array:
        given, shape = np.asarray(y), (batch, self.plan.outputs)
        flat = given.shape == (batch,) and (self.plan.outputs == 1 or self.loss == "cross_entropy")
        if given.shape != shape and not flat:
            raise ValueError(f"y of shape {given.shape} refused: must be {shape}")
        return given_targets("y", given, self.loss, self.plan.outputs).astype(self.dtype)


class _GradientPass:
    """A training pass over memory of its own, gradients included."""

    def __init__(self, network: Network, batch: int, training: bool) -> None:
        plan = network.plan
        self._plan, self._training = plan, training
        self._signals = Signals(plan, batch, network.dtype)
        self._gradients = np.zeros(plan.size, dtype=network.dtype)
        # Running state is read, but what would be the next one is thrown away.
        live = network.compiled_parameters
        parameters = Parameters(live.values, live.running, np.zeros_like(live.next_running))
        self._pass: TrainingPass = compile_training(
            plan, parameters, self._gradients, self._signals, network.compiled_loss, training
        )
        self._quietly = quiet_context().run

    def __call__(self, inputs: Array, targets: Array, rng: np.random.Generator) -> tuple[float, dict[str, Array]]:
        self._signals.targets[...] = targets.T
        self._signals.inputs[:-1] = inputs.T
        if self._training:
            self._signals.draw(lambda layer: rng)
        self._quietly(run, self._pass.kernels)
        named = self._plan.named(self._gradients)
        return self._quietly(self._pass.loss), {name: gradient.copy() for name, gradient in named.items()}


def _kept(passes: OrderedDict[Key, Pass], key: Key, compile: Callable[[], Pass]) -> Pass:
    """The pass of that key, compiled if need be; the one not used for longest makes room."""
    if key not in passes:
        passes[key] = compile()
        if len(passes) > _KEPT_BATCH_SIZES:
            passes.popitem(last=False)
    passes.move_to_end(key)
    return passes[key]


def _built(specs: Sequence[DenseSpec], inputs: int) -> list[Layer]:
    layers: list[Layer] = []
    for spec in specs:
        layers.append(LAYERS[spec.kind](spec, layers[-1].units if layers else inputs))
    return layers


def _check(specs: Sequence[DenseSpec], inputs: int, loss: str, dtype: npt.DTypeLike) -> None:
    if not specs:
        raise SpecError("layers", [], "must hold at least the output layer")
    if inputs < 1:
        raise SpecError("inputs", inputs, "must be at least 1")
    check_choice("dtype", np.dtype(dtype).name, ("float64", "float32"))
    allowed = LOSSES[check_choice("loss", loss, LOSSES)].output_activations
    fan_in = inputs
    for index, spec in enumerate(specs):
        check_residual(f"layers.{index}.residual", spec, fan_in)
        fan_in = spec.units
    for name, off in (("normalization", "none"), ("dropout", 0.0), ("residual", False)):
        value = getattr(specs[-1], name)
        if value != off:
            rule = f"must be {str(off).lower()} in the output layer"
            raise SpecError(f"layers.{len(specs) - 1}.{name}", value, rule)
    for index, spec in enumerate(specs[:-1]):
        if not ACTIVATIONS[spec.activation].hidden:
            raise SpecError(f"layers.{index}.activation", spec.activation, "must not be used in a hidden layer")
    if specs[-1].activation not in allowed:
        rule = f"must be {one_of(allowed)} with the loss {loss}"
        raise SpecError(f"layers.{len(specs) - 1}.activation", specs[-1].activation, rule)
