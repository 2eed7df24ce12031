"""Writes the golden messages: run `python -m tests.golden.make` after a change of the wire, and look at what changed.

The Python tests compare the codec with these files, the JavaScript tests read them; so both sides agree on one text.
`<name>.bin` is a binary message and `<name>.json` says what it holds: the header's fields, and each section's type and
entries. `commands.json`, `refused.json` and `events.json` hold text messages. All numbers are made up by hand and exact
in float32; the network is small: two inputs, a hidden layer of two units, one output.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from server import codec, messages
from server.pictures import Data, Frame, Maps, Picture, Rows

HERE = Path(__file__).parent
PARAMETERS = (0.5, -1.25, 2.0, 0.125, -0.75, 0.0, 1.5, -3.0, 0.25)
INPUTS = ((1.0, -2.0, 0.5), (0.25, 4.0, -1.5))
PRE_ACTIVATIONS = ((0.25, 7.0, -3.5), (-1.5, 3.0, -0.75), (2.5, -8.0, 1.0))
ACTIVATIONS = ((0.25, 1.0, -1.0), (-0.875, 1.0, -0.625), (1.0, -1.0, 0.75))
DELTAS = ((0.5, -0.25, 0.0), (0.125, 0.0, -0.0625), (-1.5, 0.75, 0.25))
NORMS = ((0.25, 1.0), (0.5, 2.0), (1.25, 2.5), (0.015625, 0.0625))


def frame(scale: float = 1.0) -> Frame:
    """The frame of a 2-2-1 network; gradients, updates and deltas of its hidden layer times `scale`."""
    hidden = np.array([scale] * 6 + [1.0] * 3)
    norms = np.array(NORMS)
    norms[[0, 1, 3], 0] *= scale
    sections: dict[str, Any] = {
        "parameters": np.array(PARAMETERS),
        "gradients": np.array([-4.0, 3.5, -3.0, 2.5, -2.0, 1.5, -1.0, 0.5, 0.25]) * hidden,
        "updates": np.array([0.125, -0.25, 0.375, -0.5, 0.625, -0.75, 0.875, -1.0, 1.125]) * hidden,
        "inputs": np.array(INPUTS),
        "activations": np.array(ACTIVATIONS),
        "deltas": np.array(DELTAS) * np.array([[scale], [scale], [1.0]]),
        "pre_activations": np.array(PRE_ACTIVATIONS),
        "targets": np.array([[1.0, -1.0, 1.0]]),
        "norms": norms,
        "unit_deltas": np.array([0.375, 0.09375, 1.0]) * np.array([scale, scale, 1.0]),
        "samples": np.array([7, 0, 249]),
    }
    return Frame(
        lane=0, revision=3, timeline=2, step=41, epoch=1.640625, loss=0.4375, batch=3, norms=norms,
        layer_parameters=(6, 3), layer_units=(2, 1), sections=sections,
    )  # fmt: skip


def maps(**sections: Any) -> Maps:
    return Maps(lane=0, revision=3, timeline=2, step=41, sections=sections)


def rows(spans: tuple[int, ...], more: bool) -> Rows:
    """Three columns: loss and two norms; one of them as small as float64 allows a deep network's to be."""
    mean = np.array([[1.5, 2.0**-200, 0.25], [1.25, 2.0**-201, 0.5], [1.0, 2.0**-202, 1.0]])
    spread = (np.array(spans) - 1.0)[:, np.newaxis] * np.array([0.125, 2.0**-203, 0.0625])
    begins = np.concatenate([[8.0], 8.0 + np.cumsum(spans)[:-1]])
    return Rows(
        lane=0, revision=3, timeline=2, next_step=8 + sum(spans), more=more, from_step=begins,
        spans=np.array(spans, dtype=np.uint32), mean=mean, minimum=mean - spread, maximum=mean + spread,
    )  # fmt: skip


