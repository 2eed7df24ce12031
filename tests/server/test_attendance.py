"""Who controls a session: always somebody sensible, and after a reload the same page."""

from server.attendance import Attendance
from server.watcher import Watcher

GRACE = 5.0


def attended(*watchers: Watcher, at: float = 0.0) -> Attendance:
    attendance = Attendance(GRACE, at)
    for watcher in watchers:
        attendance.join(watcher, at)
    return attendance


def test_the_first_controls_and_the_others_watch() -> None:
    first, second = Watcher(), Watcher()
    attendance = attended(first, second)
    assert (attendance.role(first), attendance.role(second)) == ("controller", "watcher")
    assert len(attendance) == 2
    assert attendance.find(second.number) is second


def test_a_reload_gets_the_controllers_place_back() -> None:
    first, second, again = Watcher(), Watcher(), Watcher()
    attendance = attended(first, second)
    attendance.leave(first, 100.0)
    assert not attendance.settle(100.0 + GRACE / 2)
    attendance.join(again, 101.0)
    assert attendance.controller is again
    assert attendance.role(second) == "watcher"


def test_a_reload_whose_hello_came_before_the_old_connection_ended_controls_too() -> None:
    first, second, again = Watcher(), Watcher(), Watcher()
    attendance = attended(first, second)
    attendance.join(again, 100.0)
    assert attendance.role(again) == "watcher"
    attendance.leave(first, 101.0)
    assert attendance.controller is again


def test_a_place_left_for_good_passes_to_who_has_watched_longest() -> None:
    first, second, third = Watcher(), Watcher(), Watcher()
    attendance = attended(first, second, third)
    attendance.leave(first, 100.0)
    assert attendance.settle(100.0 + GRACE)
    assert attendance.controller is second
    assert not attendance.settle(200.0)


def test_a_watcher_that_leaves_changes_nothing_for_the_controller() -> None:
    first, second = Watcher(), Watcher()
    attendance = attended(first, second)
    attendance.leave(second, 1.0)
    assert attendance.controller is first
    assert attendance.abandoned is None


def test_a_session_is_abandoned_from_when_the_last_one_left_until_somebody_comes() -> None:
    attendance = attended()
    assert attendance.abandoned == 0.0
    watcher = Watcher()
    attendance.join(watcher, 3.0)
    assert attendance.abandoned is None
    attendance.leave(watcher, 9.0)
    assert attendance.abandoned == 9.0
    assert not attendance.settle(100.0)
