"""The socket: one endpoint, with a task that reads and a task that writes.

Commands are handed to the session as they come; what is to be sent is taken from the watcher's outbox. Neither task
waits for the other: a client that stops reading holds up its own writer alone.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlsplit

from fastapi import WebSocket, WebSocketDisconnect

from server.codec import decode_command
from server.hosted import HostedSession
from server.hosts import Hosts, NoSession
from server.log import logger
from server.messages import (
    MESSAGE_LIMIT,
    PROTOCOL_VERSION,
    Closed,
    ClosingCode,
    Command,
    Event,
    Hello,
    MessageError,
    Notice,
    Rejected,
    Welcome,
    parse_command,
)
from server.settings import Settings
from server.version import server_version
from server.watcher import Watcher

PARTING: Final = 2.0
"""Seconds a client has to hear why it is sent away."""
CLOSE_CODES: Final[dict[ClosingCode, int]] = {
    "version": 1002,
    "unknown_session": 1008,
    "idle": 1008,
    "too_large": 1009,
    "shutdown": 1001,
    "full": 1013,
    "too_slow": 1013,
}
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def is_foreign(origin: str | None, host: str, settings: Settings) -> bool:
    """Whether a page of `origin` must not open a socket to this server, which it called `host`.

    A browser names the page's origin; what is no browser need not. Where the server is this machine's own, the host
    must be so too: else a foreign name that was made to point here would pass for the same origin.
    """
    if origin is None or origin.lower() in settings.origins:
        return False
    page = urlsplit(origin.lower())
    if page.netloc != host.lower():
        return True
    return settings.host in _LOOPBACK and page.hostname not in _LOOPBACK


async def serve_socket(websocket: WebSocket, hosts: Hosts, settings: Settings) -> None:
    """One connection from its beginning to its end."""
    origin, host = websocket.headers.get("origin"), websocket.headers.get("host", "")
    if is_foreign(origin, host, settings):
        logger.warning("403: socket refused to a page of %s (this is %s)", origin, host)
        await websocket.close()
        return
    await websocket.accept()
    wake, parting = asyncio.Event(), asyncio.Event()

    def woken() -> None:
        wake.set()
        if watcher.closed is not None:
            parting.set()

    watcher = Watcher(woken)
    reader = asyncio.create_task(_Reader(websocket, watcher, hosts, settings).run())
    writer = asyncio.create_task(_write(websocket, watcher, wake))
    parted = asyncio.create_task(parting.wait())
    tasks = (reader, writer, parted)
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if watcher.closed is not None:
            await asyncio.wait({writer}, timeout=PARTING)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


class _Reader:
    """Takes in commands until the client is gone or sent away."""

    def __init__(self, websocket: WebSocket, watcher: Watcher, hosts: Hosts, settings: Settings) -> None:
        self._websocket = websocket
        self._watcher = watcher
        self._hosts = hosts
        self._settings = settings
        self._session: HostedSession | None = None
        self._loop = asyncio.get_running_loop()

    async def run(self) -> None:
        try:
            async with asyncio.timeout(self._settings.hello_within) as patience:
                while (message := await self._receive()) is not None:
                    await self._take_in(message)
                    if self._session is not None:
                        patience.reschedule(None)
                    await asyncio.sleep(0)  # many small messages at once leave the loop to others
        except TimeoutError:
            message = f"no hello within {self._settings.hello_within:g} s"
            self._watcher.close(Closed(code="idle", message=message))
        finally:
            self._leave()

    async def _receive(self) -> str | bytes | None:
        """The next message; None where the client is gone or was sent away."""
        if self._watcher.closed is not None:
            return None
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            return None
        message: str | bytes | None = received.get("text")
        return message if message is not None else received["bytes"]

    async def _take_in(self, message: str | bytes) -> None:
        size = len(message if isinstance(message, bytes) else message.encode("utf-8", "surrogatepass"))
        if isinstance(message, str) and size > MESSAGE_LIMIT:
            sentence = f"a message of {size:,} bytes refused: must be at most {MESSAGE_LIMIT:,}"
            self._watcher.close(Closed(code="too_large", message=sentence))
            return
        try:
            await self._obey(decode_command(message) if isinstance(message, bytes) else parse_command(message))
        except MessageError as error:
            self._watcher.send(Rejected.of(error))

    async def _obey(self, command: Command) -> None:
        if self._session is not None:
            self._session.command(self._watcher, command)
        elif not isinstance(command, Hello):
            sentence = f"{command.type} refused: hello comes first"
            raise MessageError("invalid", "type", command.type, sentence, command.id)
        elif command.version != PROTOCOL_VERSION:
            sentence = (
                f"the page speaks version {command.version} of the wire, the server version {PROTOCOL_VERSION}: reload"
            )
            self._watcher.close(Closed(code="version", message=sentence))
        else:
            await self._join(command)

    async def _join(self, hello: Hello) -> None:
        try:
            kept = await self._hosts.recall(hello.token)
            session, resumed = self._hosts.join(self._watcher, hello.token, hello.spec, kept)
        except NoSession as refusal:
            self._watcher.close(refusal.closed)
            return
        except MessageError as refusal:
            self._watcher.send(Rejected.of(refusal, hello.id))
            return
        self._session = session
        self._watcher.page = hello.page
        role = session.join(self._watcher, self._hosts.now())
        self._watcher.send(Welcome(server=server_version(), token=session.token, role=role, resumed=resumed))
        if self._hosts.trouble is not None:
            self._watcher.send(Notice(message=self._hosts.trouble))
        logger.info("session %s joined by a %s (%d there)", session.name, role, len(session.watchers))

    def _leave(self) -> None:
        if self._session is not None:
            self._session.leave(self._watcher, self._hosts.now())
            logger.info("session %s left by one (%d there)", self._session.name, len(self._session.watchers))
        self._hosts.leave(self._watcher)


async def _write(websocket: WebSocket, watcher: Watcher, wake: asyncio.Event) -> None:
    """Sends what there is to send, until the client is gone or was told why it is sent away."""
    seq = 0
    try:
        while True:
            wake.clear()
            while messages := watcher.take():
                for message in messages:
                    if isinstance(message, bytes):
                        await websocket.send_bytes(message)
                    else:
                        seq += 1
                        await _send_event(websocket, message, seq)
                if watcher.closed is not None and watcher.closed in messages:
                    await websocket.close(CLOSE_CODES[watcher.closed.code], watcher.closed.message[:120])
                    return
            await wake.wait()
    except WebSocketDisconnect:
        return
    except RuntimeError as error:
        # uvicorn's word for a connection that it has given up itself, after pings that nobody answered.
        logger.debug("a client went while it was sent to: %s", error)


async def _send_event(websocket: WebSocket, event: Event, seq: int) -> None:
    await websocket.send_text(event.to_json(seq))