def binaries() -> dict[str, bytes]:
    """Name -> message."""
    plain = frame()
    plane = maps(
        grid=np.arange(16, dtype=np.uint8).reshape(1, 4, 4) * 17,
        grid_scale=np.array([[-1.0, 1.0]]),
        unit_maps=np.arange(12, dtype=np.uint8).reshape(3, 2, 2) * 20,
        unit_scales=np.array([[-1.0, 1.0], [-1.0, 1.0]]),
        unit_spread=np.array([0.5, 0.0, 0.75]),
    )
    curve = maps(grid=np.array([[[-0.5, 0.25, 1.5, 3.0]]]), unit_spread=np.array([0.5, 0.0, 0.75]))
    samples = maps(predictions=np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]]))
    part = Frame(
        lane=1, revision=1, timeline=1, step=0, epoch=0.0, loss=0.5, batch=3, norms=plain.norms,
        layer_parameters=(6, 3), layer_units=(2, 1),
        sections={name: plain.sections[name] for name in ("parameters", "norms")},
    )  # fmt: skip
    telemetry = replace(plain, sections={
        "stations": np.array([[1.0, 1.0, 2.0**-200, 2.0**-200, 2.0**-202, 2.0**-202]]),
        "chi": np.array([-1.0]),
        "shares": np.array([[0.25, -1.0], [-1.0, -1.0]]),
        "histograms": np.arange(5 * 2 * 25).reshape(5, 2, 25) % 7,
        "histogram_axes": np.array([[-2.0, 2.0, 0.0], [-1.0, 1.0, 0.0], [-62.0, 0.0, 1.0], [-5.0, 5.0, 0.0],
                                    [-61.0, 1.0, 1.0]]),
        "singular_values": np.array([1.5, 0.25, 2.0**-200]),
    })  # fmt: skip
    data = Data(
        lane=0, version=5, timeline=2, points=np.array([[1.0, -2.0], [0.25, 4.0], [-6.0, 6.0]]),
        labels=np.array([0.0, 1.0, 1.0]), split=np.array([0, 0, 1], dtype=np.uint8),
    )  # fmt: skip
    own_data = messages.UseOwnData(
        id=24, lane=0, inputs=("Größe", "weight"), classes=("no", "yes"), gesture="g2",
        ranges=((-6.5, 6.5), (-0.25, 4.75)),
        points=np.array([[1.0, -2.0], [0.25, 4.0], [-6.0, 6.0]], "<f4").tobytes(),
        labels=np.array([0.0, 1.0, 1.0], "<f4").tobytes(),
    )  # fmt: skip
    shown = Picture(number=12, command=9, frames=(plain,), maps=(plane,))
    return {
        "frame": codec.encode_picture(shown)[0],
        "frame_scaled": codec.encode_picture(Picture(number=13, command=9, frames=(frame(2.0**-200),)))[0],
        "frame_telemetry": codec.encode_picture(Picture(number=17, command=9, frames=(telemetry,)))[0],
        "frame_part": codec.encode_picture(Picture(number=14, command=0, frames=(plain, part)))[1],
        "maps_plane": codec.encode_picture(shown)[1],
        "maps_curve": codec.encode_picture(Picture(number=15, command=9, frames=(), maps=(curve,)))[0],
        "maps_samples": codec.encode_picture(Picture(number=16, command=9, frames=(), maps=(samples,)))[0],
        "data": codec.encode_data(data),
        "own_data": codec.encode_own_data(own_data),
        "open_file": codec.encode_open_file(messages.OpenFile(id=28, file=b"PK\x03\x04 and so on")),
        "file": codec.encode_file("backflow-circle-390.backflow", b"PK\x03\x04 and so on", command=27),
        "series_exact": codec.encode_rows(rows((1, 1, 1), more=False), command=21),
        "series_buckets": codec.encode_rows(rows((4, 2, 1), more=True), command=22),
    }


def described(message: bytes) -> dict[str, Any]:
    """What a binary message holds, as JSON."""
    decoded = codec.decode(message)
    kinds = {"u1": "u8", "u4": "u32", "f4": "f32", "f8": "f64"}
    sections = {
        name: {"type": kinds[array.dtype.str[1:]], "values": array.tolist()} for name, array in decoded.sections.items()
    }
    header = {name: getattr(decoded, name) for name in decoded.__slots__ if name != "sections"}
    return {"bytes": len(message)} | header | {"sections": sections}


