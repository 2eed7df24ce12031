"""What makes no sense is refused by field and rule, and changes nothing."""

import pytest

from engine import DenseSpec, NetworkSpec, RunSpec
from server import messages
from tests.server.sessions import refused, session, train

LIMITED = RunSpec(network=NetworkSpec(hidden=(DenseSpec(1),) * 64))


RATE = "training.learning_rate"
ACTIVATION = "network.hidden.*.activation"
PLACE = {"lane": 0, "layer": 1, "tensor": "weight", "value": 1.0}


@pytest.mark.parametrize(
    ("command", "fields", "field"),
    [
        (messages.Patch, {"lane": 0, "changes": {RATE: -1}}, RATE),
        (messages.Patch, {"lane": 0, "changes": {RATE: float("nan")}}, RATE),
        (messages.Patch, {"lane": 0, "changes": {RATE: float("inf")}}, RATE),
        (messages.Patch, {"lane": 0, "changes": {RATE: "abc"}}, RATE),
        (messages.Patch, {"lane": 0, "changes": {ACTIVATION: "spam"}}, "network.hidden.0.activation"),
        (messages.Patch, {"lane": 0, "changes": {"nonsense.path": 1}}, "nonsense.path"),
        (messages.Patch, {"lane": 1, "changes": {RATE: 0.1}}, "lane"),
        (messages.AddLayer, {"lane": 0, "index": 3}, "index"),
        (messages.AddLayer, {"lane": 0, "index": 0, "units": 129}, "units"),
        (messages.RemoveLayer, {"lane": 0, "layer": 0}, "layer"),
        (messages.RemoveLayer, {"lane": 0, "layer": 9}, "layer"),
        (messages.AddUnit, {"lane": 2, "layer": 1}, "lane"),
        (messages.RemoveUnit, {"lane": 0, "layer": 1, "unit": 9}, "unit"),
        (messages.NewSeed, {"seed": 2**40}, "seed"),
        (messages.SetParameter, PLACE | {"layer": 7, "index": (0, 0)}, "layer"),
        (messages.SetParameter, PLACE | {"index": (0,)}, "index"),
        (messages.SetParameter, PLACE | {"index": (2, 0)}, "index"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field_and_changes_nothing(command, fields, field) -> None:  # type: ignore[no-untyped-def]
    target = session()
    train(target, 2)
    answer = refused(target, command, **fields)
    assert (answer.code, answer.field) == ("invalid", field)
    assert answer.message.startswith(field)
    assert " refused: " in answer.message
    assert answer.to_json(1)


def test_a_65th_layer_is_refused() -> None:
    target = session(RunSpec(network=NetworkSpec(hidden=(DenseSpec(1),) * 64)))
    answer = refused(target, messages.AddLayer, lane=0, index=0)
    assert answer.field == "network.hidden"
    assert "64" in answer.message


def test_a_typed_number_beyond_float32_is_refused_where_that_is_the_precision() -> None:
    target = session(RunSpec(dtype="float32"))
    answer = refused(target, messages.SetParameter, lane=0, layer=1, tensor="bias", index=(0,), value=1e39)
    assert answer.message == "value 1e+39 refused: must be a number that float32 can hold"


def test_a_series_of_a_lane_that_is_not_there_is_refused() -> None:
    request = messages.Series(id=1, lane=1, series="steps", timeline=1, from_step=0, limit=1)
    with pytest.raises(messages.MessageError, match="lane 1 refused: must be below 1"):
        session().series(request)
