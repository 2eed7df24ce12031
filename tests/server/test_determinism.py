"""A run has the same bits whatever the pace, the slices and the watchers; and again when it is replayed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server import messages
from server.codec import encode_picture
from server.messages import FRAME_SECTIONS
from server.session import Session
from tests.server.sessions import Clock, advance, assert_same, bits, do, session, small, train, trained_alone, wait


@settings(max_examples=15, deadline=None)
@given(
    slices=st.lists(st.floats(1e-6, 5e-3), min_size=1, max_size=8),
    pace=st.none() | st.floats(50, 50_000),
    looks=st.booleans(),
)
def test_neither_pace_nor_slices_nor_watchers_change_a_bit(
    slices: list[float], pace: float | None, looks: bool
) -> None:
    target = session(small(optimizer="adam"))
    do(target, messages.Pace, steps_per_second=pace)
    do(target, messages.Play)
    turn = 0
    while target.step < 60:
        wake = advance(target, slices[turn % len(slices)])
        wait(target, wake)
        turn += 1
        if looks:
            encode_picture(target.picture(FRAME_SECTIONS, True, True))
            target.hello_events()
            target.keyframe()
    (alone,) = target.trainers
    assert_same(alone.state(), trained_alone(small(optimizer="adam"), alone.steps).state())


def test_the_journal_replayed_gives_the_same_bits() -> None:
    target = session()
    train(target, 7)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.02}, gesture="a")
    train(target, 3)
    do(target, messages.AddUnit, lane=0, layer=1)
    do(target, messages.SetParameter, lane=0, layer=1, tensor="bias", index=(3,), value=0.5)
    do(target, messages.Patch, lane=0, changes={"training.optimizer": "adam"})
    train(target, 11)
    again = Session(*target.journal.start, clock=Clock())
    for entry in target.journal.entries:
        train(again, entry.step - again.step)
        again.handle(entry.change)
    train(again, target.step - again.step)
    assert_same(bits(again), bits(target))


def test_a_drawn_seed_is_noted_in_the_journal() -> None:
    target = session()
    do(target, messages.NewSeed)
    assert target.journal.start == (target.trainers[0].run,)
    assert target.journal.entries == ()


def test_patches_of_one_gesture_at_one_step_are_one_entry_of_the_journal() -> None:
    target = session()
    for rate in (0.2, 0.3, 0.4):
        do(target, messages.Patch, lane=0, changes={"training.learning_rate": rate}, gesture="drag")
    (entry,) = target.journal.entries
    assert entry.change.changes == {"training.learning_rate": 0.4}  # type: ignore[union-attr]