COMMANDS: list[dict[str, Any]] = [
    {"type": "hello", "id": 1, "version": 1, "token": None},
    {"type": "hello", "id": 1, "version": 1, "token": "t0k3n", "spec": {"version": 1, "seed": 7}},
    {"type": "play", "id": 2},
    {"type": "pause", "id": 3},
    {"type": "step", "id": 4, "count": 10},
    {"type": "pace", "id": 5, "steps_per_second": 240},
    {"type": "pace", "id": 6, "steps_per_second": None},
    {"type": "reset", "id": 7},
    {"type": "new_seed", "id": 8},
    {"type": "new_seed", "id": 9, "seed": 12},
    {"type": "open", "id": 10, "spec": {"version": 1, "seed": 7}},
    {"type": "patch", "id": 11, "lane": 0, "changes": {"training.learning_rate": 0.1}, "gesture": "g1"},
    {"type": "patch", "id": 11, "lane": "all", "changes": {"training.learning_rate": 0.1}},
    {"type": "compare", "id": 23, "lane": 0, "changes": {"network.hidden.*.activation": "sigmoid"}, "layers": 6},
    {"type": "compare", "id": 23, "lane": 0, "changes": {"training.optimizer": "adam"}, "start": "here"},
    {"type": "remove_lane", "id": 24, "lane": 1},
    {"type": "patch", "id": 11, "lane": 0, "changes": {"training.clip_norm": 1}, "restart": True},
    {"type": "add_layer", "id": 12, "lane": 0, "index": 1, "units": 3},
    {"type": "remove_layer", "id": 13, "lane": 0, "layer": 2},
    {"type": "add_unit", "id": 14, "lane": 0, "layer": 1},
    {"type": "remove_unit", "id": 15, "lane": 0, "layer": 1, "unit": 4},
    {"type": "set_parameter", "id": 16, "lane": 0, "layer": 1, "tensor": "weight", "index": [0, 1], "value": -0.5},
    {"type": "set_parameter", "id": 17, "lane": 0, "layer": 0, "tensor": "bias", "index": [0], "value": 2},
    {"type": "set_parameter", "id": 23, "lane": 0, "layer": 1, "tensor": "scale", "index": [1], "value": 0.25},
    {"type": "undo", "id": 18},
    {"type": "redo", "id": 19},
    {"type": "subscribe", "id": 20, "sections": ["parameters", "norms"], "maps": True, "unit_maps": False},
    {"type": "series", "id": 21, "lane": 0, "series": "steps", "timeline": 2, "from": 8, "limit": 1024},
    {"type": "ack", "id": 22, "picture": 12},
    {"type": "look", "id": 23, "step": 120},
    {"type": "look", "id": 24, "step": None},
    {"type": "continue", "id": 25},
    {"type": "take_branch", "id": 26, "branch": 2},
    {"type": "export", "id": 27, "what": "run"},
    {"type": "inspect", "id": 28, "lane": 0, "kind": "weight", "layer": 1, "unit": 2, "from": 0, "stage": None,
     "sample": 3, "check": True},
    {"type": "inspect", "id": 29, "lane": 0, "kind": "walk", "layer": None, "unit": None, "from": None, "stage": 4,
     "sample": None, "check": False},
]

REFUSED: list[dict[str, Any]] = [
    {"text": "nonsense", "code": "malformed", "command": 0, "field": None},
    {"text": "[1, 2]", "code": "malformed", "command": 0, "field": None},
    {"text": '{"id": 3}', "code": "unknown_type", "command": 3, "field": "type"},
    {"text": '{"type": "explode", "id": 3}', "code": "unknown_type", "command": 3, "field": "type"},
    {"text": '{"type": "play", "id": 0}', "code": "invalid", "command": 0, "field": "id"},
    {"text": '{"type": "play"}', "code": "malformed", "command": 0, "field": "id"},
    {"text": '{"type": "play", "id": 4, "speed": 2}', "code": "malformed", "command": 4, "field": "speed"},
    {"text": '{"type": "own_data", "id": 4, "lane": 0, "inputs": ["x"], "classes": [], "points": [1], "labels": [1]}',
     "code": "invalid", "command": 4, "field": "points"},
    {"text": '{"type": "step", "id": 4, "count": 10001}', "code": "invalid", "command": 4, "field": "count"},
    {"text": '{"type": "step", "id": 4, "count": true}', "code": "invalid", "command": 4, "field": "count"},
    {"text": '{"type": "pace", "id": 4, "steps_per_second": "abc"}', "code": "invalid", "command": 4,
     "field": "steps_per_second"},
    {"text": '{"type": "set_parameter", "id": 4, "lane": 0, "layer": 1, "tensor": "weight", "index": [0, 0], '
             '"value": 1e400}', "code": "invalid", "command": 4, "field": "value"},
    {"text": '{"type": "open", "id": 4, "spec": {"version": 1, "training": {"learning_rate": -1}}}', "code": "invalid",
     "command": 4, "field": "training.learning_rate"},
]  # fmt: skip


