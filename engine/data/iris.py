"""Iris flowers: three species, four measurements (R. A. Fisher, 1936)."""

from __future__ import annotations

import numpy as np

from engine.data.real import drawn_from, stored
from engine.data.record import Cloud, DataRecord


def flowers() -> Cloud:
    """Measurements (150, 4), each standardised to mean 0 and standard deviation 1 over all 150 flowers, and species."""
    arrays = stored("iris")
    centimetres = arrays["x"].astype(np.float64)
    return (centimetres - centimetres.mean(axis=0)) / centimetres.std(axis=0), arrays["y"].astype(np.int64)


IRIS = DataRecord(
    title="Iris",
    help="150 flowers of three species by four measurements, each standardised to mean 0 and standard deviation 1.",
    task="classification",
    classes=("setosa", "versicolor", "virginica"),
    inputs=("sepal length", "sepal width", "petal length", "petal width"),
    form="samples",
    generate=drawn_from(flowers),
    loss="cross_entropy",
    output_activation="softmax",
    samples=150,
    available=150,
    source="Iris, R. A. Fisher, UCI Machine Learning Repository",
    licence="CC BY 4.0",
    thumbnail_inputs=(2, 3),
)
