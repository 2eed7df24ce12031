"""A network as code that others run without this engine: a NumPy script, and PyTorch code with its weights.

Both compute what the network computes in evaluation, from its inputs (the features) on:

    u = a_prev @ W + b     z = γ (u − μ) / √(σ² + ε) + β     a = f(z) [+ a_prev]

each part only where a layer has it. The weights of the NumPy script are in the script; those of the PyTorch code lie
beside it as safetensors: eight bytes that hold the length of a JSON header, the header, and the numbers.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.activations import ACTIVATIONS
from engine.kernels import Array
from engine.normalizations import EPSILON
from engine.trainer import Trainer

WRITTEN_OUT: Final = 4_096
"""Networks of more parameters have them in base64, which is shorter and no less exact."""
SAMPLES: Final = 8

CODE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "linear": ("z", "z"),
    "sigmoid": ("0.5 * (1 + np.tanh(0.5 * z))", "torch.sigmoid(z)"),
    "tanh": ("np.tanh(z)", "torch.tanh(z)"),
    "relu": ("np.maximum(z, 0)", "torch.relu(z)"),
    "leaky_relu": ("np.where(z > 0, z, {negative_slope} * z)", "torch.where(z > 0, z, {negative_slope} * z)"),
    "elu": ("np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
            "torch.where(z > 0, z, {alpha} * torch.expm1(torch.clamp(z, max=0)))"),
    "gelu": ("0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))",
             'torch.nn.functional.gelu(z, approximate="tanh")'),
    "silu": ("z * 0.5 * (1 + np.tanh(0.5 * z))", "torch.nn.functional.silu(z)"),
    "softplus": ("np.logaddexp(0, z)", "torch.logaddexp(z, torch.zeros_like(z))"),
    "mish": ("z * np.tanh(np.logaddexp(0, z))", "z * torch.tanh(torch.logaddexp(z, torch.zeros_like(z)))"),
    "hard_sigmoid": ("np.clip(z / 6 + 0.5, 0, 1)", "torch.clamp(z / 6 + 0.5, 0, 1)"),
    "hard_tanh": ("np.clip(z, -1, 1)", "torch.clamp(z, -1, 1)"),
    "sine": ("np.sin(z)", "torch.sin(z)"),
    "gaussian": ("np.exp(-z * z)", "torch.exp(-z * z)"),
    "step": ("(z > 0).astype(z.dtype)", "(z > 0).to(z.dtype)"),
    "softmax": ("np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum("
                "axis=1, keepdims=True)", "torch.softmax(z, dim=1)"),
})
"""Each activation in NumPy and in PyTorch, of pre-activations z (samples, units)."""


def numpy_script(trainer: Trainer) -> str:
    """A script that computes the network and prints its outputs for a few samples."""
    samples = trainer.dataset.x_train[:SAMPLES].astype(trainer.run.dtype)
    lines = [
        '"""A network that was trained in Backflow. It needs NumPy alone; `predict` takes its inputs, a row a sample:',
        f'{", ".join(_inputs(trainer))}."""',
        "",
        "import base64",
        "",
        "import numpy as np",
        "",
        f'DTYPE = "{trainer.run.dtype}"',
    ]
    small = trainer.network.plan.size <= WRITTEN_OUT
    lines += [f"{_constant(name)} = {_written(array, small)}" for name, array in tensors(trainer).items()]
    lines += ["", "", "def predict(inputs):", "    a = np.asarray(inputs, DTYPE)"]
    lines += [f"    {line}" for line in _layers(trainer, 0, "np.sqrt", "axis=1, keepdims=True", _constant)]
    lines += ["    return a", "", "", 'if __name__ == "__main__":', f"    samples = {_written(samples, True)}"]
    lines += ["    for row in predict(samples):", '        print(" ".join(repr(float(number)) for number in row))', ""]
    return "\n".join(lines)


