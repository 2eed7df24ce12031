"""Training, a step at a time: `compute` looks, `apply` commits.

`compute` brings in the coming batch, runs the forward and the backward pass on it, and computes the update and the next
state of the optimizer beside the current one. Nothing that later steps depend on has changed then, so it may be
called any number of times. `apply` adds the update, makes the next state the current one, and moves on to the next
batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from typing import Any

import numpy as np

from engine.arena import Signals
from engine.batches import Batches, Indices
from engine.checks import SpecError
from engine.data import Dataset, OwnData
from engine.data.targets import smoothed
from engine.divergence import first_non_finite
from engine.evaluation import Evaluation, Evaluator
from engine.identity import Identity
from engine.kernels import Array, quiet_context
from engine.lsuv import scale_to_data
from engine.network import Network
from engine.network_spec import check_batch_sizes
from engine.program import OptimizerState, Program, compile_program
from engine.records import LayerView, NonFiniteError, StepRecord
from engine.samples import Samples
from engine.schedules import SCHEDULES
from engine.spec import RunSpec
from engine.streams import stream


class Trainer:
    """A run under way.

    ``dataset``: data to train on in place of the spec's; its inputs and targets are taken as they are. ``own``: the
    user's own data, where the spec describes some. ``identity``: the ids of layers and units of a network that comes
    from another by surgery.
    """

    def __init__(
        self,
        run: RunSpec,
        dataset: Dataset | None = None,
        *,
        own: OwnData | None = None,
        identity: Identity | None = None,
    ) -> None:
        if run.given != (dataset.shape if run.given and dataset else None):
            raise SpecError("given", run.given, "must be the shape of the dataset that is handed over")
        self.run = run
        self.samples = Samples(run, dataset, own)
        train, training = self.samples.train, run.training
        layers = run.network.layers(train.targets.shape[1])
        check_batch_sizes(run.network.hidden, len(train.inputs), training.batch_size)
        self.identity = identity or Identity.fresh([layer.units for layer in layers])
        targets = smoothed(train.targets, run.network.loss, training.label_smoothing)
        self.batches = Batches(train.inputs, targets, training.batch_size, training.shuffle, run.seed)
        self.network = Network(
            layers,
            train.inputs.shape[1],
            run.network.loss,
            lambda layer_id: stream(run.seed, "weights", layer_id),
            run.dtype,
            ids=[layer.id for layer in self.identity.layers],
            loss_options=run.network.loss_options,
            batch=self.batches.size,
        )
        scale_to_data(self.network, train.inputs)
        self.optimizer = OptimizerState(training, self.network.arena.parameters)
        self.steps = 0
        """Steps done."""
        self._epoch = self._batch = 0
        self._computed = False
        self._loss = nan
        self._record: StepRecord | None = None
        self._draws = any(layer.noise for layer in self.network.plan.layers)
        self._prepares = bool(
            self._draws or training.input_noise or training.gradient_noise or SCHEDULES[training.schedule].changes
        )
        self._programs: dict[int, Program] = {}
        self._evaluator: Evaluator | None = None
        self._quietly = quiet_context().run
        self._enter_epoch()

    def __repr__(self) -> str:
        data, optimizer = "given data" if self.samples.given else self.run.data.name, self.run.training.optimizer
        return f"Trainer({data}, {optimizer}; {self.steps:,} steps, {self.epoch:g} epochs; {self.network})"

    # Steps

    def compute(self) -> None:
        """Forward and backward pass on the coming batch, and the update and optimizer state that `apply` would commit.

        Changes nothing that a step depends on. Raises NonFiniteError where a number overflows; that step cannot be
        applied.
        """
        self._computed, self._record = False, None
        if self._prepares:
            self._prepare(self._program)
        self._quietly(self._run_program)
        self._computed = True

    def _prepare(self, program: Program) -> None:
        """Draws the noise of the coming step and sets its learning rate, where the run has any that change."""
        if self._draws:
            program.signals.draw(lambda layer: self._stream("noise", self.identity.layers[layer].id))
        for noise in program.noise:
            noise.draw(self._stream)
        program.descent[()] = -self.learning_rate

    def _stream(self, purpose: str, *keys: int) -> np.random.Generator:
        return stream(self.run.seed, purpose, *keys, self.steps)

    def _run_program(self) -> None:
        program = self._program
        program.fed[...] = self._coming
        for kernel in program.kernels[self.optimizer.side]:
            kernel()
        self._loss = loss = program.loss()
        if not (program.telemetry.certain() and isfinite(loss)):
            self._refuse_non_finite(loss)

    def _refuse_non_finite(self, loss: float) -> None:
        network, signals = self.network, self._program.signals
        found = first_non_finite(network.plan, network.arena, signals, loss, self.optimizer.next.values())
        if found:
            layer, tensor = found
            raise NonFiniteError(self.steps + 1, layer, self.identity.layers[layer].id, tensor)

    def apply(self) -> None:
        """Commits the computed step and moves on to the next batch. Raises RuntimeError if none was computed."""
        if not self._computed:
            raise RuntimeError("there is no computed step to apply: call compute() first")
        arena = self.network.arena
        np.add(arena.parameters, arena.updates, arena.parameters)
        if arena.running.size:
            np.copyto(arena.running, arena.next_running)
        self.optimizer.swap()
        self.steps += 1
        self._computed = False
        self._batch += 1
        if self._batch == self.batches.count:
            self._batch = 0
            self._epoch += 1
            self._enter_epoch()
        else:
            self._enter_batch()

    def step(self) -> StepRecord:
        """One step: compute and apply. Raises NonFiniteError, and stays where it was, where a number overflows."""
        self.compute()
        record = self.record
        self.apply()
        return record

    def _enter_epoch(self) -> None:
        self.batches.arrange(self._epoch)
        self._enter_batch()

    def _enter_batch(self) -> None:
        self._coming = self.batches.batch(self._batch)
        self._program = self._program_for(self.batches.size_of(self._batch))

    def _program_for(self, batch: int) -> Program:
        program = self._programs.get(batch)
        if program is None:
            program = compile_program(self.network, self.run.training, self.optimizer, batch)
            self._programs[batch] = program
        return program

    # What was computed

    @property
    def record(self) -> StepRecord:
        """The scalars of the computed step. Raises RuntimeError without a `compute` before it."""
        if not self._computed:
            raise RuntimeError("there is no computed step to read: call compute() first")
        if self._record is None:
            epoch = self._epoch + (self._batch + 1) / self.batches.count
            self._record = StepRecord(self.steps + 1, epoch, *self._program.telemetry.keep(self._loss))
        return self._record

    @property
    def learning_rate(self) -> float:
        """The learning rate of the coming step, as the schedule has it."""
        training = self.run.training
        return training.learning_rate * SCHEDULES[training.schedule].factor(self.steps, training.schedule_options)

    @property
    def optimizer_state(self) -> dict[str, Mapping[str, Array]]:
        """Live views of the optimizer's state, by slot and then as `network.parameters`: ["velocity"]["0.weight"]."""
        return {slot: self.network.plan.named(values) for slot, values in self.optimizer.current.items()}

    @property
    def updates(self) -> Array:
        """(parameters,): what the computed step will add, in the order of the arena."""
        return self.network.arena.updates

    @property
    def given_gradient(self) -> Array:
        """(parameters,): what the optimizer was given for the computed step, penalties, clipping and noise included."""
        return self._program.given

    @property
    def noise(self) -> Mapping[str, Array]:
        """The computed step's noise: "input noise" (features, batch) and "gradient noise" (parameters,), where on."""
        return {each.purpose: each.values for each in self._program.noise}

    @property
    def layers(self) -> tuple[LayerView, ...]:
        """The layers in forward order, with the coming batch's arrays as of the last `compute`."""
        signals, plan = self._program.signals, self.network.plan
        fan_ins = [plan.inputs, *(layer.units for layer in plan.layers[:-1])]
        views = []
        for identity, spec, fan_in, rows in zip(
            self.identity.layers, self.network.layers, fan_ins, plan.rows, strict=True
        ):
            z, a, upstream = signals.pre_activations[rows], signals.activations[rows], signals.upstream[rows]
            views.append(LayerView(identity.id, identity.units, spec, fan_in, z, a, upstream, signals.deltas[rows]))
        return tuple(views)

    @property
    def signals(self) -> Signals:
        """The coming batch's arrays of all layers in one piece, as of the last `compute`; `network.plan` has places."""
        return self._program.signals

    @property
    def batch_inputs(self) -> Array:
        """(features, batch): inputs of the coming batch; with the noise of the last `compute` where they get some."""
        if self._computed and self.run.training.input_noise:
            return self._program.signals.inputs[:-1]
        return self._coming[self.network.plan.outputs :]

    @property
    def batch_targets(self) -> Array:
        """(outputs, batch): targets of the coming batch."""
        return self._coming[: self.network.plan.outputs]

    @property
    def batch_samples(self) -> Indices:
        """(batch,): indices of the coming batch's samples in the training data."""
        return self.batches.samples(self._batch)

    # Data

    @property
    def epoch(self) -> float:
        """Epochs done, with fraction."""
        return self._epoch + self._batch / self.batches.count

    @property
    def batches_per_epoch(self) -> int:
        """Batches of an epoch, a smaller last one included."""
        return self.batches.count

    @property
    def dataset(self) -> Dataset:
        """The data trained and tested on."""
        return self.samples.dataset

    def evaluate(self) -> Evaluation:
        """Loss and accuracy on all training and test data, as the parameters are now. Touches nothing of training."""
        if self._evaluator is None:
            self._evaluator = Evaluator(self.network, self.samples)
        return self._evaluator.evaluate()

    # State

    def state(self) -> dict[str, Any]:
        """All that later steps depend on, as copies: arrays, numbers and plain dicts, ready to be pickled.

        ``epoch`` counts epochs done, ``batch`` batches done in the present one; arrays are flat, in the arena's order.
        """
        arena, optimizer = self.network.arena, self.optimizer
        return {
            "steps": self.steps,
            "epoch": self._epoch,
            "batch": self._batch,
            "parameters": arena.parameters.copy(),
            "running": arena.running.copy(),
            "optimizer_steps": optimizer.steps,
            "slots": {slot: values.copy() for slot, values in optimizer.current.items()},
            "identity": self.identity.to_dict(),
        }

    def load_state(self, state: Mapping[str, Any]) -> None:
        """Goes to a state of a trainer of the same shape; the same bits follow. Raises ValueError if it does not fit.

        The ids of layers and units are taken over with the rest.
        """
        arena, optimizer = self.network.arena, self.optimizer
        places = {"parameters": arena.parameters, "running": arena.running}
        places |= {f"slots.{slot}": place for slot, place in optimizer.current.items()}
        values = {name: state[name] for name in ("parameters", "running")}
        values |= {f"slots.{slot}": array for slot, array in state["slots"].items()}
        identity = Identity.from_dict(state["identity"])
        _check_fit(places, values)
        if [len(layer.units) for layer in identity.layers] != [layer.units for layer in self.network.layers]:
            raise ValueError("the state's layers have other numbers of units than the network's")
        if not 0 <= state["batch"] < self.batches.count:
            raise ValueError(f"batch {state['batch']} refused: an epoch has {self.batches.count} batches")
        for name, place in places.items():
            np.copyto(place, values[name])
        optimizer.steps = state["optimizer_steps"]
        self.identity = identity
        self.steps, self._epoch, self._batch = state["steps"], state["epoch"], state["batch"]
        self._computed = False
        self._enter_epoch()


def _check_fit(places: Mapping[str, Array], values: Mapping[str, Array]) -> None:
    if places.keys() != values.keys():
        raise ValueError(f"the state holds {sorted(values)}, but the trainer has {sorted(places)}")
    for name, place in places.items():
        if values[name].shape != place.shape or values[name].dtype != place.dtype:
            raise ValueError(
                f"{name} of {values[name].shape} {values[name].dtype} refused: must be {place.shape} {place.dtype}"
            )
