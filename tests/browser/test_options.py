"""What the engine's tables offer can be chosen in the page, with its options, and is put around a layer in its card."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.instrument import Instrument


def test_every_optimizer_schedule_and_loss_can_be_chosen_and_trains(instrument: Instrument) -> None:
    for name, path in (("Optimizer", "optimizer"), ("Schedule", "schedule")):
        entries = instrument.page.evaluate(
            "async (table) => Object.keys((await (await fetch('/api/catalog')).json())[table])", f"{path}s"
        )
        for entry in entries:
            instrument.menu(name).select_option(entry)
            instrument.wait(f"b.spec.training.{path} === '{entry}'")
            instrument.take_steps(1)
    assert instrument.read()["status"] == "paused"


def test_the_options_of_what_is_chosen_are_shown_and_taken(instrument: Instrument) -> None:
    length = instrument.entry("Cosine: length")
    expect(length).to_be_hidden()
    instrument.menu("Schedule").select_option("cosine")
    expect(length).to_be_visible()
    instrument.type_into(length, "200")
    instrument.wait("b.spec.training.schedule_options.length === 200")
    curve = instrument.page.get_by_role("img", name="Learning rate: η 0.03 to 0 over 250 steps")
    expect(curve).to_be_visible()
    instrument.menu("Loss").select_option("huber")
    instrument.type_into(instrument.entry("Huber: delta"), "0.5")
    instrument.wait("b.spec.network.loss_options.delta === 0.5")


def test_normalisation_dropout_and_a_residual_connection_are_put_around_a_layer(instrument: Instrument) -> None:
    instrument.button("Layer 2").click()
    card = instrument.page.locator("#card")
    instrument.menu("Normalisation of layer 2").select_option("batch")
    instrument.wait("b.spec.network.hidden[1].normalization === 'batch'")
    dropout = instrument.play().entry("Dropout of layer 2")
    dropout.fill("0.25")
    instrument.wait_for_steps(50)
    expect(dropout).to_have_value("0.25")  # what is being typed stays, though the card's numbers run
    dropout.press("Enter")
    instrument.wait("b.spec.network.hidden[1].dropout === 0.25")
    instrument.pause()
    box = instrument.page.get_by_role("checkbox", name="Residual connection around layer 2")
    box.click()
    expect(instrument.sentence).to_contain_text("both widths must agree")
    expect(box).not_to_be_checked()
    for _ in range(2):
        instrument.button("Add a unit to layer 2").last.click()
    instrument.wait("b.spec.network.hidden[1].units === 4")
    box.click()
    instrument.wait("b.spec.network.hidden[1].residual")
    expect(card).to_be_visible()
    instrument.take_steps(3)
