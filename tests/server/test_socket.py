"""The socket as a page meets it: greetings, roles, refusals, and what happens to a slow one."""

import logging
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus

from engine import RunSpec
from server.codec import Message
from server.settings import Settings
from server.socket import is_foreign
from tests.server.live import Client, Server, eventually, serving

FAKE = "tests.server.fakes:FakeSession"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(FAKE, max_watchers=3) as running:
        yield running


@pytest.fixture
def page(server: Server) -> Iterator[Client]:
    """A page that controls a session of its own."""
    client = server.joined()
    yield client
    client.close()


# Greetings


def test_a_page_is_welcomed_and_shown_its_session(server: Server) -> None:
    client = server.client()
    client.send("hello", version=1, token=None)
    welcome = client.receive()
    assert isinstance(welcome, dict)
    assert (welcome["type"], welcome["seq"], welcome["version"]) == ("welcome", 1, 1)
    assert (welcome["role"], welcome["resumed"]) == ("controller", False)
    assert len(welcome["token"]) >= 32
    data, status, frame = client.receive(), client.receive(), client.receive()
    assert isinstance(data, Message)
    assert data.kind == 4
    assert isinstance(status, dict)
    assert (status["type"], status["watchers"], status["role"]) == ("status", 1, "controller")
    assert isinstance(frame, Message)
    assert (frame.kind, frame.step) == (1, 0)
    client.close()


def test_a_page_opens_a_session_with_its_own_spec(server: Server) -> None:
    client = server.joined(spec=RunSpec(seed=1234).to_dict())
    assert client.binary().sections["parameters"][0] == 1234
    client.close()
    eventually(lambda: any(line.endswith("opened: circle, tanh 4-2") for line in server.log), "a line in the log")


def test_every_event_is_numbered_in_its_connection(page: Client) -> None:
    for _ in range(5):
        page.do("new_seed", seed=3)
    assert [event["seq"] for event in page.events] == list(range(1, len(page.events) + 1))


def test_a_damaged_spec_is_refused_by_field_and_another_hello_may_follow(server: Server) -> None:
    client = server.client()
    spec = RunSpec().to_dict()
    spec["training"]["learning_rate"] = -1
    client.send("hello", version=1, token=None, spec=spec)
    rejected = client.event("rejected")
    assert (rejected["command"], rejected["code"]) == (1, "invalid")
    assert "learning_rate" in rejected["message"]
    client.send("hello", version=1, token=None)
    assert client.event("welcome")["role"] == "controller"
    client.close()


def test_another_version_is_refused_with_both_named(server: Server) -> None:
    client = server.client()
    client.send("hello", version=7, token=None, colour="green")
    event, code = client.closing()
    assert (event["code"], code) == ("version", 1002)
    assert "version 7" in event["message"]
    assert "version 1" in event["message"]


def test_a_command_before_hello_is_refused(server: Server) -> None:
    client = server.client()
    assert client.do("play")["message"] == "play refused: hello comes first"
    client.close()


def test_a_client_that_says_no_hello_is_sent_away() -> None:
    with serving(FAKE, ready=False, hello_within=0.05) as running:
        event, code = running.client().closing()
    assert (event["code"], code) == ("idle", 1008)


# Tokens and roles


def test_a_reload_comes_back_to_its_session_and_controls_it(server: Server) -> None:
    client = server.joined()
    client.do("new_seed", seed=99)
    client.close()
    again = server.joined(client.welcome["token"])
    assert (again.welcome["role"], again.welcome["resumed"]) == ("controller", True)
    assert again.welcome["token"] == client.welcome["token"]
    assert again.binary().sections["parameters"][0] == 99
    again.close()


def test_a_second_page_with_the_token_watches_but_may_not_touch(server: Server, page: Client) -> None:
    second = server.joined(page.welcome["token"])
    assert second.welcome["role"] == "watcher"
    status = page.until(lambda message: isinstance(message, dict) and message.get("watchers") == 2)
    assert status["role"] == "controller"
    rejected = second.do("play")
    assert (rejected["code"], rejected["message"]) == (
        "watching",
        "play refused: this page watches, another one controls",
    )
    page.do("new_seed", seed=17)
    second.until(lambda message: isinstance(message, Message) and message.sections.get("parameters", [0])[0] == 17)
    second.close()


def test_a_watcher_takes_over_when_the_controller_stays_away() -> None:
    with serving(FAKE, controller_grace=0.0) as running:
        first = running.joined()
        second = running.joined(first.welcome["token"])
        first.close()
        second.until(lambda message: isinstance(message, dict) and message.get("role") == "controller")
        assert second.do("play")["type"] == "applied"
        second.close()


def test_a_token_nobody_knows_is_refused_unless_a_spec_comes_with_it(server: Server) -> None:
    client = server.client()
    client.send("hello", version=1, token="guessed")
    event, code = client.closing()
    assert (event["code"], code) == ("unknown_session", 1008)
    other = server.joined("guessed", spec=RunSpec().to_dict())
    assert (other.welcome["resumed"], other.welcome["token"] != "guessed") == (False, True)
    other.close()


