"""What the page needs to know of the engine: every table, limit, default and explanation, as plain JSON-able data.

Menus, formulas and help texts of the page are made from this alone, so that an entry added to a table shows up in the
page with no other change. Formulas are TeX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from engine.activations import ACTIVATIONS
from engine.checks import Number
from engine.data.features import FEATURES
from engine.data.own import HELP, LARGEST, LONGEST_NAME, MAX_CLASSES, MAX_INPUTS, MIN_SAMPLES, TITLE
from engine.data.record import DataRecord, Draw
from engine.data.table import DATASETS
from engine.demos import DEMOS, STARTERS
from engine.fields import FIELDS, MAX_SAMPLES, SWITCHES
from engine.glossary import GLOSSARY
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.normalizations import NORMALIZATIONS
from engine.optimizers import OPTIMIZERS
from engine.options import Option
from engine.schedules import SCHEDULES
from engine.spec import DTYPES, LIMITS, VERSION, RunSpec
from engine.training_spec import METHODS, SHUFFLES
from engine.verdicts import EVERY, HOLD, VERDICTS, WINDOW

THUMBNAIL_POINTS: Final = 60
THUMBNAIL_SIDE: Final = 2  # images in a row, and rows of images
# Any seed would do; this one is pinned so that the pictures stay the same.
THUMBNAIL_SEED: Final = 0


def catalog() -> dict[str, Any]:
    """All of it, in the shape of ``/api/catalog``."""
    return {
        "version": VERSION,
        "limits": dict(LIMITS),
        "defaults": RunSpec().to_dict(),
        "activations": {
            name: {
                "title": entry.title,
                "formula": entry.formula,
                "derivative": entry.derivative,
                "help": entry.help,
                "display_range": None if entry.display_range is None else list(entry.display_range),
                "hidden": entry.hidden,
                "output": entry.output,
                "options": _options(entry.options),
            }
            for name, entry in ACTIVATIONS.items()
        },
        "losses": {
            name: {
                "title": entry.title,
                "formula": entry.formula,
                "help": entry.help,
                "output_activations": list(entry.output_activations),
                "tasks": list(entry.tasks),
                "probabilities": entry.probabilities,
                "options": _options(entry.options),
            }
            for name, entry in LOSSES.items()
        },
        "optimizers": {
            name: {
                "title": entry.title,
                "formula": entry.formula,
                "help": entry.help,
                "rescales": entry.rescales,
                "options": _options(entry.options),
            }
            for name, entry in OPTIMIZERS.items()
        },
        "initializers": {
            name: {"title": entry.title, "formula": entry.formula, "help": entry.help}
            for name, entry in INITIALIZERS.items()
        },
        "schedules": {
            name: {
                "title": entry.title,
                "formula": entry.formula,
                "help": entry.help,
                "options": _options(entry.options),
            }
            for name, entry in SCHEDULES.items()
        },
        "normalizations": {
            name: {"title": entry.title, "formula": entry.formula, "help": entry.help}
            for name, entry in NORMALIZATIONS.items()
        },
        "datasets": {name: _data_set(record) for name, record in DATASETS.items()},
        "own_data": {
            "title": TITLE,
            "help": HELP,
            "noise": False,
            "limits": {
                "inputs": MAX_INPUTS,
                "classes": MAX_CLASSES,
                "samples": [MIN_SAMPLES, MAX_SAMPLES],
                "name": LONGEST_NAME,
                "number": LARGEST,
            },
        },
        "features": {name: {"title": entry.title, "formula": entry.formula} for name, entry in FEATURES.items()},
        "fields": {path: _field(number) for path, number in FIELDS.items()},
        "switches": {path: {"title": switch.title, "help": switch.help} for path, switch in SWITCHES.items()},
        "choices": {"training.shuffle": list(SHUFFLES), "training.method": list(METHODS), "dtype": list(DTYPES)},
        "glossary": dict(GLOSSARY),
        "demos": {
            name: {
                "title": demo.title,
                "spec": demo.run.to_dict(),
                "pace": demo.pace,
                "playing": demo.playing,
                "watch": demo.watch,
                "cures": [
                    {"title": cure.title, "short": cure.short, "spec": cure.run.to_dict(), "watch": cure.watch}
                    for cure in demo.cures
                ],
            }
            for name, demo in DEMOS.items()
        },
        "starters": list(STARTERS),
        "verdicts": {
            name: {"title": rule.title, "mark": rule.mark, "when": rule.when, "source": rule.source}
            for name, rule in VERDICTS.items()
        },
        "judging": {"window": WINDOW, "every": EVERY, "hold": HOLD},
    }


def _options(options: Mapping[str, Option]) -> dict[str, Any]:
    return {
        name: {
            "default": option.default,
            "minimum": option.minimum,
            "maximum": option.maximum,
            "exclusive_minimum": option.exclusive_minimum,
            "help": option.help,
        }
        for name, option in options.items()
    }


def _field(number: Number) -> dict[str, Any]:
    return {
        "title": number.title,
        "help": number.help,
        "minimum": number.minimum,
        "maximum": number.maximum,
        "exclusive_minimum": number.exclusive_minimum,
        "integer": number.integer,
        "optional": number.optional,
        "unit": number.unit,
    }


def _data_set(record: DataRecord) -> dict[str, Any]:
    return {
        "title": record.title,
        "help": record.help,
        "task": record.task,
        "classes": list(record.classes),
        "inputs": list(record.inputs),
        "form": record.form,
        "features": record.features,
        "noise": record.noise,
        "samples": record.samples,
        "available": record.available,
        "image": None if record.image is None else list(record.image),
        "source": record.source,
        "licence": record.licence,
        "thumbnail": _thumbnail(record),
    }


def _thumbnail(record: DataRecord) -> list[list[Any]]:
    """A small picture of a data set.

    Points ``[x, y, label]``, the label a class index or a target value; of a curve ``[x, target, target]``. Of
    images, the rows of one picture that holds several, brightness from 0 to 1.
    """
    count = THUMBNAIL_POINTS if record.image is None else THUMBNAIL_SIDE**2
    points, labels = record.generate(count, 0.0, Draw(THUMBNAIL_SEED))
    if record.image is not None:
        width, height = record.image
        tiles = points.reshape(THUMBNAIL_SIDE, THUMBNAIL_SIDE, height, width).transpose(0, 2, 1, 3)
        rows: list[list[Any]] = np.round(tiles.reshape(THUMBNAIL_SIDE * height, -1), 2).tolist()
        return rows
    x = points[:, record.thumbnail_inputs[0]]
    y = labels if record.form == "curve" else points[:, record.thumbnail_inputs[1]]
    return [
        [round(float(a), 2), round(float(b), 2), label if isinstance(label, int) else round(label, 3)]
        for a, b, label in zip(x, y, labels.tolist(), strict=True)
    ]
