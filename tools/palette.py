"""Pictures of at most 256 colours as PNG: smaller files, and pages of mostly flat colours look the same.

Colours are put together by splitting the group that varies most, at its mean, along the channel in which it varies
most; each group becomes its mean (variance-based colour quantisation: Wan, Prusinkiewicz and Wong 1990).
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
COLOURS: Final = 256
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def png(pixels: Bytes) -> bytes:
    """The file of a picture (height, width, 3)."""
    palette, indices = quantised(pixels)
    height, width = indices.shape
    rows = np.zeros((height, width + 1), np.uint8)  # each row begins with its filter: none
    rows[:, 1:] = indices
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # eight bits, by palette
    data = zlib.compress(rows.tobytes(), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", data), (b"IEND", b""))
    return SIGNATURE + b"".join(chunk(kind, content) for kind, content in chunks)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def quantised(pixels: Bytes) -> tuple[Bytes, Bytes]:
    """A palette (at most 256, 3), and each pixel's place in it (height, width)."""
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    found, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1).astype(float)
    groups = grouped(colours, counts)
    means = [np.average(colours[group], axis=0, weights=counts[group]) for group in groups]
    group_of = np.empty(len(colours), np.uint8)
    for place, group in enumerate(groups):
        group_of[group] = place
    return np.round(means).astype(np.uint8), group_of[places.reshape(packed.shape)]


def grouped(colours: NDArray[np.float64], counts: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Places of the colours (colours, 3) that become one."""
    groups = [np.arange(len(colours))]
    spreads = [spread(colours, counts)]
    while len(groups) < min(COLOURS, len(colours)):
        widest = int(np.argmax([max(each) for each in spreads]))
        group, channel = groups[widest], int(np.argmax(spreads[widest]))
        values = colours[group, channel]
        above = values > np.average(values, weights=counts[group])
        parts = [group[~above], group[above]]
        groups[widest : widest + 1] = parts
        spreads[widest : widest + 1] = [spread(colours[part], counts[part]) for part in parts]
    return groups


def spread(colours: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far the pixels of these colours lie from their mean: the sum of squares in each channel."""
    mean = np.average(colours, axis=0, weights=counts)
    total: NDArray[np.float64] = (counts[:, None] * (colours - mean) ** 2).sum(axis=0)
    return total
