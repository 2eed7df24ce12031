"""The command line: reads flags, listens, prints the address, runs the server until it is interrupted.

The slow imports stand inside functions: a wrong flag or a port in use is answered at once, and the socket listens (the
kernel holds what connects) while the rest is still being imported.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import socket
import sys
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from server.log import logger, set_up
from server.settings import OPTIONS, Settings, SettingsError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

WRONG_USE = 2
CANNOT_LISTEN = 1


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage block."""

    def error(self, message: str) -> NoReturn:
        # Flags take any text, which Settings judges: what is left is a value too few, or one for --open or --no-open.
        found = re.match(r"argument (--[^/:]+).*?: (expected one argument|.*'(.*)')", message)
        if found is None:
            raise SettingsError("command", "line", message)
        rule = "it takes no value" if found[3] is not None else "it needs a value"
        raise SettingsError(found[1], found[3] or "''", rule)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="backflow",
        allow_abbrev=False,
        description="A live backpropagation playground, served to the browser.",
        epilog="Each option can also be set by an environment variable, such as BACKFLOW_PORT.",
    )
    defaults = {**Settings().__dict__, "origins": "none"}
    for option in OPTIONS:
        default = "" if option.name == "hosts" else f" (default: {defaults[option.name]})"
        parser.add_argument(option.flag, dest=option.name, metavar=option.metavar, help=option.help + default)
    parser.add_argument(
        "--open",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="open the page in a browser, where there is one (default: --open)",
    )
    return parser


def read_arguments(arguments: Sequence[str]) -> tuple[Settings, bool]:
    """The settings, and whether to open a browser. Raises SettingsError; `--help` prints and exits."""
    parsed, unknown = _parser().parse_known_args(arguments)
    if unknown:
        raise SettingsError("flag", unknown[0], "there is none of that name; backflow --help lists them")
    flags = vars(parsed)
    return Settings.read(os.environ, {option.name: flags[option.name] for option in OPTIONS}), bool(parsed.open)


def listen(settings: Settings) -> socket.socket:
    """A listening socket. Raises SettingsError saying why there can be none."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        # Not by create_server: it does not name the protocol, and asyncio turns Nagle's algorithm off only for sockets
        # that do. With it, each small message waits 40 ms for the one before to be acknowledged.
        listener = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(256)
        except OSError:
            listener.close()
            raise
        return listener
    except socket.gaierror:
        raise SettingsError("--host", settings.host, "must be an address or a name of this machine") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            rule = f"another program listens on it at {settings.host}; choose one with --port"
            raise SettingsError("--port", settings.port, rule) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError("--host", settings.host, "must be an address or a name of this machine") from None
        raise SettingsError("--port", settings.port, (error.strerror or str(error)).lower()) from None


def address_of(listener: socket.socket) -> str:
    """The address to type into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def make_server(app: FastAPI) -> uvicorn.Server:
    """A server for `run(sockets=[...])`, which tells its clients goodbye before it closes them."""
    import uvicorn

    from server.messages import FILE_LIMIT
    from server.oversize import TellingProtocol

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await app.state.hosts.say_goodbye()
            await super().shutdown(sockets)

    # Compression costs more time than it saves bytes; messages above the protocol's own limit are answered by the
    # endpoint, in words, and only far larger ones are cut off below it, in words as well.
    return Server(
        uvicorn.Config(
            app,
            ws=TellingProtocol,
            ws_per_message_deflate=False,
            ws_max_size=FILE_LIMIT + FILE_LIMIT // 8,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
    )


def open_browser(address: str) -> None:
    """Opens the page in a browser, where there is one with windows: one in the terminal would take it away from us."""
    import webbrowser

    has_windows = sys.platform in ("win32", "darwin") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    if has_windows:
        # A browser can take its time to start: the server does not wait for it.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the playground until it is interrupted; the exit code."""
    try:
        settings, browser = read_arguments(sys.argv[1:] if arguments is None else arguments)
    except SettingsError as error:
        print(f"backflow: {error}", file=sys.stderr)
        return WRONG_USE
    set_up(settings.log_level)
    try:
        listener = listen(settings)
    except SettingsError as error:
        print(f"backflow: {error}", file=sys.stderr)
        return CANNOT_LISTEN
    try:
        from server.app import create_app

        server = make_server(create_app(settings))
        print(f"Backflow is at {address_of(listener)} (ctrl-C ends it)", flush=True)
        if browser:
            open_browser(address_of(listener))
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        logger.info("ended")
    finally:
        listener.close()
    return 0
