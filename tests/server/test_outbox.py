"""The outbox: everything that happened, in order and bounded; of pictures only the newest."""

from hypothesis import given
from hypothesis import strategies as st

from server.outbox import UNDER_WAY, Outbox, Picture


def picture(number: int) -> Picture[str]:
    return Picture(number, (f"frame {number}", f"maps {number}"))


def everything_in(outbox: Outbox[str]) -> list[str]:
    taken: list[str] = []
    while parts := outbox.take():
        taken += parts
    return taken


def test_an_empty_outbox_has_nothing_to_send() -> None:
    assert Outbox[str]().take() == ()


def test_messages_leave_in_the_order_they_came() -> None:
    outbox = Outbox[str]()
    for message in ("a", "b", "c"):
        outbox.put(message)
    assert everything_in(outbox) == ["a", "b", "c"]


def test_a_newer_picture_overwrites_the_one_that_waits() -> None:
    outbox = Outbox[str]()
    outbox.put_picture(picture(1))
    outbox.put_picture(picture(2))
    assert everything_in(outbox) == ["frame 2", "maps 2"]


def test_messages_go_before_the_picture_that_waits() -> None:
    outbox = Outbox[str]()
    outbox.put_picture(picture(1))
    outbox.put("layout")
    assert everything_in(outbox) == ["layout", "frame 1", "maps 1"]


def test_at_most_two_pictures_are_under_way() -> None:
    outbox = Outbox[str]()
    for number in range(1, 6):
        outbox.put_picture(picture(number))
        everything_in(outbox)
    assert outbox.take() == ()
    outbox.acknowledge(1)
    assert outbox.take() == ("frame 5", "maps 5")
    assert outbox.take() == ()


def test_an_acknowledgement_covers_the_pictures_before_it() -> None:
    outbox = Outbox[str]()
    for number in (1, 2):
        outbox.put_picture(picture(number))
        outbox.take()
    outbox.acknowledge(2)
    for number in (3, 4):
        outbox.put_picture(picture(number))
        assert outbox.take() == picture(number).parts


def test_an_acknowledgement_of_a_picture_never_sent_changes_nothing() -> None:
    outbox = Outbox[str]()
    for number in (1, 2):
        outbox.put_picture(picture(number))
        outbox.take()
    outbox.acknowledge(99)
    outbox.put_picture(picture(3))
    assert outbox.take() == ()


def test_a_picture_is_wanted_only_where_it_could_be_sent_at_once() -> None:
    outbox = Outbox[str]()
    assert outbox.wants_picture
    outbox.put_picture(picture(1))
    assert not outbox.wants_picture
    outbox.take()
    assert outbox.wants_picture
    outbox.put_picture(picture(2))
    outbox.take()
    assert not outbox.wants_picture
    outbox.acknowledge(1)
    assert outbox.wants_picture


def test_a_picture_of_an_older_layout_can_be_dropped() -> None:
    outbox = Outbox[str]()
    outbox.put_picture(picture(1))
    outbox.drop_picture()
    assert outbox.take() == ()
    assert outbox.wants_picture


def test_of_states_only_the_newest_waits() -> None:
    outbox = Outbox[str]()
    outbox.put("status 1", newest_of="status")
    outbox.put("applied")
    outbox.put("status 2", newest_of="status")
    assert everything_in(outbox) == ["applied", "status 2"]


def test_too_many_messages_overflow_and_free_their_memory() -> None:
    outbox = Outbox[str](max_messages=3)
    for number in range(4):
        outbox.put(str(number))
    assert outbox.overflowed
    assert outbox.take() == ()
    assert not outbox.wants_picture


def test_too_many_bytes_overflow() -> None:
    outbox = Outbox[str](max_bytes=100)
    outbox.put("a", size=60)
    assert not outbox.overflowed
    outbox.put("b", size=60)
    assert outbox.overflowed


def test_what_was_sent_no_longer_counts_towards_the_bound() -> None:
    outbox = Outbox[str](max_messages=3, max_bytes=100)
    for _ in range(20):
        outbox.put("a", size=60)
        assert everything_in(outbox) == ["a"]
    for _ in range(20):
        outbox.put("status", size=60, newest_of="status")
    assert not outbox.overflowed


def test_an_overflowed_outbox_takes_only_the_parting_message() -> None:
    outbox = Outbox[str](max_messages=1)
    for _ in range(2):
        outbox.put("a")
    outbox.put("b")
    outbox.put_picture(picture(1))
    outbox.part("closed")
    assert everything_in(outbox) == ["closed"]


def test_a_parting_message_follows_what_waits_and_discards_the_picture() -> None:
    outbox = Outbox[str]()
    outbox.put("a")
    outbox.put_picture(picture(1))
    outbox.part("closed")
    assert everything_in(outbox) == ["a", "closed"]


@given(st.lists(st.one_of(st.just("message"), st.just("picture"), st.just("take"), st.integers(0, 40))))
def test_whatever_happens_messages_stay_in_order_and_pictures_grow_newer(steps: list[str | int]) -> None:
    outbox = Outbox[str](max_messages=1000)
    sent: list[str] = []
    acknowledged: set[int] = set()
    for count, step in enumerate(steps, 1):
        if step == "message":
            outbox.put(f"message {count}")
        elif step == "picture":
            outbox.put_picture(picture(count))
        elif step == "take":
            sent += outbox.take()
        elif isinstance(step, int):
            outbox.acknowledge(step)
            acknowledged.add(step)
    messages = [int(part.split()[1]) for part in sent if part.startswith("message")]
    frames = [int(part.split()[1]) for part in sent if part.startswith("frame")]
    assert messages == sorted(messages)
    assert frames == sorted(set(frames))
    under_way = len([number for number in frames if number > max(acknowledged & set(frames), default=0)])
    assert under_way <= UNDER_WAY
