"""The application: the page, the catalog, static files, the socket. Nothing here outlives `create_app`'s result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.catalog import catalog
from engine.schedules import SCHEDULES
from engine.spec import SpecError, TrainingSpec
from server.assets import asset_folder
from server.hosts import SESSION_CLASS, Hosts
from server.modules import imported_modules
from server.reach import address_for_others
from server.settings import Settings
from server.socket import serve_socket, server_version

SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
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


def create_app(settings: Settings, session_class: str = SESSION_CLASS) -> FastAPI:
    """The server of `settings`, whose engine processes host sessions of `session_class` ("module:name")."""
    hosts = Hosts(settings, session_class)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        hosts.start()
        try:
            yield
        finally:
            await hosts.close()

    app = FastAPI(title="Backflow", lifespan=lifespan, openapi_url=None)
    app.state.hosts = hosts
    app.add_middleware(_SecurityHeaders)
    templates = Jinja2Templates(asset_folder("templates"))
    # The order of a table is the order of its menu.
    templates.env.policies["json.dumps_kwargs"] = {"sort_keys": False}
    app.mount("/static", _StaticFiles(directory=asset_folder("static")), name="static")

    @cache
    def tables() -> dict[str, Any]:
        return catalog()

    @cache
    def tables_as_json() -> tuple[bytes, str]:
        body = json.dumps(tables(), allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode()
        return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'

    @app.get("/")
    def page(request: Request) -> Response:
        modules = imported_modules(asset_folder("static"), "main.js")
        address = address_for_others(settings.host, request.scope["server"][1])
        context = {"catalog": tables(), "version": server_version(), "modules": modules, "address": address}
        return templates.TemplateResponse(request, "index.html", context, headers={"cache-control": REVALIDATE})

    @app.get("/api/catalog")
    def catalog_as_json(request: Request) -> Response:
        body, tag = tables_as_json()
        headers = {"etag": tag, "cache-control": REVALIDATE}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @app.get("/api/schedule/{name}")
    def schedule_as_json(name: str, request: Request) -> Response:
        """The curve of a schedule: its options are the query, those left out have their defaults."""
        try:
            spec = TrainingSpec(schedule=name, schedule_options=_numbers(request.query_params))
        except SpecError as error:
            raise HTTPException(422, str(error)) from None
        curve = SCHEDULES[name].curve(spec.schedule_options)
        return JSONResponse({"steps": [t for t, _ in curve], "factors": [factor for _, factor in curve]})

    @app.get("/healthz")
    async def health() -> Response:
        well = hosts.engines > 0
        content = {
            "status": "ok" if well else "no engine process answers",
            "sessions": hosts.sessions,
            "engines": hosts.engines,
        }
        return JSONResponse(content, status_code=200 if well else 503, headers={"cache-control": "no-store"})

    @app.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await serve_socket(websocket, hosts, settings)

    @app.exception_handler(HTTPException)
    async def refuse(request: Request, error: HTTPException) -> Response:
        sentence = "nothing is here; the playground is at /" if error.status_code == 404 else error.detail
        return PlainTextResponse(
            f"{request.method} {request.url.path} refused: {sentence}\n", error.status_code, error.headers
        )

    return app


def _numbers(query: Mapping[str, str]) -> dict[str, Any]:
    """A query's values as numbers; what is none stays text, which a spec refuses with its rule."""
    numbers: dict[str, Any] = {}
    for name, text in query.items():
        try:
            numbers[name] = float(text)
        except ValueError:
            numbers[name] = text
    return numbers


class _StaticFiles(StaticFiles):
    """Static files with our media types, checked by the browser each time and answered from memory.

    The page is some hundred small files: a thread that opens each of them costs more than all the rest of its way.
    """

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        if isinstance(response, FileResponse) and response.stat_result is not None:
            content = _content(str(response.path), response.stat_result.st_mtime_ns)
            response = Response(content, response.status_code, {"etag": response.headers["etag"]})
        suffix = "." + str(arguments[0]).rpartition(".")[2].lower()
        if suffix in MEDIA_TYPES:
            response.headers["content-type"] = MEDIA_TYPES[suffix]
        response.headers["cache-control"] = REVALIDATE
        return response


@lru_cache(maxsize=512)
def _content(path: str, changed: int) -> bytes:
    """What a file holds since it was `changed`."""
    return Path(path).read_bytes()


class _SecurityHeaders:
    """Adds the headers of SECURITY_HEADERS to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_headers(message: MutableMapping[str, Any]) -> None:
    extra = [(name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
    message["headers"] = [*message.get("headers", ()), *extra]
