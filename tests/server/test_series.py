"""The series of a lane: complete, in order, exact where it is young, and bounded."""

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from server.series import SeriesStore, Table
from server.series.store import BUCKETS, EXACT_ROWS, SEGMENTS


def value(step: int, columns: int = 3) -> np.ndarray:
    return np.array([step * 10.0 + column for column in range(columns)])


def filled(steps: int, columns: int = 3) -> SeriesStore:
    store = SeriesStore()
    store.begin(1, columns)
    for step in range(steps):
        store.append(step, value(step, columns))
    return store


def read_all(store: SeriesStore, limit: int = 4096, since: int = 0) -> list[tuple[int, Table]]:
    """What a client gets that pulls until there is no more."""
    parts = []
    while True:
        reading = store.read(since, limit)
        assert len(reading.table) <= limit
        assert reading.next_step >= since
        if len(reading.table):
            parts.append((reading.revision, reading.table))
        since = reading.next_step
        if not reading.more:
            return parts


def assert_covers(parts: list[tuple[int, Table]], begin: int, end: int) -> None:
    """Every step is in exactly one row, in order, and each row's numbers are those of its steps."""
    expected = begin
    for _, table in parts:
        for row in range(len(table)):
            first, last = int(table.first[row]), int(table.last[row])
            assert first == expected
            assert table.spans[row] == last - first + 1
            expected = last + 1
            assert table.minimum[row, 0] == value(first)[0]
            assert table.maximum[row, 0] == value(last)[0]
            assert np.isclose(table.mean[row, 0], (value(first)[0] + value(last)[0]) / 2, rtol=1e-12)
    assert expected == end


def test_every_step_comes_exactly_and_in_order_while_the_series_is_short() -> None:
    ((revision, table),) = read_all(filled(1000))
    assert revision == 1
    assert table.spans.tolist() == [1.0] * 1000
    assert np.array_equal(table.mean, np.array([value(step) for step in range(1000)]))


def test_a_client_pulls_by_its_own_cursor() -> None:
    store = filled(100)
    assert store.read(60, 4096).table.first.tolist() == list(range(60, 100))
    reading = store.read(100, 4096)
    assert (len(reading.table), reading.next_step, reading.more) == (0, 100, False)


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(1, 3000), since=st.integers(0, 3000), limit=st.integers(1, 300))
def test_a_backlog_is_merged_to_fit_without_losing_a_step(steps: int, since: int, limit: int) -> None:
    since = min(since, steps)
    assert_covers(read_all(filled(steps), limit, since), since, steps)


def test_the_last_steps_are_exact_and_older_ones_are_buckets_that_cover_the_rest() -> None:
    steps = EXACT_ROWS + 20_000
    store = filled(steps)
    assert_covers(read_all(store), 0, steps)
    recent = store.read(steps - EXACT_ROWS, EXACT_ROWS).table
    assert recent.spans.tolist() == [1.0] * EXACT_ROWS
    old = store.read(0, EXACT_ROWS * 2).table
    assert len(old) < EXACT_ROWS + 1000


