"""Binary messages: frames, maps, data and rows of a series to bytes, and back; own data from bytes. Pure.

docs/PROTOCOL.md, section 5, is the full text.

A message is a header of 64 bytes, a directory of 16 bytes a section, and the sections, each aligned to 8 bytes; all of
it little-endian. A reader gets views into the message: nothing is copied.
"""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from server.messages import BINARY_LIMIT, PROTOCOL_VERSION, Command, MessageError, OpenFile, UseOwnData, parse_command
from server.pictures import Data, Frame, Maps, Picture, Rows

MAGIC: Final = 0x574C4642  # "BFLW"
FRAME, SERIES, MAPS, DATA, OWN_DATA, RUN_FILE, FILE = 1, 2, 3, 4, 5, 6, 7
BATCH_ROWS: Final = 64
"""Samples of the batch that a frame holds at most."""
FEWEST_ROWS: Final = 8
FRAME_BYTES: Final = 900_000
"""Beyond this, a frame holds fewer samples, but no fewer than 8."""

_HEADER: Final = struct.Struct("<IHBBIIdIIddIIII")
_ENTRY: Final = struct.Struct("<HHIII")
_U8, _U32, _F32, _F64 = 1, 2, 3, 4
_DTYPES: Final[dict[int, np.dtype[Any]]] = {
    _U8: np.dtype("u1"),
    _U32: np.dtype("<u4"),
    _F32: np.dtype("<f4"),
    _F64: np.dtype("<f8"),
}
_FLOAT32_MAX: Final = float(np.finfo(np.float32).max)

# fmt: off
SECTIONS: Final[dict[str, tuple[int, int]]] = {
    "parameters": (1, _F32), "gradients": (2, _F32), "updates": (3, _F32), "inputs": (4, _F32),
    "activations": (5, _F32), "deltas": (6, _F32), "pre_activations": (7, _F32), "targets": (8, _F32),
    "norms": (9, _F64), "unit_deltas": (10, _F64), "scales": (11, _F64), "samples": (12, _U32),
    "stations": (13, _F64), "chi": (14, _F64), "shares": (15, _F64), "histograms": (16, _U32),
    "histogram_axes": (17, _F64),
    "singular_values": (18, _F64),
    "from": (20, _F64), "spans": (21, _U32), "mean": (22, _F64), "min": (23, _F64), "max": (24, _F64),
    "grid": (30, _U8), "grid_scale": (31, _F64), "unit_maps": (32, _U8), "unit_scales": (33, _F64),
    "unit_spread": (34, _F64), "predictions": (35, _F32),
    "points": (40, _F32), "labels": (41, _F32), "split": (42, _U8), "command": (43, _U8),
    "file": (44, _U8), "name": (45, _U8),
}
# fmt: on
_NAMES: Final = {number: name for name, (number, _) in SECTIONS.items()}
_PER_SAMPLE: Final = ("inputs", "activations", "deltas", "pre_activations", "targets")
_SCALED: Final = {"gradients": 1, "updates": 3, "deltas": 0}
"""Sections that carry a scale a layer, in the order of `scales`, with the row of `norms` that tells their size."""
_PLAIN_RANGE: Final = (1e-30, 1e30)
"""Root mean squares that float32 holds well, with room for entries far from the mean."""


def encode_picture(picture: Picture) -> list[bytes]:
    """The messages of a picture: the frames of all lanes, then their maps. Evaluations are events."""
    frames = [encode_frame(frame, picture) for frame in picture.frames]
    return frames + [_encode_maps(maps, picture) for maps in picture.maps]


def encode_frame(frame: Frame, picture: Picture) -> bytes:
    """One lane's frame. Numbers beyond float32's range arrive as its largest."""
    sections = dict(frame.sections)
    rows = _rows(frame)
    if rows < frame.batch:
        for name in _PER_SAMPLE:
            if name in sections:
                sections[name] = sections[name][:, :rows]
        if "samples" in sections:
            sections["samples"] = sections["samples"][:rows]
    _scale(sections, frame)
    buffer = _message(
        (FRAME, frame.lane, frame.revision, picture.number, frame.step, rows),
        (frame.epoch, frame.loss, picture.command, len(picture.frames), frame.timeline, _flags(frame, picture)),
        sorted(sections.items(), key=lambda item: SECTIONS[item[0]][0]),
    )
    return bytes(buffer)


def _flags(frame: Frame, picture: Picture) -> int:
    return int(any(maps.lane == frame.lane for maps in picture.maps))


