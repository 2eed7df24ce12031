"""The engine process's loop: fair slices, commands before slices, pictures on credit, keyframes within bounds."""

from collections import deque
from collections.abc import Sequence
from typing import Any, TypeVar

import pytest

from engine import RunSpec
from server.codec import decode
from server.host import Host
from server.messages import Ack, Applied, NewSeed, Pause, Play, Rejected, Series, Status
from server.pipe import (
    Ask,
    Begin,
    Begun,
    Do,
    Done,
    End,
    Failed,
    Greet,
    Greeting,
    News,
    Ping,
    Pong,
    Report,
    Request,
    Saved,
    Show,
    Shown,
    Stop,
    Told,
)
from server.seat import SLICE
from tests.server.fakes import LAST_WORDS, FakeSession, FatalSession

Kind = TypeVar("Kind")


class Clock:
    """Time passes only where somebody spends it."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Pipe:
    """Both ends of a pipe in one process; waiting in vain spends the time."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.requests: deque[Request] = deque()
        self.reports: list[Report] = []

    def poll(self, timeout: float | None = 0.0, /) -> bool:
        if not self.requests and timeout is None:
            raise EOFError("nothing is due and nobody asks: this would wait for ever")
        if not self.requests and timeout:
            self.clock.time += timeout
        return bool(self.requests)

    def recv(self) -> Request:
        return self.requests.popleft()

    def send(self, report: Report, /) -> None:
        self.reports.append(report)


class Bench:
    """A host with its clock and its pipe."""

    def __init__(self, session: type[FakeSession] = FakeSession) -> None:
        self.clock = Clock()
        self.pipe = Pipe(self.clock)
        clock = self.clock

        class Spending(session):
            def take_step(self) -> None:
                super().take_step()
                clock.time += self.cost

        self.kind: Any = Spending
        self.host = Host(self.pipe, self.kind, self.clock)

    def ask(self, *requests: Request) -> list[Report]:
        """What the host reports in the turn in which it finds these requests."""
        before = len(self.pipe.reports)
        self.pipe.requests.extend(requests)
        self.host.turn()
        return self.pipe.reports[before:]

    def begin(self, key: int = 1, cost: float = 0.0001, playing: bool = False) -> FakeSession:
        self.kind.cost = cost
        self.ask(Begin(key, RunSpec()))
        session = self.session(key)
        session.cost = cost
        if playing:
            self.ask(Do(key, 0, Play(id=1)))
        return session

    def session(self, key: int) -> Any:
        return self.host._seats[key].session

    def turns(self, count: int) -> list[Report]:
        before = len(self.pipe.reports)
        for _ in range(count):
            self.host.turn()
        return self.pipe.reports[before:]


def of_kind(kind: type[Kind], reports: Sequence[Report]) -> list[Kind]:
    return [report for report in reports if isinstance(report, kind)]


def show(grant: int, *sections: str) -> Show:
    return Show(1, grant, frozenset(sections), False, False)


def test_a_session_begins_from_its_spec_and_reports_where_it_is() -> None:
    bench = Bench()
    [begun] = of_kind(Begun, bench.ask(Begin(7, RunSpec(seed=3))))
    assert (begun.session, begun.step) == (7, 0)
    assert bench.session(7).seed == 3


def test_a_session_goes_on_from_its_keyframe_playing_if_it_played() -> None:
    bench = Bench()
    bench.begin(playing=True)
    bench.turns(3)
    keyframe = bench.session(1).keyframe()
    other = Bench()
    [begun] = of_kind(Begun, other.ask(Begin(1, RunSpec(), keyframe)))
    assert begun.step == bench.session(1).step
    other.turns(1)
    assert other.session(1).step > begun.step


def test_a_newcomer_is_told_everything_and_gets_a_picture_though_nothing_has_changed() -> None:
    bench = Bench()
    bench.begin()
    assert len(of_kind(Shown, bench.ask(show(1)))) == 1
    assert of_kind(Shown, bench.ask(show(2))) == []
    [greeting, shown] = bench.ask(Greet(1, (5,)))
    assert isinstance(greeting, Greeting)
    assert isinstance(shown, Shown)
    assert greeting.watchers == (5,)
    assert decode(greeting.messages[0]).kind == 4
    assert isinstance(greeting.messages[1], Status)