def pytorch_archive(trainer: Trainer) -> bytes:
    """A zip of network.py and weights.safetensors."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("network.py", pytorch_code(trainer))
        packed.writestr("weights.safetensors", safetensors(tensors(trainer)))
    return archive.getvalue()


def pytorch_code(trainer: Trainer) -> str:
    """A module with the network, its weights read from the file beside it; run, it prints outputs for a few samples."""
    samples = trainer.dataset.x_train[:SAMPLES]
    dtype = f"torch.{trainer.run.dtype}"
    return "\n".join([
        '"""A network that was trained in Backflow. Its inputs, a row a sample:',
        f'{", ".join(_inputs(trainer))}."""',
        "",
        "import json",
        "import struct",
        "from pathlib import Path",
        "",
        "import torch",
        "",
        'WEIGHTS = Path(__file__).with_name("weights.safetensors")',
        "",
        "",
        "def read_safetensors(path):",
        "    data = bytearray(path.read_bytes())",
        '    (length,) = struct.unpack_from("<Q", data)',
        "    header = json.loads(data[8 : 8 + length])",
        "    tensors = {}",
        "    for name, entry in header.items():",
        '        if name == "__metadata__":',
        "            continue",
        '        start, end = (8 + length + offset for offset in entry["data_offsets"])',
        '        kind = {"F64": torch.float64, "F32": torch.float32}[entry["dtype"]]',
        '        tensors[name] = torch.frombuffer(data[start:end], dtype=kind).reshape(entry["shape"])',
        "    return tensors",
        "",
        "",
        "class Network(torch.nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        "        for name, tensor in read_safetensors(WEIGHTS).items():",
        "            layer, part = name.split('.')",
        '            if part in ("mean", "variance"):',
        '                self.register_buffer(f"{part}_{layer}", tensor)',
        "            else:",
        '                self.register_parameter(f"{part}_{layer}", torch.nn.Parameter(tensor))',
        "",
        "    def forward(self, a):",
        *(f"        {line}" for line in _layers(trainer, 1, "torch.sqrt", "dim=1, keepdim=True", _attribute)),
        "        return a",
        "",
        "",
        'if __name__ == "__main__":',
        f"    samples = torch.tensor({samples.tolist()}, dtype={dtype})",
        "    with torch.no_grad():",
        "        for row in Network().eval()(samples):",
        '            print(" ".join(repr(float(number)) for number in row))',
        "",
    ])


def safetensors(named: Mapping[str, Array]) -> bytes:
    """Tensors in the safetensors format (Hugging Face): length of the header, header, numbers without gaps."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset, parts = 0, []
    for name, array in named.items():
        data = np.ascontiguousarray(array).tobytes()
        kind = {"float64": "F64", "float32": "F32"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
        parts.append(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers are aligned
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def tensors(trainer: Trainer) -> dict[str, Array]:
    """Everything that evaluation reads: "0.weight" (fan_in, units), "0.bias", ..., "0.mean" and "0.variance"."""
    found = {name: np.array(array) for name, array in trainer.network.parameters.items()}
    plan = trainer.network.plan
    for index, layer in enumerate(trainer.network.layers):
        if layer.normalization == "batch":
            rows = trainer.network.arena.running[plan.running_spans[index]].reshape(2, layer.units)
            found[f"{index}.mean"], found[f"{index}.variance"] = rows[0].copy(), rows[1].copy()
    return found


def _layers(trainer: Trainer, side: int, root: str, over_units: str, name: Callable[[str], str]) -> Iterator[str]:
    """The lines that compute the layers, one after the other."""
    for index, layer in enumerate(trainer.network.layers):
        part = {key: name(f"{index}.{key}") for key in ("weight", "bias", "scale", "shift", "mean", "variance")}
        yield f"# layer {index + 1}: {layer.units} {ACTIVATIONS[layer.activation].title}"
        yield f"z = a @ {part['weight']} + {part['bias']}"
        if layer.normalization == "batch":
            yield f"z = (z - {part['mean']}) / {root}({part['variance']} + {EPSILON!r})"
        if layer.normalization == "layer":
            yield f"z = z - z.mean({over_units})"
            yield f"z = z / {root}((z * z).mean({over_units}) + {EPSILON!r})"
        if layer.normalization != "none":
            yield f"z = {part['scale']} * z + {part['shift']}"
        options = ACTIVATIONS[layer.activation].complete(layer.activation_options)
        value = CODE[layer.activation][side].format(**{key: repr(option) for key, option in options.items()})
        yield f"a = a + {value}" if layer.residual else f"a = {value}"


def _inputs(trainer: Trainer) -> tuple[str, ...]:
    return tuple(trainer.run.data.inputs)


def _constant(name: str) -> str:
    index, _, part = name.partition(".")
    return f"{part.upper()}_{index}"


def _attribute(name: str) -> str:
    index, _, part = name.partition(".")
    return f"self.{part}_{index}"


def _written(array: Array, small: bool) -> str:
    if small:
        return f"np.array({array.tolist()}, DTYPE)"
    text = base64.b64encode(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()).decode()
    shape = ", ".join(map(str, array.shape))
    kind = array.dtype.newbyteorder("<").str
    return f'np.frombuffer(base64.b64decode("{text}"), "{kind}").reshape({shape})'
