"""The training's part of a run: how gradients become updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from engine.checks import (
    Options,
    check_choice,
    check_integer,
    check_optional_integer,
    check_optional_real,
    check_options,
    check_real,
    joined,
)
from engine.fields import FIELDS
from engine.optimizers import OPTIMIZERS
from engine.plain_spec import Plain
from engine.schedules import SCHEDULES

SHUFFLES: Final = ("none", "once", "epoch")
METHODS: Final = ("gradient",)


@dataclass(frozen=True, slots=True)
class TrainingSpec(Plain):
    """How the parameters are updated. ``clip_value``, ``clip_norm``, ``max_norm`` and ``patience`` are off when None.

    ``max_norm`` bounds the length of each unit's incoming weights; ``patience`` is for how many epochs the test loss
    may go without a new minimum before training pauses. ``input_noise`` and ``gradient_noise`` are standard deviations.
    ``shuffle``: "none" keeps the training data in its order, "once" shuffles it once, "epoch" anew for each epoch.
    """

    optimizer: str = "sgd"
    learning_rate: float = 0.03
    batch_size: int = 10
    shuffle: str = "epoch"
    optimizer_options: Mapping[str, float] = Options()
    l1: float = 0.0
    l2: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    method: str = "gradient"
    schedule: str = "constant"
    schedule_options: Mapping[str, float] = Options()
    max_norm: float | None = None
    label_smoothing: float = 0.0
    input_noise: float = 0.0
    gradient_noise: float = 0.0
    patience: int | None = None

    PATH: ClassVar[str] = "training"

    def __post_init__(self) -> None:
        optimizer = check_choice("training.optimizer", self.optimizer, OPTIMIZERS)
        table = OPTIMIZERS[optimizer].options
        options = check_options("training.optimizer_options", self.optimizer_options, table, optimizer)
        self._set("optimizer_options", options)
        self._set("batch_size", check_integer("training.batch_size", self.batch_size, FIELDS["training.batch_size"]))
        check_choice("training.shuffle", self.shuffle, SHUFFLES)
        check_choice("training.method", self.method, METHODS)
        schedule = check_choice("training.schedule", self.schedule, SCHEDULES)
        table = SCHEDULES[schedule].options
        options = check_options("training.schedule_options", self.schedule_options, table, schedule)
        self._set("schedule_options", options)
        for name in ("learning_rate", "l1", "l2", "label_smoothing", "input_noise", "gradient_noise"):
            path = joined("training", name)
            self._set(name, check_real(path, getattr(self, name), FIELDS[path]))
        for name in ("clip_value", "clip_norm", "max_norm"):
            path = joined("training", name)
            self._set(name, check_optional_real(path, getattr(self, name), FIELDS[path]))
        patience = check_optional_integer("training.patience", self.patience, FIELDS["training.patience"])
        self._set("patience", patience)
