"""Pictures of few colours: what is written is what was seen."""

from __future__ import annotations

import zlib

import numpy as np

from tools.palette import SIGNATURE, png, quantised


def test_a_picture_of_at_most_256_colours_stays_as_it_is() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    pixels = np.stack([grey, grey[::-1], grey.T], axis=2)
    palette, indices = quantised(pixels)
    assert np.array_equal(palette[indices], pixels)


def test_of_more_colours_those_near_each_other_become_one_and_what_fills_the_picture_stays() -> None:
    pixels = np.full((64, 64, 3), (247, 247, 244), np.uint8)
    pixels[:32, :32] = np.random.default_rng(7).integers(0, 200, (32, 32, 3))
    palette, indices = quantised(pixels)
    assert len(palette) == 256
    assert np.array_equal(palette[indices][32:], pixels[32:])
    assert np.abs(palette[indices].astype(int) - pixels).max() < 64


def test_the_file_holds_a_palette_and_every_row() -> None:
    pixels = np.zeros((3, 5, 3), np.uint8)
    pixels[1, 2] = (255, 128, 0)
    file = png(pixels)
    assert file.startswith(SIGNATURE)
    assert bytes((255, 128, 0)) in file[file.index(b"PLTE"):file.index(b"IDAT")]
    rows = zlib.decompress(file[file.index(b"IDAT") + 4:file.index(b"IEND") - 8])
    assert rows == bytes(6) + bytes((0, 0, 0, 1, 0, 0)) + bytes(6)
