"""The scalars of all steps as CSV: of all lanes, each step exactly, made in slices and given up on demand."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from engine import Trainer
from server import messages, scalars
from server.errand import Errand
from server.messages import MessageError
from server.series import store
from server.session import Session
from tests.server.sessions import advance, assert_same, bits, do, losses, only, run_out, session, small, train


def asked(target: Session) -> Errand:
    errand = target.export(messages.Export(id=1, what="series"))
    assert isinstance(errand, Errand)
    return errand


def table(target: Session) -> list[dict[str, str]]:
    errand = asked(target)
    run_out(target)
    assert errand.over
    return list(csv.DictReader(io.StringIO(errand.file().decode())))


@pytest.fixture
def short_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """A series that keeps few rows exactly, so that little training fills it."""
    monkeypatch.setattr(store, "EXACT_ROWS", 128)


def test_each_step_is_a_row_with_its_losses_norms_and_evaluations() -> None:
    target = session(small(hidden=1))
    train(target, 20)
    name = asked(target).name
    assert name == "backflow-circle-20.csv"
    run_out(target)
    rows = table(target)
    assert list(rows[0])[:3] == ["step", "mean_of_steps", "loss"]
    assert [(float(row["step"]), float(row["loss"])) for row in rows if row["loss"]] == losses(target)
    assert rows[5]["train_loss"] == ""
    assert [int(row["step"]) for row in rows if row["test_loss"]] == [0, 3, 6, 9, 12, 15, 18]


def test_all_lanes_have_their_columns() -> None:
    target = session(small(hidden=1), small(hidden=2, learning_rate=0.3))
    train(target, 12)
    rows = table(target)
    trainer = Trainer(small(hidden=2, learning_rate=0.3))
    for row in rows:
        assert float(row["B.loss"]) == trainer.step().loss != float(row["A.loss"])
    assert "A.delta_rms.1" in rows[0]
    assert len([name for name in rows[0] if name.startswith("B.update_rms")]) == 3


@pytest.mark.usefixtures("short_series")
def test_steps_that_the_series_keeps_as_means_are_computed_again_to_the_same_bits() -> None:
    target = session(small(optimizer="adam"))
    train(target, 700)
    do(target, messages.Patch, lane=0, changes={"training.learning_rate": 0.01})
    train(target, 300)
    before = bits(target)
    rows = table(target)
    assert_same(bits(target), before)
    other = session(small(optimizer="adam"))
    expected = []
    for step in range(1000):
        if step == 700:
            do(other, messages.Patch, lane=0, changes={"training.learning_rate": 0.01})
        expected.append(other.trainers[0].step().values.copy())
    assert [row["mean_of_steps"] for row in rows] == ["1"] * 1000
    found = np.array([[float(value) for value in list(row.values())[2:15]] for row in rows])
    assert np.array_equal(found, np.array(expected))
    assert sum(row["test_loss"] != "" for row in rows) == 334


@pytest.mark.usefixtures("short_series")
def test_lanes_that_were_removed_since_do_not_disturb_the_others() -> None:
    target = session(small(), small(learning_rate=0.3), small(learning_rate=0.5))
    train(target, 300)
    do(target, messages.RemoveLane, lane=1)
    train(target, 200)
    rows = table(target)
    trainer = Trainer(small(learning_rate=0.5))
    assert [float(row["B.loss"]) for row in rows] == [trainer.step().loss for _ in range(500)]


def test_a_network_of_another_shape_has_its_own_columns_for_as_long_as_it_was() -> None:
    target = session(small(hidden=1))
    train(target, 12)
    do(target, messages.AddLayer, lane=0, index=0)
    train(target, 8)
    rows = table(target)
    ids = [layer.id for layer in target.trainers[0].identity.layers]
    new = f"delta_rms.{max(ids)}"
    assert [row[new] != "" for row in rows] == [False] * 12 + [True] * 8
    assert all(row[f"delta_rms.{ids[-1]}"] for row in rows)


@pytest.mark.usefixtures("short_series")
def test_a_table_that_would_be_too_long_keeps_means_and_says_of_how_many_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = session(small())
    train(target, 1000)
    monkeypatch.setattr(scalars, "MOST_CELLS", 13 * 400)
    rows = table(target)
    spans = [int(row["mean_of_steps"] or 0) for row in rows]
    assert sum(spans) == 1000
    assert max(spans) > 1
    assert spans[-400:] == [1] * 400


@pytest.mark.usefixtures("short_series")
def test_it_is_made_in_slices_with_its_progress_while_training_goes_on() -> None:
    target = session()
    train(target, 600)
    do(target, messages.Pace, steps_per_second=1000)
    do(target, messages.Play)
    errand = asked(target)
    shares = []
    while (share := only(target.hello_events(), messages.Status).writing) is not None:
        shares.append(share)
        advance(target, 0.002)
    assert errand.over
    assert shares == sorted(shares)
    assert 0 < shares[len(shares) // 2] < 1
    assert target.step > 600
    do(target, messages.Pause)
    assert len(errand.file().splitlines()) >= 601


@pytest.mark.usefixtures("short_series")
def test_a_reset_meanwhile_does_not_change_what_was_asked_for() -> None:
    target = session()
    train(target, 600)
    rows = table(target)
    errand = asked(target)
    advance(target, 0.001)
    do(target, messages.Reset)
    train(target, 10)
    run_out(target)
    assert list(csv.DictReader(io.StringIO(errand.file().decode()))) == rows


@pytest.mark.usefixtures("short_series")
def test_it_is_given_up_on_demand_and_only_one_is_made_at_a_time() -> None:
    target = session()
    train(target, 600)
    errand = asked(target)
    advance(target, 0.001)
    with pytest.raises(MessageError, match="being written already"):
        asked(target)
    assert target.export(messages.Export(id=2, what="none")) == ("", b"")
    assert errand.over
    with pytest.raises(MessageError, match="were given up when"):
        errand.file()
    assert advance(target, 1.0) is None
    assert len(table(target)) == 600
