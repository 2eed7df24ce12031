"""Early stopping: how long a test loss that does not fall is borne with."""

from engine.stopping import EarlyStopping


def test_patience_ends_after_so_many_epochs_without_a_new_minimum_and_then_begins_anew() -> None:
    stopping = EarlyStopping()
    losses = [3.0, 2.0, 2.0, 2.5, 1.9, 2.0, 1.9, 2.1, 2.0, 2.0, 2.0]
    answers = [stopping.observe(loss, 3) for loss in losses]
    assert answers == [False] * 7 + [True, False, False, True]
    assert stopping.best == 1.9


def test_a_loss_that_falls_is_never_stopped() -> None:
    stopping = EarlyStopping()
    assert not any(stopping.observe(1 / epoch, 1) for epoch in range(1, 50))