def test_commands_are_answered_in_order_with_their_tickets() -> None:
    bench = Bench()
    bench.begin()
    reports = of_kind(Done, bench.ask(Do(1, 10, NewSeed(id=2, seed=5)), Do(1, 11, Ack(id=3, picture=0))))
    assert [(report.ticket, type(report.answer)) for report in reports] == [(10, Applied), (11, Rejected)]
    assert isinstance(reports[0].news[0], Status)


def test_a_command_is_applied_before_the_next_slice() -> None:
    bench = Bench()
    session = bench.begin(playing=True)
    steps = session.step
    [done] = of_kind(Done, bench.ask(Do(1, 2, Pause(id=2))))
    assert isinstance(done.answer, Applied)
    assert done.answer.step == steps == session.step


def test_training_takes_turns_in_slices_of_equal_length() -> None:
    bench = Bench()
    light = bench.begin(1, cost=0.0001, playing=True)
    heavy = bench.begin(2, cost=0.001, playing=True)
    before = light.step, heavy.step, bench.clock()
    bench.turns(200)
    light_time = (light.step - before[0]) * light.cost
    heavy_time = (heavy.step - before[1]) * heavy.cost
    assert light_time == pytest.approx(heavy_time, rel=0.1)
    assert light_time + heavy_time == pytest.approx(bench.clock() - before[2])


def test_a_network_whose_steps_outlast_a_slice_takes_no_time_from_another() -> None:
    bench = Bench()
    light = bench.begin(1, cost=0.0001, playing=True)
    heavy = bench.begin(2, cost=25 * SLICE, playing=True)
    before = light.step, heavy.step
    bench.turns(2000)
    light_time = (light.step - before[0]) * light.cost
    heavy_time = (heavy.step - before[1]) * heavy.cost
    assert light_time == pytest.approx(heavy_time, rel=0.1)


def test_a_heavy_network_alone_has_all_the_time() -> None:
    bench = Bench()
    heavy = bench.begin(1, cost=25 * SLICE, playing=True)
    before = heavy.step, bench.clock()
    bench.turns(500)
    assert (heavy.step - before[0]) * heavy.cost == pytest.approx(bench.clock() - before[1])
    assert heavy.step > before[0] + 10


def test_without_a_credit_no_picture_is_made() -> None:
    bench = Bench()
    session = bench.begin(playing=True)
    bench.turns(100)
    assert session.pictures == 0


def test_a_credit_buys_one_picture_of_the_newest_step() -> None:
    bench = Bench()
    session = bench.begin(playing=True)
    [shown] = of_kind(Shown, bench.ask(show(1, "parameters")))
    assert shown.grant == 1
    frame = decode(shown.parts[0])
    assert (frame.step, frame.seq) == (session.step, shown.number)
    assert "parameters" in frame.sections
    assert of_kind(Shown, bench.turns(50)) == []


def test_a_credit_waits_until_there_is_something_new_to_show() -> None:
    bench = Bench()
    bench.begin()
    bench.ask(show(1))
    assert of_kind(Shown, bench.ask(show(2))) == []
    [shown] = of_kind(Shown, bench.ask(Do(1, 1, NewSeed(id=9, seed=1))))
    assert decode(shown.parts[0]).command == 9


def test_other_wishes_are_something_new_to_show() -> None:
    bench = Bench()
    bench.begin()
    bench.ask(show(1))
    [shown] = of_kind(Shown, bench.ask(show(2, "parameters")))
    assert "parameters" in decode(shown.parts[0]).sections


def test_progress_alone_is_not_shown_more_often_than_a_screen_can() -> None:
    bench = Bench()
    bench.begin(playing=True)
    start, shown, grant = bench.clock(), 0, 0
    while bench.clock() < start + 1:
        grant += 1
        shown += len(of_kind(Shown, bench.ask(show(grant))))
    assert 60 <= shown <= 121


def test_what_a_command_did_is_shown_at_once() -> None:
    bench = Bench()
    bench.begin(playing=True)
    bench.ask(show(1))
    assert of_kind(Shown, bench.ask(show(2), Do(1, 1, NewSeed(id=9, seed=1)))) != []


def test_a_picture_put_off_is_made_when_its_time_comes_even_if_training_paused() -> None:
    bench = Bench()
    session = bench.begin()
    bench.ask(show(1))
    session.moment += 1
    assert of_kind(Shown, bench.ask(show(2))) == []
    assert len(of_kind(Shown, bench.turns(2))) == 1


def test_what_making_a_picture_brings_up_is_told_at_once() -> None:
    bench = Bench()
    session = bench.begin()
    session.news_of_pictures = (session.status(),)
    shown, news = bench.ask(show(1))
    assert isinstance(shown, Shown)
    assert news == News(1, (session.status(),))


