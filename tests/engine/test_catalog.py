"""The page learns of every table, limit and field of the engine through the catalog alone."""

import json
from typing import Any

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.catalog import catalog
from engine.checks import SpecError
from engine.data.features import FEATURES
from engine.data.table import DATASETS
from engine.fields import FIELDS
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.normalizations import NORMALIZATIONS
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES
from engine.spec import RunSpec

TABLES = {
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "optimizers": OPTIMIZERS,
    "initializers": INITIALIZERS,
    "datasets": DATASETS,
    "features": FEATURES,
    "schedules": SCHEDULES,
    "normalizations": NORMALIZATIONS,
}


def test_the_catalog_is_plain_json() -> None:
    assert json.loads(json.dumps(catalog(), allow_nan=False)) == catalog()


@pytest.mark.parametrize("table", TABLES)
def test_every_entry_of_every_table_is_in_the_catalog_in_order_and_with_a_title(table: str) -> None:
    entries = catalog()[table]
    assert list(entries) == list(TABLES[table])
    assert all(entry["title"] for entry in entries.values())
    assert all(entry["help"].endswith(".") for entry in entries.values() if "help" in entry)


def test_the_defaults_are_the_default_run() -> None:
    assert RunSpec.from_dict(catalog()["defaults"]) == RunSpec()


def numeric_paths(values: dict[str, Any], path: str = "") -> set[str]:
    """Paths of all fields that are numbers, or None for a number that is off, with "*" for the layers."""
    found = set()
    for name, value in values.items():
        place = f"{path}.{name}" if path else name
        if name == "hidden":
            found |= numeric_paths(value[0], f"{place}.*")
        elif isinstance(value, dict):
            found |= numeric_paths(value, place)
        elif value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
            found.add(place)
    return found - {"version"}


def test_every_numeric_field_of_the_spec_is_explained() -> None:
    assert set(catalog()["fields"]) == numeric_paths(RunSpec().to_dict()) == set(FIELDS)
    for number in FIELDS.values():
        assert number.help.endswith(".")


@pytest.mark.parametrize("path", FIELDS)
def test_the_range_that_the_catalog_gives_is_the_one_that_the_spec_keeps(path: str) -> None:
    field = catalog()["fields"][path]
    for value, refused in ((field["maximum"], False), (field["maximum"] + 1, True), (field["minimum"] - 1, True)):
        values: dict[str, Any] = RunSpec().to_dict()
        inner: Any = values
        *parents, name = path.replace("*", "0").split(".")
        for part in parents:
            inner = inner[int(part)] if isinstance(inner, list) else inner[part]
        inner[name] = value
        if name == "label_smoothing":  # for probabilities alone
            values["network"] |= {"loss": "binary_cross_entropy", "output_activation": "sigmoid"}
        if refused:
            with pytest.raises(SpecError) as caught:
                RunSpec.from_dict(values)
            assert caught.value.field == path.replace("*", "0")
        else:
            RunSpec.from_dict(values)


def test_every_term_is_explained_in_one_sentence() -> None:
    for term, sentence in catalog()["glossary"].items():
        assert sentence.endswith("."), term
        assert ". " not in sentence.replace("et al. ", ""), term


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_has_a_thumbnail(name: str) -> None:
    entry = catalog()["datasets"][name]
    thumbnail = entry["thumbnail"]
    if entry["image"]:
        assert np.shape(thumbnail) == (16, 16)
        assert (np.min(thumbnail), np.max(thumbnail)) == (0, 1)
    else:
        assert len(thumbnail) == 60
        assert all(len(point) == 3 and max(abs(point[0]), abs(point[1])) <= 6 for point in thumbnail)
        if entry["task"] == "classification":
            assert {label for _, _, label in thumbnail} == set(range(len(entry["classes"])))