def _rows(frame: Frame) -> int:
    """How many samples of the batch to send: the first 64, or as many as keep the frame within its size."""
    per_sample = sum(4 * len(array) for name, array in frame.sections.items() if name in _PER_SAMPLE)
    others = sum(4 * array.size for name, array in frame.sections.items() if name not in _PER_SAMPLE)
    room = (FRAME_BYTES - others) // max(per_sample, 1)
    return min(frame.batch, BATCH_ROWS, max(room, FEWEST_ROWS))


def _scale(sections: dict[str, NDArray[Any]], frame: Frame) -> None:
    """Adds `scales`, and divides by them where float32 could not hold a layer's numbers."""
    if not _SCALED.keys() & sections.keys():
        return
    scales = np.ones((len(_SCALED), frame.norms.shape[1]))
    low, high = _PLAIN_RANGE
    for row, (name, norm) in zip(scales, _SCALED.items(), strict=True):
        sizes = frame.norms[norm]
        if name not in sections or (low <= sizes.min() and sizes.max() <= high):
            continue
        array = sections[name].reshape(len(sections[name]), -1)
        entries = np.array(frame.layer_units if name == "deltas" else frame.layer_parameters)
        if not sizes.all():  # where the weights' gradients are all zero, the biases' need not be
            largest = np.maximum.reduceat(np.abs(array).max(axis=1), np.cumsum(entries) - entries)
            sizes = np.where(sizes == 0, largest, sizes)
        outside = (sizes != 0) & ((sizes < low) | (sizes > high))
        row[outside] = np.ldexp(1.0, np.frexp(sizes[outside])[1] - 1)
        sections[name] = array / np.repeat(row, entries)[:, np.newaxis]
    sections["scales"] = scales


def _encode_maps(maps: Maps, picture: Picture) -> bytes:
    head = (MAPS, maps.lane, maps.revision, picture.number, maps.step, 0)
    return bytes(_message(head, (0.0, 0.0, picture.command, 0, maps.timeline, 0), maps.sections.items()))


def encode_data(data: Data) -> bytes:
    """The points of a lane's data set."""
    head = (DATA, data.lane, data.version, 0, 0.0, len(data.labels))
    sections = {"points": data.points, "labels": data.labels, "split": data.split}
    return bytes(_message(head, (0.0, 0.0, 0, 0, data.timeline, 0), sections.items()))