def test_a_full_session_takes_no_more_watchers(server: Server, page: Client) -> None:
    others = [server.joined(page.welcome["token"]) for _ in range(2)]
    client = server.client()
    client.send("hello", version=1, token=page.welcome["token"])
    event, code = client.closing()
    assert (event["code"], code, event["message"]) == ("full", 1013, "3 pages watch this session already")
    for other in others:
        other.close()


def test_a_full_server_takes_no_more_sessions_until_one_is_left() -> None:
    with serving(FAKE, max_sessions=1) as running:
        first = running.joined()
        second = running.client()
        second.send("hello", version=1, token=None)
        event, _ = second.closing()
        assert (event["code"], event["message"]) == ("full", "there is no room for another session: all 1 are watched")
        first.close()
        eventually(lambda: any("left by" in line for line in running.log), "the first has left")
        third = running.joined()
        assert third.welcome["role"] == "controller"
        third.close()


def test_a_session_that_nobody_comes_back_to_goes() -> None:
    with serving(FAKE, close_after=0.0) as running:
        client = running.joined()
        client.close()
        eventually(lambda: running.hosts.sessions == 0, "the session is gone")
        assert any(line.endswith("closed: nobody came back") for line in running.log)


# Refusals


@pytest.mark.parametrize(
    "message", ["nonsense", "[]", "[" * 60_000, '{"type": "fly", "id": 1}', '{"type": 3}', b"\x00\x01"]
)
def test_what_is_no_command_is_refused_and_changes_nothing(page: Client, message: str | bytes) -> None:
    page.send_raw(message)
    rejected = page.event("rejected")
    assert rejected["code"] in ("malformed", "unknown_type")
    ends = ("must be JSON", "must be a JSON object", "its header alone has 64", "no command has this name")
    assert rejected["message"].endswith(ends)
    assert page.do("play")["type"] == "applied"


def test_a_message_that_is_too_large_ends_the_connection(page: Client) -> None:
    page.send_raw('{"type": "play", "id": 1, "padding": "' + "x" * 65_536 + '"}')
    event, code = page.closing()
    assert (event["code"], code) == ("too_large", 1009)
    assert event["message"].endswith("must be at most 65,536")


def test_a_page_of_another_origin_is_refused_and_logged(server: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        server.client(origin="https://evil.example")
    assert refused.value.response.status_code == 403
    expected = f"403: socket refused to a page of https://evil.example (this is 127.0.0.1:{server.port})"
    assert expected in server.log


def test_a_page_of_our_own_origin_is_let_in(server: Server) -> None:
    client = server.client(origin=f"http://127.0.0.1:{server.port}")
    client.send("hello", version=1, token=None)
    assert client.event("welcome")
    client.close()


@pytest.mark.parametrize(
    ("origin", "host", "settings", "foreign"),
    [
        (None, "127.0.0.1:8000", Settings(), False),
        ("http://localhost:8000", "localhost:8000", Settings(), False),
        ("http://[::1]:8000", "[::1]:8000", Settings(host="::1"), False),
        ("http://localhost:8000", "127.0.0.1:8000", Settings(), True),
        ("http://localhost:9000", "localhost:8000", Settings(), True),
        ("null", "localhost:8000", Settings(), True),
        ("http://evil.example:8000", "evil.example:8000", Settings(), True),
        ("http://class.example:8000", "class.example:8000", Settings(host="0.0.0.0"), False),
        ("https://a.example", "localhost:8000", Settings(origins=("https://a.example",)), False),
    ],
)
def test_an_origin_is_foreign_unless_it_is_this_server(
    origin: str | None, host: str, settings: Settings, foreign: bool
) -> None:
    assert is_foreign(origin, host, settings) is foreign


# Slow clients


def test_a_client_that_never_acknowledges_gets_two_pictures_while_training_goes_on(page: Client) -> None:
    page.acknowledges = False
    page.do("play")
    pictures = 0
    while page.rows(0, limit=1).sections["from"].size == 0:
        pass
    for _ in range(50):
        command = page.send("new_seed", seed=1)
        while True:
            message = page.receive()
            if isinstance(message, Message):
                pictures += message.kind == 1
            elif message.get("command") == command:
                break
    assert pictures <= 2
    first = page.rows(0, limit=1).step
    eventually(lambda: page.rows(int(first), 4096).flags == 1, "training has gone on by more than 4,096 steps")


def test_a_client_that_stops_reading_is_sent_away_and_finds_its_series_complete(server: Server) -> None:
    stalled = server.joined()
    stalled.do("play")
    eventually(lambda: stalled.rows(50_000, limit=1).rows == 1, "there is much to send")
    with server.joined(stalled.welcome["token"]) as other:
        for _ in range(2_000):  # far more than it reads
            stalled.send("series", lane=0, series="steps", timeline=1, limit=4096, **{"from": 0})
        other.until(lambda message: isinstance(message, dict) and message.get("watchers") == 1)
        steps, since = [], 0
        for _ in range(12):
            rows = other.rows(since)
            steps += list(rows.sections["from"])
            since = int(rows.step)
        assert steps == list(range(12 * 4096))
    stalled.close()


def test_the_log_tells_who_came_and_went(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "backflow"):
        client = server.joined()
        client.close()
        eventually(lambda: any("left by" in line for line in server.log[-1:]), "a line in the log")
    assert "joined by a controller (1 there)" in server.log[-2]