def norms(*values: float | None) -> Any:
    """Of one layer of an autopsy."""
    names = ("pre_activation", "activation", "delta", "gradient", "weight", "update")
    return dict(zip(names, values, strict=True))


LAYOUT = messages.Layout(
    lane=0, revision=3, timeline=2, from_step=0, past=False, inputs=["x", "y"], parameters=9, units=3,
    layers=[
        {"id": 1, "kind": "dense", "role": "hidden", "units": 2, "unit_ids": [1, 4], "fan_in": 2, "activation": "tanh",
         "activation_options": {}, "normalization": "none", "dropout": 0.0, "residual": False, "weight": 0, "bias": 4,
         "scale": None, "shift": None, "unit": 0},
        {"id": 0, "kind": "dense", "role": "output", "units": 1, "unit_ids": [1], "fan_in": 2, "activation": "tanh",
         "activation_options": {}, "normalization": "none", "dropout": 0.0, "residual": False, "weight": 6, "bias": 8,
         "scale": None, "shift": None, "unit": 2},
    ],
    data={"version": 5, "name": "circle", "task": "classification", "classes": ["-1", "+1"], "inputs": ["x", "y"],
          "samples": 500, "train": 250, "test": 250, "batches": 25},
    maps={"form": "plane", "grid": [64, 64], "unit": [24, 24], "x": [-6.0, 6.0], "y": [-6.0, 6.0]},
    series={"steps": ["loss", "delta_rms.1", "delta_rms.0", "gradient_rms.1", "gradient_rms.0", "weight_rms.1",
                      "weight_rms.0", "update_rms.1", "update_rms.0"],
            "evaluations": ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]},
)  # fmt: skip