def encode_own_data(command: UseOwnData) -> bytes:
    """The message that a page sends to bring data of its own."""
    names = ("id", "lane", "inputs", "classes", "ranges", "gesture")
    content = {"type": command.type} | {name: getattr(command, name) for name in names}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    sections = {
        "command": np.frombuffer(text, "u1"),
        "points": np.frombuffer(command.points, "<f4"),
        "labels": np.frombuffer(command.labels, "<f4"),
    }
    head = (OWN_DATA, command.lane, 0, command.id, 0.0, len(command.labels) // 4)
    return bytes(_message(head, (0.0, 0.0, 0, 0, 0, 0), sections.items()))


def decode_command(message: bytes) -> Command:
    """Reads what a page sent as a binary message. Raises MessageError, like `parse_command`."""
    try:
        decoded = decode(message)
        if decoded.kind not in (OWN_DATA, RUN_FILE):
            kinds = f"{OWN_DATA} and {RUN_FILE}"
            raise ValueError(f"a binary message of kind {decoded.kind}: a page sends the kinds {kinds} alone")
        text = decoded.sections.pop("command", np.empty(0, "u1")).tobytes()
        if decoded.kind == RUN_FILE:
            attached = {name: _bytes(name, array) for name, array in decoded.sections.items()}
        else:
            attached = {name: _float32_bytes(name, array) for name, array in decoded.sections.items()}
    except ValueError as error:
        raise MessageError("malformed", None, None, f"message refused: {error}") from error
    command = parse_command(text, attached)
    if decoded.kind == OWN_DATA and len(message) > BINARY_LIMIT:
        sentence = f"own data of {len(message):,} bytes refused: must be at most {BINARY_LIMIT:,}"
        raise MessageError("invalid", None, None, sentence, command.id)
    return command


def _bytes(name: str, array: NDArray[Any]) -> bytes:
    if array.dtype != _DTYPES[_U8]:
        raise ValueError(f"section {name} must be of bytes")
    return array.tobytes()


def encode_open_file(command: OpenFile) -> bytes:
    """The message that a page sends to open a saved run."""
    text = json.dumps({"type": command.type, "id": command.id}, separators=(",", ":")).encode()
    sections = {"file": np.frombuffer(command.file, "u1"), "command": np.frombuffer(text, "u1")}
    return bytes(_message((RUN_FILE, 0, 0, command.id, 0.0, 0), (0.0, 0.0, 0, 0, 0, 0), sections.items()))


def encode_file(name: str, content: bytes, command: int) -> bytes:
    """The answer to the export command with the id `command`."""
    sections = {"name": np.frombuffer(name.encode(), "u1"), "file": np.frombuffer(content, "u1")}
    return bytes(_message((FILE, 0, 0, command, 0.0, 0), (0.0, 0.0, 0, 0, 0, 0), sections.items()))


def _float32_bytes(name: str, array: NDArray[Any]) -> bytes:
    if array.dtype != _DTYPES[_F32]:
        raise ValueError(f"section {name} must be of float32")
    return array.tobytes()


def encode_rows(rows: Rows, command: int) -> bytes:
    """The answer to the series command with the id `command`."""
    head = (SERIES, rows.lane, rows.revision, command, float(rows.next_step), len(rows.spans))
    sections: dict[str, NDArray[Any]] = {"from": rows.from_step, "spans": rows.spans, "mean": rows.mean}
    if (rows.spans > 1).any():
        sections |= {"min": rows.minimum, "max": rows.maximum}
    return bytes(_message(head, (0.0, 0.0, 0, 0, rows.timeline, int(rows.more)), sections.items()))


def _message(
    head: tuple[int, int, int, int, float, int],
    tail: tuple[float, float, int, int, int, int],
    sections: Iterable[tuple[str, NDArray[Any]]],
) -> bytearray:
    """A message of header fields up to `rows`, those from `epoch` on, and arrays, cast to their sections' types."""
    placed = [(*_section(name, array), array) for name, array in sections]
    placed.sort(key=lambda section: section[1] != _F32)  # those first, so that one look tells whether all are finite
    lengths = [-(-array.size * _DTYPES[kind].itemsize // 8) * 8 for _, kind, array in placed]
    first = offset = _HEADER.size + _ENTRY.size * len(placed)
    buffer = bytearray(first + sum(lengths))
    _HEADER.pack_into(buffer, 0, MAGIC, PROTOCOL_VERSION, *head, len(placed), *tail)
    floats_end = first
    with np.errstate(over="ignore"):
        for place, ((number, kind, array), length) in enumerate(zip(placed, lengths, strict=True)):
            _ENTRY.pack_into(buffer, _HEADER.size + place * _ENTRY.size, number, kind, offset, array.size, 0)
            np.ndarray(array.shape, _DTYPES[kind], buffer, offset)[...] = array
            offset += length
            if kind == _F32:
                floats_end = offset
    floats = np.ndarray((floats_end - first) // 4, _DTYPES[_F32], buffer, first)
    if not np.isfinite(floats).all():
        np.clip(floats, -_FLOAT32_MAX, _FLOAT32_MAX, out=floats)
    return buffer


def _section(name: str, array: NDArray[Any]) -> tuple[int, int]:
    """Number and type; a curve's grid needs more than a byte's 256 heights."""
    number, kind = SECTIONS[name]
    return (number, _F32) if name == "grid" and array.dtype != np.uint8 else (number, kind)


@dataclass(frozen=True, slots=True)
class Message:
    """A decoded binary message; the arrays of `sections` are flat views into it."""

    kind: int
    lane: int
    revision: int
    seq: int
    step: float
    rows: int
    epoch: float
    loss: float
    command: int
    lanes: int
    timeline: int
    flags: int
    sections: dict[str, NDArray[Any]]


def decode(message: bytes) -> Message:
    """Reads a binary message. Raises ValueError where it is not of this protocol or version."""
    if len(message) < _HEADER.size:
        raise ValueError(f"a binary message of {len(message)} bytes: its header alone has {_HEADER.size}")
    magic, version, kind, lane, revision, seq, step, rows, count, *tail = _HEADER.unpack_from(message)
    if magic != MAGIC:
        raise ValueError("a binary message that is not Backflow's")
    if version != PROTOCOL_VERSION:
        raise ValueError(f"a binary message of version {version}: this is version {PROTOCOL_VERSION}")
    sections: dict[str, NDArray[Any]] = {}
    if len(message) < _HEADER.size + count * _ENTRY.size:
        raise ValueError(f"a binary message that ends within its directory of {count} sections")
    for place in range(count):
        number, dtype, offset, entries, _ = _ENTRY.unpack_from(message, _HEADER.size + place * _ENTRY.size)
        if number not in _NAMES or dtype not in _DTYPES:
            raise ValueError(f"a binary message with section {number} of type {dtype}, which there is not")
        if offset + entries * _DTYPES[dtype].itemsize > len(message):
            raise ValueError(f"a binary message that ends within its section {_NAMES[number]}")
        sections[_NAMES[number]] = np.frombuffer(message, _DTYPES[dtype], entries, offset)
    epoch, loss, command, lanes, timeline, flags = tail
    return Message(kind, lane, revision, seq, step, rows, epoch, loss, command, lanes, timeline, flags, sections)
