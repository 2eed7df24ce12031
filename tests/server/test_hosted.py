"""A session as the server keeps it: roles, credits, and nothing lost with an engine process."""

from engine import RunSpec
from server.hosted import MOST_OWN_DATA, MOST_SERIES, MOST_WAITING
from server.messages import (
    Ack,
    Closed,
    Hello,
    Layout,
    Pause,
    Play,
    Rejected,
    Series,
    Status,
    Subscribe,
    Undo,
    UseOwnData,
)
from server.pipe import Ask, Begin, Do, Done, End, Greet, Greeting, News, Show, Told
from server.watcher import Watcher
from tests.server.own_data import brought
from tests.server.room import LAYOUT, STATUS, Room, applied, received


def test_a_session_begins_in_its_engine_process_before_it_greets() -> None:
    room = Room()
    watcher = Watcher()
    assert room.session.join(watcher, 0.0) == "controller"
    begin, greet, show = room.asked()
    assert begin == Begin(1, RunSpec(), None)
    assert greet == Greet(1, (watcher.number,))
    assert isinstance(show, Show)


def test_news_reach_only_who_was_greeted() -> None:
    room = Room()
    first, newcomer = room.join(), room.join(greeted=False)
    received(first)
    room.session.receive(News(1, (LAYOUT,)))
    assert received(first) == [LAYOUT]
    assert received(newcomer) == []
    room.session.receive(Greeting(1, (newcomer.number,), (LAYOUT, STATUS)))
    assert received(first) == []
    assert [type(message) for message in received(newcomer)] == [Layout, Status]


def test_each_page_hears_its_own_role_and_how_many_watch() -> None:
    room = Room()
    first, second = room.join(), room.join()
    room.session.receive(News(1, (STATUS,)))
    [told_first], [told_second] = received(first)[-1:], received(second)[-1:]
    assert isinstance(told_first, Status)
    assert isinstance(told_second, Status)
    assert (told_first.role, told_first.watchers) == ("controller", 2)
    assert (told_second.role, told_second.watchers) == ("watcher", 2)


def test_a_page_hears_at_once_when_another_comes_or_leaves() -> None:
    room = Room()
    first = room.join()
    second = room.join()
    [status] = received(first)
    assert isinstance(status, Status)
    assert status.watchers == 2
    room.session.leave(second, 1.0)
    [status] = received(first)
    assert isinstance(status, Status)
    assert status.watchers == 1


def test_only_the_controllers_commands_are_passed_on() -> None:
    room = Room()
    controller, watcher = room.join(), room.join()
    received(watcher)
    room.session.command(watcher, Play(id=4))
    [rejected] = received(watcher)
    assert isinstance(rejected, Rejected)
    assert (rejected.command, rejected.code) == (4, "watching")
    assert room.asked() == []
    room.session.command(controller, Play(id=4))
    assert [type(request) for request in room.asked()] == [Do]


def test_watchers_may_ask_for_rows() -> None:
    room = Room()
    room.join()
    watcher = room.join()
    received(watcher)
    room.session.command(watcher, Series(id=2, lane=0, series="steps", timeline=1, from_step=0, limit=1))
    [ask] = room.asked()
    assert isinstance(ask, Ask)
    room.session.receive(Told(1, ask.ticket, b"rows"))
    assert received(watcher) == [b"rows"]


def test_answers_go_to_the_sender_and_news_to_everybody() -> None:
    room = Room()
    controller, watcher = room.join(), room.join()
    received(controller), received(watcher)
    room.session.command(controller, Undo(id=7))
    [do] = room.asked()
    assert isinstance(do, Do)
    room.session.receive(Done(1, do.ticket, applied(7), (LAYOUT,)))
    assert received(controller) == [applied(7), LAYOUT]
    assert received(watcher) == [LAYOUT]


def test_a_page_that_comes_back_over_another_connection_keeps_its_role() -> None:
    room = Room()
    old, other, new = Watcher(), Watcher(), Watcher()
    old.page, new.page = "p1", "p1"
    room.session.join(old, 0.0)
    room.session.join(other, 0.0)
    assert room.session.join(new, 100.0) == "controller"
    assert old.closed is not None
    assert list(room.session.watchers) == [other, new]


def test_a_watcher_that_comes_back_over_another_connection_still_watches() -> None:
    room = Room()
    controller, old, new = Watcher(), Watcher(), Watcher()
    controller.page, old.page, new.page = "p1", "p2", "p2"
    for watcher in (controller, old, new):
        room.session.join(watcher, 0.0)
    assert room.session.watchers.role(new) == "watcher"
    assert (controller.closed, len(room.session.watchers)) == (None, 2)


def test_a_second_hello_is_refused() -> None:
    room = Room()
    watcher = room.join()
    room.session.command(watcher, Hello(id=2, version=1))
    [rejected] = received(watcher)
    assert isinstance(rejected, Rejected)
    assert rejected.message == "hello refused: this connection has opened its session"


