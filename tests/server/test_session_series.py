"""The series of a session: a row for every step, in the right timeline and revision."""

import numpy as np

from engine.adapt import with_changes
from server import messages
from tests.server.sessions import do, layout, only, rows, session, small, train, trained_alone


def test_the_series_has_a_row_for_every_step_and_an_evaluation_for_every_epoch() -> None:
    target = session()
    train(target, 11)
    steps = rows(target)
    assert steps.from_step.tolist() == list(range(11))
    assert steps.next_step == 11
    evaluations = rows(target, "evaluations")
    assert evaluations.from_step.tolist() == [0, 3, 6, 9]
    assert layout(target).series["evaluations"] == [
        "train_loss", "test_loss", "train_accuracy", "test_accuracy", "saturated.1", "saturated.2", "saturated.0",
    ]  # fmt: skip
    alone = trained_alone(small(), 9).evaluate()
    assert evaluations.mean[3].tolist() == [
        alone.train.loss, alone.test.loss, alone.train.accuracy, alone.test.accuracy, *alone.saturated,
    ]  # fmt: skip


def test_evaluations_hold_the_dead_share_of_layers_that_can_die() -> None:
    run = with_changes(small(), {"network.hidden.1.activation": "relu"})
    target = session(run)
    train(target, 1)
    assert layout(target).series["evaluations"][4:] == ["saturated.1", "saturated.0", "dead.2"]
    alone = trained_alone(run, 0).evaluate()
    assert rows(target, "evaluations").mean[0, 4:].tolist() == [alone.saturated[0], alone.saturated[2], alone.dead[1]]


def test_the_rows_of_a_series_are_the_same_however_often_it_is_read() -> None:
    seldom, often = session(), session()
    for _ in range(130):
        train(seldom, 1)
        train(often, 1)
        rows(often)
    np.testing.assert_array_equal(rows(seldom).mean, rows(often).mean)


def test_rows_of_another_timeline_are_not_given() -> None:
    target = session()
    train(target, 5)
    request = messages.Series(id=1, lane=0, series="steps", timeline=77, from_step=0, limit=10)
    answer = target.series(request)
    # Its own timeline again, which the page drops: as the current one it would move the page's cursor past a reset.
    assert (len(answer.from_step), answer.more, answer.timeline) == (0, False, 77)


def test_surgery_begins_a_revision_of_the_series_and_the_loss_goes_on() -> None:
    target = session()
    train(target, 5)
    do(target, messages.AddLayer, lane=0, index=0)
    train(target, 5)
    first = rows(target)
    assert (first.next_step, first.more) == (5, True)
    second = rows(target, since=first.next_step)
    assert second.revision == first.revision + 1
    assert second.mean.shape == (5, len(layout(target).series["steps"]))


def test_starting_afresh_begins_a_timeline_and_rows_from_step_0() -> None:
    target = session()
    train(target, 5)
    told = do(target, messages.Reset)
    described = only(told, messages.Layout)
    assert (described.timeline, described.from_step) == (2, 0)
    assert len(rows(target).from_step) == 0
    train(target, 2)
    assert rows(target).from_step.tolist() == [0, 1]
