"""A run outlives the page, the tab and the connection that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.instrument import Instrument


def bits(instrument: Instrument) -> tuple[Any, ...]:
    """All that a picture says of the run."""
    seen = instrument.read()
    return seen["step"], seen["loss"], [(layer["weights"], layer["gradients"]) for layer in seen["layers"]]


def test_a_reload_comes_back_to_the_same_run(instrument: Instrument) -> None:
    instrument.type_into(instrument.learning_rate, "0.1")
    instrument.take_steps(12)
    before = bits(instrument)
    instrument.page.reload()
    instrument.wait("b.framesDrawn >= 1 && b.step === 12")
    assert bits(instrument) == before
    assert instrument.spec["training"]["learning_rate"] == 0.1


def test_a_reload_while_it_plays_goes_on_playing(instrument: Instrument) -> None:
    instrument.play()
    instrument.wait("b.step >= 50")
    step = instrument.step
    instrument.page.reload()
    instrument.wait(f"b.status === 'playing' && b.step > {step}")


def test_the_link_opens_the_same_spec_afresh_and_gives_the_same_bits(
        instrument: Instrument, new_page: Callable[[], Instrument]) -> None:
    instrument.menu("Activation of layer 1").select_option("sigmoid")
    instrument.wait("b.spec.network.hidden[0].activation === 'sigmoid'")
    instrument.button("Add a layer after layer 2").click()
    instrument.wait("b.layers.length === 4")
    instrument.page.keyboard.press("r")
    instrument.wait("b.step === 0")
    instrument.take_steps(20)
    instrument.page.wait_for_function("() => /network.hidden=3.*sigmoid/.test(location.hash)")
    other = new_page().open(instrument.page.evaluate("location.hash"))
    assert other.spec == instrument.spec
    assert (other.step, other.read()["status"]) == (0, "paused")
    other.take_steps(20)
    assert bits(other) == bits(instrument)


def test_an_address_without_a_configuration_opens_the_default_run(instrument: Instrument) -> None:
    spec = instrument.spec
    assert spec["data"]["name"] == "circle"
    assert [layer["units"] for layer in spec["network"]["hidden"]] == [4, 2]


def test_a_duplicated_tab_watches_and_cannot_change(
        instrument: Instrument, new_page: Callable[[], Instrument]) -> None:
    with instrument.page.expect_popup() as opened:
        instrument.page.evaluate("void open(location.href)")
    watcher = Instrument(opened.value, instrument.address).drawn()
    expect(watcher.sentence).to_contain_text("watching")
    expect(watcher.button("Play")).to_be_disabled()
    instrument.play()
    watcher.wait("b.status === 'playing' && b.step > 20")


class Cut:
    """A way to the server that can be cut: the page's socket closes, and no other reaches the server until `mend()`."""

    def __init__(self, instrument: Instrument) -> None:
        self.open = True
        self.sockets: list[WebSocketRoute] = []
        instrument.page.route_web_socket("**/socket", self.pass_on)

    def pass_on(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        if self.open:
            socket.connect_to_server()
        else:
            socket.close(code=1001)

    def cut(self) -> None:
        self.open = False
        self.sockets[-1].close(code=1001)

    def mend(self) -> None:
        self.open = True


def test_a_cut_connection_is_said_and_the_paused_run_is_there_again(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page()
    connection = Cut(instrument)
    instrument.open().take_steps(5)
    before = bits(instrument)
    connection.cut()
    expect(instrument.sentence).to_contain_text("Reconnecting")
    connection.mend()
    instrument.wait("b.status === 'paused'")
    expect(instrument.sentence).not_to_contain_text("Reconnecting")
    assert bits(instrument) == before
    instrument.take_steps(1)


def test_a_run_that_plays_goes_on_after_its_connection_was_cut(new_page: Callable[[], Instrument]) -> None:
    instrument = new_page()
    connection = Cut(instrument)
    instrument.open().play()
    instrument.wait("b.step >= 20")
    connection.cut()
    expect(instrument.sentence).to_contain_text("Reconnecting")
    step = instrument.step
    connection.mend()
    instrument.wait(f"b.status === 'playing' && b.step > {step}")