EVENTS: list[messages.Event] = [
    messages.Welcome(server="0.1.0", token="t0k3n", role="controller", resumed=False),
    messages.Spec(lane=0, spec={"version": 1, "seed": 7}, step=41),
    LAYOUT,
    messages.Status(
        state="playing", pace=240.0, steps_per_second=239.5, step=41, epoch=1.64, undo="learning rate 0.03 → 0.1",
        redo=None, lanes=2, watchers=2,
    ),
    messages.Status(
        state="paused", pace=None, steps_per_second=0.0, step=5000, epoch=200.0, undo=None, redo=None, looking=120,
        replay={"from_step": 100, "step": 110, "target": 130},
    ),
    messages.Marks(earliest=0, marks=[{"step": 120, "label": "Learning rate 0.03 → 0.1"}], begins=[0, 120]),
    messages.Branches(
        branches=[{"id": 2, "name": "Add layer 2 at step 130", "from_step": 120, "step": 5000, "steps": [0.0, 64.0],
                   "losses": [0.5, 0.25]}],
    ),
    messages.Evaluation(
        lane=0, step=41,
        train={"loss": 0.25, "accuracy": 0.875, "confusion": [[120, 5], [20, 105]], "r_squared": None},
        test={"loss": 0.5, "accuracy": 0.75, "confusion": [[100, 25], [37, 88]], "r_squared": None},
        saturated=[0.125, None, 0.0], dead=[None, 0.5, None],
    ),
    messages.Evaluation(
        lane=0, step=41, train={"loss": 0.25, "accuracy": None, "confusion": None, "r_squared": 0.875},
        test={"loss": 0.5, "accuracy": None, "confusion": None, "r_squared": None},
        saturated=[None], dead=[None],
    ),
    messages.Applied(command=11, step=41, revision=3, label="learning rate 0.03 → 0.1"),
    messages.Rejected(
        command=11, code="invalid", field="training.learning_rate", value=-1,
        message="training.learning_rate -1 refused: must be above 0",
    ),
    messages.Diverged(
        lane=0, step=42, layer=0, layer_id=1, tensor="0.weight gradient",
        message="Step 42: the numbers overflowed in the gradient of the weights of layer 1. "
        "Nothing of that step was kept.",
    ),
    messages.Autopsy(
        lane=0, step=42, layer=0, layer_id=1, tensor="weight gradient",
        finite={"step": 40, "layers": [norms(0.5, 0.25, 1e200, 1e150, 2.5, 1e148), norms(4, 1, 0.125, 0.5, 1.5, 1)]},
        overflowed={"step": 41, "layers": [norms(1e160, 1, None, None, 1e148, None), norms(8, 1, 2, 1, 2, 0.25)]},
        steps=[{"step": 39, "loss": 0.5, "delta": [1e100, 0.125], "gradient": [1e75, 0.0625], "weight": [2.5, 1.5]}],
    ),
    messages.Verdicts(lane=0, step=50, verdicts=[{
        "name": "vanishing", "layers": [1], "since": 25, "numbers": {"ratio": 0.0001875},
        "sentence": "Vanishing gradients since step 25: layer 1 gets 1/5,300 of layer 6’s error signal.",
        "why": "Each layer passes on 0.18 of it.", "source": "common practice; SageMaker Debugger",
        "cures": [{"cure": "tanh", "title": "Tanh in every hidden layer", "short": "tanh", "way": "keep",
                   "changes": {"network.hidden.*.activation": "tanh"}}],
    }]),
    messages.Inspection(
        command=28, lane=0, revision=1, timeline=1, step=3, batch=4, sample=3, sample_index=17,
        subject={"kind": "weight", "layer": 1, "unit": 2, "from": 0}, stage=None, stages=[],
        title="Weight from input x to unit 2 of layer 1", sentence="Its gradient.",
        blocks=[{
            "title": "Gradient", "text": "A sum over the batch.",
            "equations": [{"symbols": r"g = \sum_b x_i\,\delta_j", "numbers": r"g = 0.5 \cdot 0.25 = 0.125",
                           "value": 0.125, "link": None, "note": ""}],
            "terms": {"heading": r"\sum_b x_i\,\delta_j", "columns": ["x_i", r"\delta_j", r"x_i\,\delta_j"],
                      "rows": [[0.5, 0.25, 0.125]], "labels": ["sample 17"],
                      "links": [{"kind": "unit", "layer": 0, "unit": 1, "from": None}], "highlighted": 0, "sum": 0.125},
        }],
        plot={"title": "Tanh and its slope", "z": [-1.0, 1.0], "value": [-0.75, 0.75], "slope": [0.5, 0.5],
              "at": {"z": 0.0, "value": 0.0, "slope": 1.0}},
        distribution=None,
        check={"epsilon": 0.5, "parameter": 0.25, "loss_above": 0.75, "loss_below": 0.625, "numeric": 0.125,
               "analytic": 0.125, "relative_error": 0.0},
    ),
    messages.Stopped(
        lane=0, step=40, message="Paused at step 40: the test loss has not fallen below 0.012 for 5 epochs."
    ),
    messages.Notice(message="The run goes on from step 390."),
    messages.Restarted(step=40, message="The engine process was lost; the run goes on from step 40."),
    messages.Closed(code="version", message="The page speaks version 2 of the wire and this server version 1."),
]  # fmt: skip


def files() -> dict[str, bytes]:
    """File name -> content, of every golden file."""
    result: dict[str, bytes] = {}
    for name, message in binaries().items():
        result[f"{name}.bin"] = message
        result[f"{name}.json"] = _json(described(message))
    result["commands.json"] = _json(COMMANDS)
    result["refused.json"] = _json(REFUSED)
    events = [_line(json.loads(event.to_json(seq))) for seq, event in enumerate(EVENTS, start=1)]
    result["events.json"] = ("[\n" + ",\n".join(events) + "\n]\n").encode()
    return result


def _line(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    for name, content in files().items():
        (HERE / name).write_bytes(content)
