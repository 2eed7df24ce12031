"""Exported scripts print what the network computes; weights are in the safetensors format."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from engine import DataSpec, DenseSpec, NetworkSpec, RunSpec, Trainer, TrainingSpec
from engine.activations import ACTIVATIONS
from engine.exports import CODE, SAMPLES, numpy_script, pytorch_archive, safetensors, tensors

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
PLAIN = RunSpec(
    network=NetworkSpec(hidden=tuple(DenseSpec(3, name) for name in HIDDEN)), training=TrainingSpec(learning_rate=0.001)
)
RICH = RunSpec(
    data=DataSpec(name="iris"),
    network=NetworkSpec(
        hidden=(DenseSpec(6, "leaky_relu", activation_options={"negative_slope": 0.2}, normalization="batch"),
                DenseSpec(6, "elu", normalization="layer", residual=True, dropout=0.2),
                DenseSpec(6, "gelu", residual=True, normalization="batch")),
        output_activation="softmax", loss="cross_entropy",
    ),
)  # fmt: skip
WIDE = RunSpec(
    data=DataSpec(name="circle", features=("x", "x2", "sin_y")),
    network=NetworkSpec(hidden=(DenseSpec(128, "relu"), DenseSpec(64, "silu"))),
    dtype="float32",
)
RUNS = {"every activation": PLAIN, "normalised, residual, softmax": RICH, "float32, in base64": WIDE}


def trained(run: RunSpec) -> Trainer:
    trainer = Trainer(run)
    for _ in range(30):
        trainer.step()
    return trainer


def printed(folder: Path, name: str) -> np.ndarray:
    result = subprocess.run([sys.executable, name], cwd=folder, capture_output=True, text=True, check=True)
    assert result.stderr == ""
    return np.array([[float(number) for number in line.split()] for line in result.stdout.splitlines()])


def expected(trainer: Trainer) -> np.ndarray:
    return trainer.network.forward(trainer.dataset.x_train[:SAMPLES])


def test_every_activation_has_its_code() -> None:
    assert set(CODE) == set(ACTIVATIONS)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_numpy_script_prints_the_networks_outputs(run: RunSpec, tmp_path: Path) -> None:
    trainer = trained(run)
    (tmp_path / "network.py").write_text(numpy_script(trainer), "utf-8")
    outputs = printed(tmp_path, "network.py")
    assert np.allclose(outputs, expected(trainer), rtol=1e-11 if run.dtype == "float64" else 1e-5, atol=1e-12)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_pytorch_code_prints_the_networks_outputs_where_pytorch_is(run: RunSpec, tmp_path: Path) -> None:
    trainer = trained(run)
    with zipfile.ZipFile(io.BytesIO(pytorch_archive(trainer))) as packed:
        assert packed.namelist() == ["network.py", "weights.safetensors"]
        packed.extractall(tmp_path)
    compile((tmp_path / "network.py").read_text("utf-8"), "network.py", "exec")
    if find_spec("torch"):
        outputs = printed(tmp_path, "network.py")
        assert np.allclose(outputs, expected(trainer), rtol=1e-10 if run.dtype == "float64" else 1e-5, atol=1e-12)


def read_safetensors(content: bytes) -> dict[str, np.ndarray]:
    """The format read by hand: the header's length, a header as JSON, and the numbers behind it."""
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__")
    kinds = {"F64": "<f8", "F32": "<f4"}
    found = {}
    for name, entry in header.items():
        start, stop = (8 + length + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(content[start:stop], kinds[entry["dtype"]]).reshape(entry["shape"])
    return found


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_a_fresh_network_with_the_archives_weights_gives_the_same_outputs_to_the_bit(run: RunSpec) -> None:
    trainer, fresh = trained(run), Trainer(replace(run, seed=run.seed + 1))
    with zipfile.ZipFile(io.BytesIO(pytorch_archive(trainer))) as packed:
        weights = read_safetensors(packed.read("weights.safetensors"))
    for name, parameter in fresh.network.parameters.items():
        parameter[...] = weights.pop(name)
    for name, statistics in weights.items():
        index, _, part = name.partition(".")
        span = fresh.network.plan.running_spans[int(index)]
        means, variances = fresh.network.arena.running[span].reshape(2, -1)
        (means if part == "mean" else variances)[:] = statistics
    x = trainer.dataset.x_train[:SAMPLES]
    assert np.array_equal(fresh.network.forward(x), trainer.network.forward(x))


def test_weights_are_written_by_the_rules_of_safetensors() -> None:
    trainer = trained(RICH)
    content = safetensors(tensors(trainer))
    (length,) = struct.unpack_from("<Q", content)
    assert length % 8 == 0
    header = json.loads(content[8 : 8 + length])
    assert header.pop("__metadata__") == {"format": "pt"}
    end = 0
    for name, entry in header.items():
        start, stop = entry["data_offsets"]
        assert start == end  # no gaps
        end = stop
        values = np.frombuffer(content[8 + length + start : 8 + length + stop], "<f8").reshape(entry["shape"])
        assert entry["dtype"] == "F64"
        assert np.array_equal(values, tensors(trainer)[name])
    assert 8 + length + end == len(content)
    assert {"0.weight", "0.scale", "0.mean", "0.variance", "3.bias"} <= set(header)
