"""The same run gives the same bits, whatever happens around it."""

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.optimizers import OPTIMIZERS

ROOT = Path(__file__).resolve().parents[2]

# Reads a run and a state, goes on for 1,000 steps, and writes down the state it ends in.
GO_ON = """
import pickle, sys
from engine import RunSpec, Trainer

with open(sys.argv[1], "rb") as file:
    run, state = pickle.load(file)
trainer = Trainer(RunSpec.from_dict(run))
trainer.load_state(state)
for _ in range(1000):
    trainer.step()
with open(sys.argv[2], "wb") as file:
    pickle.dump(trainer.state(), file)
"""


def run_of(optimizer: str = "sgd", hidden: tuple[DenseSpec, ...] = (DenseSpec(5, "tanh"),), **more: object) -> RunSpec:
    # 250 training samples in batches of 12: the last batch of an epoch has 10.
    training = TrainingSpec(optimizer=optimizer, learning_rate=0.003, batch_size=12, l2=1e-4)
    return RunSpec(network=NetworkSpec(hidden=hidden), training=training, **more)


def assert_same(first: object, second: object) -> None:
    """Equal to the bit: two states, or parts of them."""
    assert type(first) is type(second)
    if isinstance(first, dict):
        assert first.keys() == second.keys()
        for name in first:
            assert_same(first[name], second[name])
    elif isinstance(first, np.ndarray):
        assert first.dtype == second.dtype
        assert first.tobytes() == second.tobytes()
    else:
        assert first == second


def trained(run: RunSpec, steps: int) -> Trainer:
    trainer = Trainer(run)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_a_state_saved_in_mid_epoch_goes_on_to_the_same_bits_in_a_fresh_process(optimizer: str, tmp_path: Path) -> None:
    run = run_of(optimizer)
    trainer = trained(run, 100)
    assert trainer.epoch % 1 not in (0, 0.5)
    saved, ended = tmp_path / "saved", tmp_path / "ended"
    saved.write_bytes(pickle.dumps((run.to_dict(), trainer.state())))
    subprocess.run([sys.executable, "-c", GO_ON, saved, ended], cwd=ROOT, check=True)
    for _ in range(1000):
        trainer.step()
    assert_same(pickle.loads(ended.read_bytes()), trainer.state())


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_going_back_to_a_state_repeats_the_records_to_the_bit(optimizer: str) -> None:
    trainer = trained(run_of(optimizer), 45)
    state = trainer.state()
    once = [trainer.step() for _ in range(60)]
    trainer.load_state(state)
    for record in once:
        again = trainer.step()
        assert (again.step, again.epoch) == (record.step, record.epoch)
        assert again.values.tobytes() == record.values.tobytes()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_two_trainers_of_one_run_agree_to_the_bit_whatever_is_computed_between(dtype: str) -> None:
    run = run_of("adam", dtype=dtype)
    plain, interrupted = trained(run, 200), Trainer(run)
    for step in range(200):
        if step % 7 == 0:
            interrupted.evaluate()
            interrupted.compute()
            trained(run_of("momentum"), 3)
            np.random.default_rng(step).normal(size=10)
        interrupted.step()
    assert_same(plain.state(), interrupted.state())


def test_networks_of_different_depth_and_optimizer_see_the_same_batches() -> None:
    lanes = [
        Trainer(run_of("sgd", (), seed=3)),
        Trainer(run_of("adam", (DenseSpec(8, "relu"),) * 6, seed=3)),
        Trainer(run_of("momentum", (DenseSpec(3, "sigmoid"),), seed=3, dtype="float32")),
    ]
    for _ in range(50):
        first, *others = lanes
        for other in others:
            np.testing.assert_array_equal(other.batch_samples, first.batch_samples)
        for lane in lanes:
            lane.step()


def test_initial_weights_of_a_layer_do_not_depend_on_the_layers_before_it_in_the_stream() -> None:
    shallow = Trainer(run_of(hidden=(DenseSpec(4, "tanh"),))).network.parameters
    deep = Trainer(run_of(hidden=(DenseSpec(4, "tanh"),) * 3)).network.parameters
    np.testing.assert_array_equal(shallow["0.weight"], deep["0.weight"])
    np.testing.assert_array_equal(shallow["1.weight"], deep["3.weight"])


def test_another_seed_gives_other_data_other_weights_and_another_order() -> None:
    first, second = Trainer(run_of(seed=1)), Trainer(run_of(seed=2))
    assert not np.array_equal(first.dataset.x_train, second.dataset.x_train)
    assert not np.array_equal(first.network.arena.parameters, second.network.arena.parameters)
    assert not np.array_equal(first.batch_samples, second.batch_samples)


def test_nothing_draws_from_numpys_global_generator() -> None:
    np.random.seed(1)  # the global generator is what this is about
    before = np.random.get_state()
    trained(RunSpec(data=DataSpec(noise=0.2)), 30).evaluate()
    after = np.random.get_state()
    assert before[1].tobytes() == after[1].tobytes()
    assert before[2:] == after[2:]