def test_rows_are_answered_to_whoever_asked() -> None:
    bench = Bench()
    session = bench.begin(playing=True)
    request = Series(id=8, lane=0, series="steps", timeline=1, from_step=0, limit=5)
    [told] = of_kind(Told, bench.ask(Ask(1, 3, request)))
    assert isinstance(told.answer, bytes)
    rows = decode(told.answer)
    assert (told.ticket, rows.seq, rows.rows, rows.flags) == (3, 8, 5, int(session.step > 5))


def test_rows_that_there_are_not_are_refused() -> None:
    bench = Bench()
    bench.begin()
    [told] = of_kind(Told, bench.ask(Ask(1, 3, Series(id=8, lane=2, series="steps", timeline=1, from_step=0, limit=5))))
    assert isinstance(told.answer, Rejected)
    assert (told.answer.command, told.answer.field) == (8, "lane")


def test_an_applied_command_is_saved_at_once_but_after_it_was_answered_and_shown() -> None:
    bench = Bench()
    bench.begin()
    bench.ask(show(1))
    done, shown, saved = bench.ask(show(2), Do(1, 1, NewSeed(id=4, seed=77)))
    assert (type(done), type(shown)) == (Done, Shown)
    assert isinstance(saved, Saved)
    assert FakeSession.from_keyframe(saved.keyframe).seed == 77


def test_a_refused_command_is_not_saved() -> None:
    bench = Bench()
    bench.begin()
    assert of_kind(Saved, bench.ask(Do(1, 1, Ack(id=4, picture=1)))) == []


def test_a_keyframe_comes_each_second_while_things_change() -> None:
    bench = Bench()
    bench.begin(playing=True)
    start, reports = bench.clock(), []
    while bench.clock() < start + 10:
        reports += bench.turns(1)
    assert 9 <= len(of_kind(Saved, reports)) <= 10


def test_a_paused_session_is_saved_once() -> None:
    bench = Bench()
    bench.begin(playing=True)
    bench.turns(10)
    assert len(of_kind(Saved, bench.ask(Do(1, 2, Pause(id=2))))) == 1
    before = len(bench.pipe.reports)
    with pytest.raises(EOFError):
        bench.turns(10)
    assert len(bench.pipe.reports) == before


def test_dear_keyframes_are_rare() -> None:
    bench = Bench()
    session = bench.begin()
    cheap = session.keyframe

    def dear() -> bytes:
        bench.clock.time += 0.5
        return cheap()

    session.keyframe = dear
    saved = []
    start = bench.clock()
    for ticket in range(400):
        bench.clock.time += 0.1
        saved += of_kind(Saved, bench.ask(Do(1, ticket, NewSeed(id=ticket + 1, seed=ticket))))
    assert FakeSession.from_keyframe(saved[-1].keyframe).commands[-1] > 300
    assert len(saved) * 0.5 <= 0.06 * (bench.clock() - start)


def test_a_session_that_fails_is_reported_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(FatalSession)
    bench.begin(1)
    other = bench.begin(2, playing=True)
    [failed] = of_kind(Failed, bench.ask(Do(1, 1, NewSeed(id=1, seed=LAST_WORDS))))
    assert failed == Failed(1, "ZeroDivisionError: the seed of the beast")
    steps = other.step
    bench.turns(2)
    assert other.step > steps
    assert bench.ask(Do(1, 2, Play(id=2)))[-1:] != [Done]


def test_a_damaged_keyframe_is_reported() -> None:
    bench = Bench()
    [failed] = of_kind(Failed, bench.ask(Begin(1, RunSpec(), b"nonsense"), Ping()))
    assert failed.session == 1


def test_a_session_that_was_given_up_no_longer_trains() -> None:
    bench = Bench()
    session = bench.begin(playing=True)
    bench.ask(End(1), Ping())
    steps = session.step
    bench.ask(Ping())
    assert session.step == steps


def test_it_says_when_it_is_ready_answers_pings_and_ends_with_its_pipe() -> None:
    bench = Bench()
    bench.pipe.requests.append(Ping())
    bench.host.run()
    assert bench.pipe.reports == [Pong(), Pong()]


def test_it_stops_when_it_is_told_to() -> None:
    bench = Bench()
    bench.begin(playing=True)
    bench.pipe.requests.append(Stop())
    assert not bench.host.turn()
