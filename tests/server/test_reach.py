"""What the page tells others to type."""

from __future__ import annotations

import pytest

from server import reach
from server.reach import address_for_others


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "::1", "localhost"])
def test_a_server_of_this_machine_alone_has_no_address_for_others(host: str) -> None:
    assert address_for_others(host, 8000) is None


@pytest.mark.parametrize(
    ("host", "address"),
    [("192.168.1.5", "http://192.168.1.5:8000"), ("fd00::5", "http://[fd00::5]:8000"), ("lab", "http://lab:8000")],
)
def test_an_address_that_is_listened_on_is_the_one_to_type(host: str, address: str) -> None:
    assert address_for_others(host, 8000) == address


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_that_listens_everywhere_names_its_place_in_the_network(
        host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "own_address", lambda: "10.0.0.7")
    assert address_for_others(host, 8000) == "http://10.0.0.7:8000"


def test_a_machine_without_a_network_has_no_address_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "own_address", lambda: None)
    assert address_for_others("0.0.0.0", 8000) is None
