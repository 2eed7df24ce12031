"""The container of a run file: a zip of a head, the content as JSON, and flat arrays; a digest over all of them."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np

from server.messages import FILE_LIMIT
from server.runfile.arrays import TYPES, Array
from server.version import server_version

FORMAT: Final = "backflow run"
VERSION: Final = 1
LARGEST_FILE: Final = FILE_LIMIT
LARGEST_CONTENT: Final = 64 * 2**20
"""Bytes that a file may unpack to."""
HEAD: Final = "head.json"
CONTENT: Final = "run.json"
_NAMES: Final = (HEAD, CONTENT, *(f"{name}.npy" for name in TYPES))


class RunFileError(ValueError):
    """A file that is refused; `str()` is a sentence."""


@cache
def here() -> dict[str, str]:
    """What the bits of a run depend on, besides the run."""
    return {
        "backflow": server_version(),
        "numpy": np.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
    }


def pack(content: Mapping[str, Any], flat: Mapping[str, Array]) -> bytes:
    """The file of a content and its arrays."""
    parts = {CONTENT: json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()}
    for name, array in flat.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        parts[f"{name}.npy"] = buffer.getvalue()
    head = {"format": FORMAT, "version": VERSION, **here()}
    head["digest"] = _digest(head, parts)
    parts[HEAD] = json.dumps(head, indent=1).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for name in sorted(parts, key=_NAMES.index):
            packed.writestr(zipfile.ZipInfo(name), parts[name])
    return file.getvalue()


def unpack(file: bytes) -> tuple[dict[str, Any], dict[str, str], dict[str, Array]]:
    """Content, what it was made with, and arrays. Raises RunFileError."""
    if len(file) > LARGEST_FILE:
        size, most = len(file) / 2**20, LARGEST_FILE / 2**20
        raise RunFileError(f"a file of {size:,.0f} MB refused: must be at most {most:.0f} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            entries = packed.infolist()
            if HEAD not in packed.namelist():
                raise RunFileError("the file refused: it is no run that Backflow saved")
            if sum(entry.file_size for entry in entries) > LARGEST_CONTENT:
                raise RunFileError(f"the file refused: it unpacks to more than {LARGEST_CONTENT // 2**20} MB")
            parts = {entry.filename: packed.read(entry) for entry in entries if entry.filename in _NAMES}
        head = json.loads(parts.pop(HEAD))
        if head.get("format") != FORMAT:
            raise RunFileError("the file refused: it is no run that Backflow saved")
        if head.get("version") != VERSION:
            wrong = head.get("version")
            raise RunFileError(f"the file refused: it is of version {wrong!r} of the format, and this is {VERSION}")
        digest = head.pop("digest", None)
        if digest != _digest(head, parts):
            raise RunFileError("the file refused: its numbers do not fit its digest, so it was damaged or edited")
        flat = {
            name: np.load(io.BytesIO(parts[f"{name}.npy"]), allow_pickle=False)
            for name in TYPES
            if f"{name}.npy" in parts
        }
        content = json.loads(parts[CONTENT])
    except RunFileError:
        raise
    except zipfile.BadZipFile:
        raise RunFileError("the file refused: it is no run that Backflow saved, or only a part of one") from None
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, NotImplementedError, OSError, RecursionError,
            zlib.error):  # fmt: skip
        raise RunFileError("the file refused: it is damaged") from None
    return content, {name: str(head.get(name)) for name in here()}, flat


def _digest(head: Mapping[str, Any], parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for name in sorted(parts):
        digest.update(f"{name} {len(parts[name])}\n".encode())
        digest.update(parts[name])
    return digest.hexdigest()
