"""The socket's lowest layer, for messages that are far too large: they are cut off unread, but the client is told why.

A connection that is closed while its client still writes is reset, and what was said last is lost with it. So what the
client still writes is thrown away until it falls silent, for a few seconds at most.
"""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any, Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import PayloadTooBig
from websockets.frames import Frame, Opcode

from server.messages import FILE_LIMIT, Closed

SILENCE: Final = 0.5
"""Seconds after which a client that writes nothing more has read what it was told, or never will."""


class TellingProtocol(WebSocketsSansIOProtocol):
    """Says `closed` where a message is cut off for its size, before the connection ends."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._events = 0
        self._hushing: TimerHandle | None = None

    async def send(self, message: ASGISendEvent) -> None:
        await super().send(message)
        if message["type"] == "websocket.send" and message.get("text") is not None:
            self._events += 1  # every text message is an event, numbered from 1

    def data_received(self, data: bytes) -> None:
        if self._hushing is None:
            super().data_received(data)
        else:
            self._wait_for_silence()

    def handle_parser_exception(self) -> None:
        error, closing = self.conn.parser_exc, self.conn.close_sent
        if not isinstance(error, PayloadTooBig) or closing is None or not self.handshake_complete:
            super().handle_parser_exception()
            return
        size = f"of {error.size / 2**20:,.0f} MB " if error.size else ""
        said = Closed(
            code="too_large",
            message=f"a message {size}refused unread: a file must be at most {FILE_LIMIT // 2**20} MB. "
            "Nothing was changed: reconnect to go on.",
        )
        self.queue.put_nowait({"type": "websocket.disconnect", "code": closing.code, "reason": closing.reason})
        event = Frame(Opcode.TEXT, said.to_json(self._events + 1).encode()).serialize(mask=False)
        self.transport.write(b"".join((event, *self.conn.data_to_send())))
        self.close_sent = True
        self.stop_keepalive()
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)
        self._wait_for_silence()

    def _wait_for_silence(self) -> None:
        if self._hushing is not None:
            self._hushing.cancel()
        self._hushing = self.loop.call_later(SILENCE, self.transport.close)
