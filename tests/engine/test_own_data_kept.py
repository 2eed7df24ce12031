"""Training on own data, and what is kept when they change."""


import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, OwnData, RunSpec, SpecError, Trainer, load_dataset
from engine.adapt import with_changes
from engine.surgery import add_unit, afresh, change, remove_layer
from tests.engine.brought import DRAW, PLACES, SIDES, drawn, run_on, table, trained


def parameters(trainer: Trainer) -> bytes:
    return trainer.network.arena.parameters.tobytes()


def test_own_points_are_learned() -> None:
    assert trained(drawn(), 1_500).evaluate().test.accuracy == pytest.approx(1, abs=0.05)


def test_the_same_content_gives_the_same_bits_in_any_order() -> None:
    other = DRAW.permutation(len(PLACES))
    first, second = trained(drawn(), 50), trained(drawn(PLACES[other], SIDES[other]), 50)
    assert parameters(first) == parameters(second)


@pytest.mark.parametrize("count", [3, 30, 59, 90])
def test_points_that_come_or_go_keep_weights_optimizer_state_and_step(count: int) -> None:
    adam = with_changes(RunSpec(), {"training.optimizer": "adam"})
    before = trained(drawn(), 33, adam)
    places = np.resize(PLACES, (count, 2)) + np.arange(count)[:, None] / 1000
    own = drawn(places, np.arange(count) % 2)
    after = change(before, run_on(own, before.run), own)
    assert parameters(after) == parameters(before)
    assert (after.steps, after.optimizer.steps) == (33, 33)
    assert after.samples.own == own
    assert after.step().step == 34
    assert before.samples.own == drawn()


@pytest.mark.parametrize(
    "own",
    [drawn(classes=("a", "b")), drawn(classes=("-1", "+1", "?")), drawn(labels=PLACES[:, 0], classes=()), table()],
    ids=["other classes", "one class more", "numbers", "other columns"],
)
def test_other_columns_or_classes_start_afresh(own: OwnData) -> None:
    before = trained(drawn())
    after = change(before, run_on(own, before.run), own)
    assert after.steps == 0


def test_points_drawn_onto_a_generated_set_go_on_from_what_it_taught() -> None:
    circle = Trainer(RunSpec())
    for _ in range(20):
        circle.step()
    after = change(circle, run_on(drawn(), circle.run), drawn())
    assert (after.steps, parameters(after)) == (20, parameters(circle))
    back = change(after, with_changes(after.run, {"data.name": "circle"}))
    assert (back.steps, back.samples.own) == (0, None)


def test_a_dataset_that_was_handed_over_gives_way_to_own_data() -> None:
    given_set = load_dataset(DataSpec(), 3)
    after = change(Trainer(RunSpec(), given_set), run_on(drawn()), drawn())
    assert (after.samples.given, after.samples.own) == (False, drawn())


def test_every_operation_on_the_network_keeps_the_data() -> None:
    trainer = trained(drawn(), 5, RunSpec(network=NetworkSpec((DenseSpec(3), DenseSpec(2)))))
    others = [
        add_unit(trainer, 1),
        remove_layer(trainer, 2),
        afresh(trainer),
        change(trainer, with_changes(trainer.run, {"training.learning_rate": 0.5})),
        change(trainer, with_changes(trainer.run, {"seed": 9})),
        change(trainer, with_changes(trainer.run, {"data.train_fraction": 0.7})),
        change(trainer, with_changes(trainer.run, {"training.batch_size": 3})),
    ]
    for other in others:
        assert other.samples.own == drawn()
        assert other.step().step in (1, 6)


def test_a_change_to_data_that_did_not_come_along_is_refused() -> None:
    with pytest.raises(SpecError, match=r"data\.own"):
        change(trained(drawn()), run_on(drawn(PLACES[:30], SIDES[:30])))


def test_too_few_points_for_the_train_fraction_are_refused_by_name() -> None:
    own = drawn(PLACES[:3], [0, 1, 0])
    with pytest.raises(SpecError, match=r"data\.train_fraction 0\.9 refused: must leave at least one"):
        run_on(own, with_changes(RunSpec(), {"data.train_fraction": 0.9}))