def test_memory_is_bounded_however_long_the_run() -> None:
    tracemalloc.start()
    try:
        store = filled(2 * EXACT_ROWS)
        before = tracemalloc.get_traced_memory()[0]
        for step in range(2 * EXACT_ROWS, 5 * EXACT_ROWS):
            store.append(step, value(step))
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert_covers(read_all(store), 0, 5 * EXACT_ROWS)
    assert grown < (BUCKETS + EXACT_ROWS // 32) * 9 * 8


def test_the_loss_is_complete_and_memory_bounded_whatever_the_number_of_revisions() -> None:
    store = SeriesStore()
    for step in range(2000):
        store.begin(step, 3 + step % 5)
        store.append(step, value(step, 3 + step % 5))
    parts = read_all(store)
    assert_covers(parts, 0, 2000)
    assert len(parts) <= SEGMENTS
    assert parts[0][1].mean.shape[1] == 1
    assert [revision for revision, _ in parts[1:]] == list(range(2000 - SEGMENTS + 1, 2000))
    assert parts[-1][1].mean.shape[1] == 3 + 1999 % 5


def test_old_revisions_with_buckets_are_joined_too() -> None:
    store = SeriesStore.restored(filled(5000).condensed())
    step = 5000
    for revision in range(2, 2 * SEGMENTS):
        store.begin(revision, 4)
        for _ in range(100):
            store.append(step, value(step, 4))
            step += 1
    assert_covers(read_all(store), 0, step)


def test_an_answer_holds_rows_of_one_revision_and_says_that_there_is_more() -> None:
    store = filled(10)
    store.begin(2, 5)
    for step in range(10, 15):
        store.append(step, value(step, 5))
    first = store.read(0, 4096)
    assert (first.revision, first.next_step, first.more) == (1, 10, True)
    second = store.read(first.next_step, 4096)
    assert (second.revision, second.next_step, second.more) == (2, 15, False)
    assert second.table.mean.shape == (5, 5)


def test_a_revision_without_rows_leaves_no_trace() -> None:
    store = filled(3)
    store.begin(2, 4)
    store.begin(3, 5)
    store.append(3, value(3, 5))
    assert [revision for revision, _ in read_all(store)] == [1, 3]


@settings(max_examples=30, deadline=None)
@given(steps=st.integers(0, 1000), cut=st.integers(0, 1000))
def test_going_back_forgets_what_came_after_and_nothing_else(steps: int, cut: int) -> None:
    store = filled(steps)
    assert store.go_back(store.mark(cut))
    end = min(steps, cut)
    assert_covers(read_all(store), 0, end)
    for step in range(end, end + 200):
        store.append(step, value(step))
    assert_covers(read_all(store), 0, end + 200)


def test_going_back_crosses_revisions() -> None:
    store = filled(100)
    store.begin(2, 5)
    store.append(100, value(100, 5))
    assert store.go_back(store.mark(50))
    assert_covers(read_all(store), 0, 50)


def test_going_back_into_a_bucket_is_refused_and_changes_nothing() -> None:
    steps = EXACT_ROWS + 20_000
    store = filled(steps)
    assert not store.go_back(store.mark(100))
    assert_covers(read_all(store), 0, steps)
    assert store.go_back(store.mark(128))
    assert_covers(read_all(store), 0, 128)


def test_a_condensed_series_covers_every_step_and_can_be_continued() -> None:
    steps = EXACT_ROWS + 20_000
    condensed = filled(steps).condensed()
    assert sum(len(table) for _, table in condensed.segments) <= 512
    store = SeriesStore.restored(condensed)
    store.begin(1, 3)
    for step in range(steps, steps + 300):
        store.append(step, value(step))
    assert_covers(read_all(store), 0, steps + 300)


def test_a_short_series_is_condensed_without_loss() -> None:
    store = SeriesStore.restored(filled(500).condensed())
    ((_, table),) = read_all(store)
    assert table.spans.tolist() == [1.0] * 500


def test_rows_that_skip_steps_keep_their_places() -> None:
    """Evaluations come at the ends of epochs: one row each 25 steps."""
    store = SeriesStore(kept=2)
    store.begin(1, 2)
    for step in range(0, 25 * 200, 25):
        store.append(step, value(step, 2))
    ((_, table),) = read_all(store, limit=60)
    assert table.spans.sum() == 200
    assert table.first[0] == 0
    assert store.read(4976, 10).next_step == 4976
    assert store.read(4975, 10).next_step == 4976
    assert store.go_back(store.mark(2500))
    assert store.read(0, 4096).table.first.tolist() == list(range(0, 2500, 25))


def test_numbers_near_the_largest_are_merged_without_overflow() -> None:
    store = SeriesStore()
    store.begin(1, 1)
    for step in range(100):
        store.append(step, [1.5e308])
    ((_, table),) = read_all(store, limit=1)
    assert np.isclose(table.mean[0, 0] / 1e308, 1.5)


def test_a_mark_holds_until_something_before_it_was_forgotten() -> None:
    store = filled(100)
    early, late = store.mark(40), store.mark(100)
    assert store.go_back(store.mark(60))
    for step in range(60, 100):
        store.append(step, value(step) + 1)
    assert not store.go_back(late)
    assert store.go_back(early)
    assert_covers(read_all(store), 0, 40)


def test_a_mark_of_another_series_is_refused() -> None:
    assert not filled(100).go_back(filled(100).mark(50))
