"""What can be set from outside, by a flag or by the environment, and the rules for it: written once, here.

A flag wins over the environment variable of the same name (`--port` over `BACKFLOW_PORT`), and that over the default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.data_dir import default_folder

LOG_LEVELS = ("debug", "info", "warning", "error")


class SettingsError(ValueError):
    """A flag or environment variable that breaks its rule; `str()` is a sentence naming it, its value and the rule."""

    def __init__(self, name: str, value: object, rule: str) -> None:
        super().__init__(f"{name} {value} refused: {rule}")
        self.name, self.value, self.rule = name, value, rule


@dataclass(frozen=True)
class Option:
    """One setting as a person types it."""

    name: str
    parse: Callable[[str], Any]
    rule: str
    help: str
    metavar: str

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return "BACKFLOW_" + self.name.upper()

    def read(self, text: str, source: str) -> Any:
        """The value of `text`. Raises SettingsError naming `source` (the flag or the variable)."""
        try:
            return self.parse(text)
        except ValueError:
            raise SettingsError(source, text or "''", self.rule) from None


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return parse


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in names:
            raise ValueError
        return text.lower()

    return parse


def _name(text: str) -> str:
    if not text or any(character.isspace() for character in text):
        raise ValueError
    return text


def _origins(text: str) -> tuple[str, ...]:
    return tuple(origin.rstrip("/") for origin in text.split(",") if origin.strip())


def _folder(text: str) -> Path | None:
    if not text.strip():
        raise ValueError
    return None if text.lower() == "none" else Path(text).expanduser()


OPTIONS = (
    Option(
        "host",
        _name,
        "must be an address or a name of this machine",
        "address to listen on; 0.0.0.0 lets other machines in",
        "ADDRESS",
    ),
    Option(
        "port",
        _whole(0, 65535),
        "must be a whole number from 0 to 65535",
        "port to listen on; 0 takes any that is free",
        "NUMBER",
    ),
    Option(
        "hosts",
        _whole(1, 64),
        "must be a whole number from 1 to 64",
        "engine processes to train in; by default one fewer than the machine has cores",
        "NUMBER",
    ),
    Option(
        "history",
        _whole(1, 4096),
        "must be a whole number of megabytes from 1 to 4096",
        "memory for the past of each session, in megabytes",
        "MEGABYTES",
    ),
    Option(
        "data_dir",
        _folder,
        "must be a directory, or none",
        "where sessions outlive the server; none keeps nothing",
        "DIRECTORY",
    ),
    Option(
        "log_level",
        _one_of(*LOG_LEVELS),
        f"must be one of {', '.join(LOG_LEVELS)}",
        f"how much to log: {', '.join(LOG_LEVELS)}",
        "LEVEL",
    ),
    Option(
        "origins",
        _origins,
        "must be origins such as https://example.org, separated by commas",
        "further origins whose pages may open the socket, separated by commas (behind a proxy)",
        "ORIGINS",
    ),
)


def default_hosts() -> int:
    """One engine process fewer than there are cores: one core is left to the event loop and the browser."""
    return max(1, (os.cpu_count() or 1) - 1)


@dataclass(frozen=True)
class Settings:
    """Everything a server is made with. Times are in seconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    hosts: int = 1
    history: int = 64
    """Megabytes that the keyframes of a session may take."""
    data_dir: Path | None = None
    """Where sessions outlive the server; None for nowhere, which is not what `read` has by default."""
    log_level: str = "info"
    origins: tuple[str, ...] = ()
    max_sessions: int = 64
    max_watchers: int = 64
    pause_after: float = 30.0
    """A session that nobody watches pauses after this time."""
    close_after: float = 600.0
    """A session that nobody watches is given up after this time."""
    hello_within: float = 10.0
    """A client that does not say hello is sent away after this time."""
    controller_grace: float = 5.0
    """A controller that leaves finds its place again within this time; then the longest-standing watcher gets it."""

    @classmethod
    def read(cls, environment: Mapping[str, str], flags: Mapping[str, str | None]) -> Settings:
        """Settings from flags (by option name, None where not given) and environment. Raises SettingsError."""
        values: dict[str, Any] = {"hosts": default_hosts(), "data_dir": default_folder()}
        for option in OPTIONS:
            if option.variable in environment:
                values[option.name] = option.read(environment[option.variable], option.variable)
            typed = flags.get(option.name)
            if typed is not None:
                values[option.name] = option.read(typed, option.flag)
        return cls(**values)
