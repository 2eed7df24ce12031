"""A lane's layout: the names, shapes and places of everything in its frames, maps and series."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from engine.activations import ACTIVATIONS
from engine.trainer import Trainer
from server.messages import DataLayout, LayerLayout, MapsLayout, SeriesLayout

NORMS = ("delta_rms", "gradient_rms", "weight_rms", "update_rms")
GRID = (64, 64)
UNIT_MAP = (24, 24)
CURVE = 256
UNIT_CURVE = 64
MARGIN = 0.1
"""How far a curve's y range reaches beyond its targets, as a part of their range."""


class Shape(TypedDict):
    """The part of a layout that a revision stands for."""

    inputs: list[str]
    layers: list[LayerLayout]
    parameters: int
    units: int
    data: DataLayout
    maps: MapsLayout
    series: SeriesLayout


def shape_of(trainer: Trainer, data_version: int) -> Shape:
    """The layout of a trainer's network and data."""
    layers = _layers(trainer)
    steps, evaluations = series_names(trainer)
    return {
        "inputs": list(trainer.run.data.inputs),
        "layers": layers,
        "parameters": trainer.network.plan.size,
        "units": layers[-1]["unit"] + layers[-1]["units"],
        "data": _data(trainer, data_version),
        "maps": _maps(trainer),
        "series": {"steps": steps, "evaluations": evaluations},
    }


def series_names(trainer: Trainer) -> tuple[list[str], list[str]]:
    """The columns of the series of steps, and of that of evaluations."""
    ids = [layer.id for layer in trainer.identity.layers]
    evaluations = ["train_loss", "test_loss"]
    if trainer.run.data.record.task == "classification":
        evaluations += ["train_accuracy", "test_accuracy"]
    activations = [(id, ACTIVATIONS[layer.activation]) for id, layer in zip(ids, trainer.network.layers, strict=True)]
    evaluations += [f"saturated.{id}" for id, activation in activations if activation.saturated_beyond]
    evaluations += [f"dead.{id}" for id, activation in activations if activation.dies]
    return ["loss", *(f"{norm}.{id}" for norm in NORMS for id in ids)], evaluations


def _layers(trainer: Trainer) -> list[LayerLayout]:
    result: list[LayerLayout] = []
    unit = 0
    views = trainer.layers
    places = {tensor.name: tensor.span.start for tensor in trainer.network.plan.tensors}
    for index, view in enumerate(views):
        units = view.spec.units
        result.append(
            {
                "id": view.id,
                "kind": view.spec.kind,
                "role": "output" if view is views[-1] else "hidden",
                "units": units,
                "unit_ids": list(view.unit_ids),
                "fan_in": view.fan_in,
                "activation": view.spec.activation,
                "activation_options": dict(view.spec.activation_options),
                "normalization": view.spec.normalization,
                "dropout": view.spec.dropout,
                "residual": view.spec.residual,
                "weight": places[f"{index}.weight"],
                "bias": places[f"{index}.bias"],
                "scale": places.get(f"{index}.scale"),
                "shift": places.get(f"{index}.shift"),
                "unit": unit,
            }
        )
        unit += units
    return result


def _data(trainer: Trainer, version: int) -> DataLayout:
    record = trainer.run.data.record
    train, test = len(trainer.dataset.x_train), len(trainer.dataset.x_test)
    return {
        "version": version,
        "name": trainer.run.data.name,
        "task": record.task,
        "classes": list(record.classes),
        "inputs": list(record.inputs),
        "samples": train + test,
        "train": train,
        "test": test,
        "batches": trainer.batches_per_epoch,
    }


def _maps(trainer: Trainer) -> MapsLayout:
    record, domain = trainer.run.data.record, trainer.dataset.domain
    if record.form == "plane":
        x, y = map(list, domain)
        return {"form": "plane", "grid": list(GRID), "unit": list(UNIT_MAP), "x": x, "y": y}
    if record.form == "curve":
        targets = np.concatenate((trainer.dataset.y_train, trainer.dataset.y_test))
        low, high = float(targets.min()), float(targets.max())
        margin = MARGIN * (high - low)
        return {
            "form": "curve",
            "grid": [CURVE, 1],
            "unit": [UNIT_CURVE, 1],
            "x": list(domain[0]),
            "y": [low - margin, high + margin],
        }
    return {"form": "samples"} if record.image is None else {"form": "samples", "image": list(record.image)}
