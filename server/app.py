"""The application: the page, the catalog, static files, the socket. Nothing here outlives `create_app`'s result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Final

from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.catalog import catalog
from engine.schedules import SCHEDULES
from engine.spec import SpecError, TrainingSpec
from server.assets import asset_folder
from server.hosts import SESSION_CLASS, Hosts
from server.messages import FILE_LIMIT
from server.modules import imported_modules
from server.reach import address_for_others
from server.settings import Settings
from server.sheets import joined_sheets
from server.socket import serve_socket
from server.static_files import REVALIDATE, StaticFilesInMemory, state, text
from server.version import server_version

SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


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
    app.mount("/static", StaticFilesInMemory(directory=asset_folder("static")), name="static")

    @cache
    def tables() -> dict[str, Any]:
        return catalog()

    @cache
    def tables_as_json() -> bytes:
        return json.dumps(tables(), allow_nan=False, separators=(",", ":"), ensure_ascii=False).encode()

    @app.get("/")
    def page(request: Request) -> Response:
        folder = asset_folder("static")
        modules = imported_modules(folder, "main.js")
        address = address_for_others(settings.host, request.scope["server"][1])
        known = {"catalog": tables(), "version": server_version(), "file_limit": FILE_LIMIT}
        context = {**known, "modules": modules, "static": f"/static/{state(folder)}", "address": address}
        content = templates.get_template("index.html").render(context).encode()
        return _kept(request, content, "text/html; charset=utf-8")

    @app.get("/page.css")
    def sheets(request: Request) -> Response:
        return _kept(request, joined_sheets(asset_folder("static")), "text/css; charset=utf-8")

    @app.get("/api/catalog")
    def catalog_as_json(request: Request) -> Response:
        return _kept(request, tables_as_json(), "application/json")

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


def _kept(request: Request, content: bytes, media_type: str) -> Response:
    """`content`, or that the browser's own copy is still the same."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        response = Response(status_code=304, headers={"vary": "accept-encoding"})
    else:
        response = text(content, request.headers, media_type)
    response.headers.update({"etag": tag, "cache-control": REVALIDATE})
    return response


def _numbers(query: Mapping[str, str]) -> dict[str, Any]:
    """A query's values as numbers; what is none stays text, which a spec refuses with its rule."""
    numbers: dict[str, Any] = {}
    for name, written in query.items():
        try:
            numbers[name] = float(written)
        except ValueError:
            numbers[name] = written
    return numbers


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
