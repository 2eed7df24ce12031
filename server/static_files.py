"""Static files and other texts as answers: with our media types, from memory, compressed where that is understood."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.types import Scope

# Ours rather than the machine's: Windows takes its types from the registry, where .js may be plain text.
MEDIA_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".ts": "text/plain; charset=utf-8",
    ".mts": "text/plain; charset=utf-8",
}
REVALIDATE: Final = "no-cache"
"""Kept by the browser, and asked for again each time: an answer is then 304, and no module is ever an old one."""

FOREVER: Final = "public, max-age=31536000, immutable"
"""Under an address that names the state of all files: once any of them changes, the page asks for another address."""

_STATE: Final = re.compile(r"[0-9a-f]{16}")
_PACKED: Final = {".png", ".ico", ".woff2", ".woff"}
_WORTH_IT: Final = 1000
"""Bytes from which on compressing pays."""


class StaticFilesInMemory(StaticFiles):
    """Static files with our media types, answered from memory; each also behind the `state` of all of them.

    The page is some hundred small files: a thread that opens each of them costs more than all the rest of its way, and
    to ask whether each is still the same takes a browser half as long as to load them. So `/static/<state>/name` may be
    kept without asking; `/static/name` is checked each time.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        first, _, rest = path.partition("/")
        if not _STATE.fullmatch(first):
            return await super().get_response(path, scope)
        response = await super().get_response(rest, scope)
        response.headers["cache-control"] = FOREVER
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        suffix = os.path.splitext(full_path)[1].lower()
        if isinstance(response, FileResponse):
            content = _content(str(full_path), stat_result.st_mtime_ns)
            tag = response.headers["etag"]
            response = Response(content, status_code) if suffix in _PACKED else text(content, Headers(scope=scope))
            response.headers["etag"] = tag
        if suffix in MEDIA_TYPES:
            response.headers["content-type"] = MEDIA_TYPES[suffix]
        response.headers["cache-control"] = REVALIDATE
        return response


def state(folder: Path) -> str:
    """A name that changes when any file of `folder` does."""
    files = sorted((str(path), path.stat()) for path in folder.rglob("*") if path.is_file())
    seen = "\n".join(f"{name} {about.st_mtime_ns} {about.st_size}" for name, about in files)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def text(content: bytes, asked: Headers, media_type: str | None = None) -> Response:
    """`content` as an answer to a request with the headers `asked`, compressed where that is understood and pays."""
    if len(content) < _WORTH_IT or "gzip" not in asked.get("accept-encoding", ""):
        return Response(content, media_type=media_type, headers={"vary": "accept-encoding"})
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(_compressed(content), media_type=media_type, headers=headers)


@lru_cache(maxsize=512)
def _content(path: str, changed: int) -> bytes:
    """What a file holds since it was `changed`."""
    return Path(path).read_bytes()


@lru_cache(maxsize=512)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)
