"""A session whose engine process is lost: it goes on from its keyframe, and no command is lost or done twice."""

import pytest

from engine import RunSpec
from server.hosted import MOST_FAILURES
from server.messages import Play, Rejected, Restarted, Undo
from server.pipe import Begin, Begun, Do, Failed, Greet, Greeting, News, Saved, Show
from server.watcher import Watcher
from tests.server.room import LAYOUT, STATUS, Room, answer, applied, received


def test_a_new_engine_process_goes_on_from_the_newest_keyframe() -> None:
    room = Room()
    watcher = room.join()
    room.session.receive(Begun(1, 0, b"first"))
    room.session.receive(Saved(1, b"second"))
    begin, greet, show = room.restart()
    assert begin == Begin(1, RunSpec(), b"second")
    assert greet == Greet(1, (watcher.number,))
    assert isinstance(show, Show)


def test_clients_hear_of_the_restart_before_anything_else() -> None:
    room = Room()
    watcher = room.join()
    room.restart()
    room.session.receive(News(1, (LAYOUT,)))
    room.session.receive(Begun(1, 1200, b"keyframe"))
    room.session.receive(Greeting(1, (watcher.number,), (LAYOUT, STATUS)))
    restarted, layout, _ = received(watcher)
    assert restarted == Restarted(step=1200, message="the engine process was lost; the run goes on from step 1,200")
    assert layout == LAYOUT


def test_a_page_that_came_while_no_process_was_there_hears_of_no_restart() -> None:
    room = Room()
    room.session.interrupted()
    watcher = Watcher()
    room.session.join(watcher, 0.0)
    room.session.begin()
    room.session.receive(Begun(1, 1200, b"keyframe"))
    assert received(watcher) == []


def test_commands_that_no_keyframe_holds_are_done_again_and_not_answered_again() -> None:
    room = Room()
    watcher = room.join()
    for number in (1, 2, 3):
        room.session.command(watcher, Undo(id=number))
    first, second, third = room.asked()
    answer(room, first)
    room.session.receive(Saved(1, b"with the first"))
    answer(room, second)
    assert len(received(watcher)) == 2
    again = [request for request in room.restart() if isinstance(request, Do)]
    assert again == [second, third]
    for request in again:
        answer(room, request)
    assert received(watcher) == [applied(3)]
    assert [request for request in room.restart() if isinstance(request, Do)] == [second, third]


def test_commands_given_while_there_is_no_process_are_done_when_there_is_one() -> None:
    room = Room()
    watcher = room.join()
    room.session.interrupted()
    room.session.command(watcher, Play(id=5))
    room.asked()
    room.session.begin()
    [do] = [request for request in room.asked() if isinstance(request, Do)]
    assert do.command == Play(id=5)


def test_a_refused_command_is_not_done_again() -> None:
    room = Room()
    watcher = room.join()
    room.session.command(watcher, Undo(id=1))
    [do] = room.asked()
    answer(room, do, Rejected(command=1, code="nothing_to_undo", field=None, value=None, message="nothing"))
    assert [request for request in room.restart() if isinstance(request, Do)] == []


def test_a_command_over_which_the_process_is_lost_twice_is_refused() -> None:
    room = Room()
    watcher = room.join()
    room.session.command(watcher, Undo(id=1))
    room.session.command(watcher, Play(id=2))
    undo, play = room.asked()
    assert [request for request in room.restart() if isinstance(request, Do)] == [undo, play]
    assert [request for request in room.restart() if isinstance(request, Do)] == [play]
    [rejected] = [message for message in received(watcher) if isinstance(message, Rejected)]
    assert (rejected.command, rejected.code) == (1, "busy")
    assert rejected.message == "undo refused: the engine process was lost over it twice; nothing was changed"


def test_what_a_page_commanded_is_still_done_when_it_has_left() -> None:
    room = Room()
    watcher = room.join()
    room.session.command(watcher, Undo(id=1))
    room.session.leave(watcher, 1.0)
    assert len([request for request in room.restart() if isinstance(request, Do)]) == 1


def test_a_session_that_fails_again_and_again_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    room = Room()
    for second in range(MOST_FAILURES - 1):
        assert room.session.failed(Failed(1, "ouch"), second)
    assert not room.session.failed(Failed(1, "ouch"), MOST_FAILURES)


def test_a_session_that_fails_now_and_then_is_not(caplog: pytest.LogCaptureFixture) -> None:
    room = Room()
    assert all(room.session.failed(Failed(1, "ouch"), 100.0 * time) for time in range(20))
