"""Engine processes that are killed, hang or fail: their sessions go on, and nothing that was commanded is lost."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec
from server.codec import Message
from server.hosts import description
from server.spawned import BLAS_THREADS
from tests.server.fakes import LAST_WORDS
from tests.server.live import Client, Server, eventually, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving("tests.server.fakes:FakeSession") as running:
        yield running


def kill(server: Server) -> None:
    os.kill(server.pids()[-1], signal.SIGKILL)


def seed_shown(message: Any) -> int:
    """The seed of the session in a frame; -1 for what is none."""
    return int(message.sections["parameters"][0]) if isinstance(message, Message) and message.kind == 1 else -1


def test_a_killed_engine_process_is_replaced_and_its_session_trains_on(server: Server) -> None:
    with server.joined() as page:
        page.do("new_seed", seed=5)
        page.do("play")
        page.until(lambda message: isinstance(message, Message) and message.step > 100)
        kill(server)
        restarted = page.event("restarted")
        assert restarted["message"].startswith("the engine process was lost; the run goes on from step ")
        again = page.until(lambda message: isinstance(message, Message) and message.step > restarted["step"])
        assert seed_shown(again) == 5
    assert len(server.pids()) == 2
    assert "engine process 1 is lost: it is started again" in server.log


def test_commands_given_while_no_engine_process_is_there_are_done_by_the_next(server: Server) -> None:
    with server.joined() as page:
        page.do("new_seed", seed=5)
        kill(server)
        commands = [page.send("new_seed", seed=seed) for seed in (6, 7, 8)]
        answers = [page.event("applied", "rejected") for _ in commands]
        assert [(answer["type"], answer["command"]) for answer in answers] == [("applied", id) for id in commands]
        page.until(lambda message: seed_shown(message) == 8)


def test_a_page_that_comes_while_no_engine_process_is_there_is_served_by_the_next(server: Server) -> None:
    kill(server)
    with server.joined() as page:
        assert page.do("new_seed", seed=4)["type"] == "applied"
        page.until(lambda message: seed_shown(message) == 4)


def test_sessions_of_other_engine_processes_notice_nothing() -> None:
    with serving("tests.server.fakes:FakeSession", hosts=2) as server, server.joined() as one, server.joined() as other:
        one.do("play")
        other.do("play")
        kill(server)
        with_restart, without = sorted((one, other), key=lambda page: not hears_of_restart(page))
        assert hears_of_restart(with_restart) is False  # it has heard of it already, once
        assert without.do("pause")["type"] == "applied"


def hears_of_restart(page: Client) -> bool:
    """Whether a restart was told before the answer to a command that was sent after it."""
    command = page.send("new_seed", seed=1)
    told = page.until(
        lambda message: (
            isinstance(message, dict) and (message["type"] == "restarted" or message.get("command") == command)
        )
    )
    if told["type"] == "restarted":
        page.until(lambda message: isinstance(message, dict) and message.get("command") == command)
    return bool(told["type"] == "restarted")


def test_a_command_that_kills_its_process_is_refused_after_the_second_time() -> None:
    with serving("tests.server.fakes:DeadlySession") as server, server.joined() as page:
        page.do("new_seed", seed=5)
        rejected = page.do("new_seed", seed=LAST_WORDS)
        assert (rejected["type"], rejected["code"]) == ("rejected", "busy")
        assert rejected["message"] == "new_seed refused: the engine process was lost over it twice; nothing was changed"
        assert page.do("new_seed", seed=6)["type"] == "applied"


def test_a_session_that_fails_goes_on_from_its_keyframe_and_its_neighbour_notices_nothing() -> None:
    with serving("tests.server.fakes:FatalSession") as server, server.joined() as page, server.joined() as neighbour:
        page.do("new_seed", seed=5)
        rejected = page.do("new_seed", seed=LAST_WORDS)
        assert (rejected["type"], rejected["code"]) == ("rejected", "busy")
        page.until(lambda message: seed_shown(message) == 5)
        assert not hears_of_restart(neighbour)
        assert len(server.pids()) == 1
        assert any("ZeroDivisionError: the seed of the beast" in line for line in server.log)


def test_a_session_that_fails_again_and_again_is_given_up() -> None:
    with serving("tests.server.fakes:FatalSession") as server, server.joined() as page:
        for _ in range(2):
            page.send("new_seed", seed=LAST_WORDS)
        event, code = page.closing()
        assert (event["code"], event["message"], code) == (
            "shutdown",
            "the session failed again and again: open a new one",
            1001,
        )
        assert server.hosts.sessions == 0


def test_health_is_bad_while_no_engine_process_answers(server: Server) -> None:
    assert server.get("/healthz").status_code == 200
    [pid] = server.pids()
    os.kill(pid, signal.SIGSTOP)
    ill = eventually(lambda: (answer := server.get("/healthz")).status_code == 503 and answer, "health is bad")
    assert ill.json() == {"status": "no engine process answers", "sessions": 0, "engines": 0}
    os.kill(pid, signal.SIGCONT)
    eventually(lambda: server.get("/healthz").status_code == 200, "health is good again")


def test_an_engine_process_that_does_not_end_by_itself_is_ended() -> None:
    with serving("tests.server.fakes:FakeSession") as server:
        [pid] = server.pids()
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_thread_and_no_process_outlives_the_server() -> None:
    before = threading.active_count()
    with serving("tests.server.fakes:FakeSession", hosts=2) as server:
        pids = server.pids()
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert threading.active_count() == before


def test_an_engine_process_computes_with_one_thread_though_nobody_told_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BLAS_THREADS:
        monkeypatch.delenv(name, raising=False)
    with serving("tests.server.fakes:FakeSession") as server:
        [pid] = server.pids()
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        assert "Threads:\t1\n" in status
        assert not set(BLAS_THREADS) & set(os.environ)


def test_a_new_session_goes_where_there_are_fewest() -> None:
    with serving("tests.server.fakes:FakeSession", hosts=2) as server:
        pages = [server.joined() for _ in range(4)]
        places = list(server.hosts._places.values())
        assert sorted(places) == [0, 0, 1, 1]
        for page in pages:
            page.close()


def test_a_run_is_described_in_a_few_words() -> None:
    layers = (DenseSpec(8, "relu"), DenseSpec(8, "relu"), DenseSpec(2, "tanh"))
    assert description(RunSpec()) == "circle, tanh 4-2"
    assert description(RunSpec(network=NetworkSpec(hidden=layers))) == "circle, relu 8-8, tanh 2"
    assert description(RunSpec(data=DataSpec("xor"), network=NetworkSpec(hidden=()))) == "xor, no hidden layer"