def test_too_many_waiting_commands_are_refused_as_busy() -> None:
    room = Room()
    watcher = room.join()
    for number in range(MOST_WAITING + 1):
        room.session.command(watcher, Undo(id=number + 1))
    assert len(room.asked()) == MOST_WAITING
    [rejected] = received(watcher)
    assert isinstance(rejected, Rejected)
    assert (rejected.command, rejected.code) == (MOST_WAITING + 1, "busy")
    for number in range(MOST_SERIES + 1):
        command = Series(id=1000 + number, lane=0, series="steps", timeline=1, from_step=0, limit=1)
        room.session.command(watcher, command)
    [rejected] = received(watcher)
    assert isinstance(rejected, Rejected)
    assert (rejected.command, rejected.code) == (1000 + MOST_SERIES, "busy")


def test_only_few_data_sets_of_a_page_may_wait() -> None:
    room = Room()
    watcher = room.join()
    for number in range(MOST_OWN_DATA + 1):
        room.session.command(watcher, UseOwnData(id=number + 1, **brought()))
    [rejected] = received(watcher)
    assert isinstance(rejected, Rejected)
    assert (rejected.command, rejected.code) == (MOST_OWN_DATA + 1, "busy")
    room.session.command(watcher, Undo(id=99))
    assert len(room.asked()) == MOST_OWN_DATA + 1


# Pictures


def test_one_credit_is_granted_at_a_time() -> None:
    room = Room()
    watcher = Watcher()
    room.session.join(watcher, 0.0)
    [show] = [request for request in room.asked() if isinstance(request, Show)]
    room.session.receive(Greeting(1, (watcher.number,), (STATUS,)))
    assert room.asked() == []
    room.shown(show.grant)
    assert room.asked() == []  # one picture waits to be sent: there is no room for another
    watcher.take()
    watcher.take()
    [again] = room.asked()
    assert isinstance(again, Show)
    assert again.grant == show.grant + 1


def test_a_client_that_acknowledges_nothing_gets_two_pictures_and_costs_no_more() -> None:
    room = Room()
    watcher = room.join()
    for number in range(1, 10):
        room.shown(number, number)
        received(watcher)
    assert [request for request in room.asked() if isinstance(request, Show)][2:] == []
    room.session.command(watcher, Ack(id=1, picture=1))
    assert received(watcher) == [b"picture 9"]


def test_a_picture_is_made_as_soon_as_one_of_the_watchers_has_room() -> None:
    room = Room()
    slow, quick = room.join(), room.join()
    for number in range(1, 20):
        room.shown(number, number)
        received(slow), received(quick)
        room.session.command(quick, Ack(id=1, picture=number))
    assert len([request for request in room.asked() if isinstance(request, Show)]) > 10
    room.session.command(slow, Ack(id=1, picture=2))
    assert received(slow) == [b"picture 19"]


def test_a_picture_holds_what_any_of_the_watchers_wants() -> None:
    room = Room()
    first, second = room.join(), room.join()
    room.session.command(first, Subscribe(id=1, sections=("parameters",), maps=False, unit_maps=True))
    room.session.command(second, Subscribe(id=1, sections=("gradients", "norms"), maps=False, unit_maps=False))
    show = room.asked()[-1]
    assert isinstance(show, Show)
    assert show.sections == {"parameters", "gradients", "norms"}
    assert (show.maps, show.unit_maps) == (False, True)
    room.session.leave(second, 1.0)
    room.shown(show.grant)
    received(first)
    again = room.asked()[-1]
    assert isinstance(again, Show)
    assert again.sections == {"parameters"}


def test_a_picture_of_an_older_layout_is_not_sent_after_the_new_one() -> None:
    room = Room()
    watcher = room.join()
    room.shown()
    room.session.receive(News(1, (LAYOUT,)))
    assert received(watcher) == [LAYOUT]


# Time


def test_a_session_that_nobody_watches_pauses_once_and_then_goes() -> None:
    room = Room()
    watcher = room.join()
    room.session.leave(watcher, 100.0)
    room.asked()
    room.session.tick(129.0)
    assert room.asked() == []
    room.session.tick(130.0)
    room.session.tick(131.0)
    [do] = room.asked()
    assert isinstance(do, Do)
    assert isinstance(do.command, Pause)
    assert not room.session.is_over(699.0)
    assert room.session.is_over(700.0)


def test_a_session_that_is_watched_does_not_pause() -> None:
    room = Room()
    room.join()
    room.session.tick(1e6)
    assert room.asked() == []
    assert not room.session.is_over(1e6)


def test_an_empty_controllers_place_is_filled_and_told() -> None:
    room = Room()
    controller, watcher = room.join(0.0), room.join(0.0)
    room.session.leave(controller, 100.0)
    received(watcher)
    room.session.tick(106.0)
    [status] = received(watcher)
    assert isinstance(status, Status)
    assert status.role == "controller"


def test_a_session_that_ends_tells_its_pages_and_its_process() -> None:
    room = Room()
    watcher = room.join()
    closed = Closed(code="idle", message="over")
    room.session.end(closed)
    assert received(watcher) == [closed]
    assert room.asked() == [End(1)]
