"""Handwritten digits as images of 8 × 8 pixels (E. Alpaydin and C. Kaynak, 1998)."""

from __future__ import annotations

import numpy as np

from engine.data.real import drawn_from, stored
from engine.data.record import Cloud, DataRecord

SIDE = 8
BRIGHTEST = 16


def images() -> Cloud:
    """Images (1797, 64) row by row, brightness 0 to 16 divided by 16, and the digits they show."""
    arrays = stored("digits")
    pixels = arrays["images"].reshape(-1, SIDE * SIDE).astype(np.float64)
    return pixels / BRIGHTEST, arrays["labels"].astype(np.int64)


DIGITS = DataRecord(
    title="Digits",
    help="1,797 handwritten digits as images of 8 × 8 pixels; brightness is divided by 16, so inputs go from 0 to 1.",
    task="classification",
    classes=tuple(str(digit) for digit in range(10)),
    inputs=tuple(f"row {row}, column {column}" for row in range(1, SIDE + 1) for column in range(1, SIDE + 1)),
    form="samples",
    generate=drawn_from(images),
    loss="cross_entropy",
    output_activation="softmax",
    samples=1797,
    available=1797,
    image=(SIDE, SIDE),
    source="Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
