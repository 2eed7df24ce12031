"""The whole server with the real engine: what a page sees of a run, whatever happens to the page or to the process."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from engine import RunSpec, Trainer
from server.codec import Message
from tests.server.live import Client, Server, eventually, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def page(server: Server) -> Iterator[Client]:
    with server.joined(spec=RunSpec(seed=7).to_dict()) as client:
        client.do("pace", steps_per_second=None)
        yield client


def series(page: Client, timeline: int = 1) -> tuple[list[int], list[float]]:
    """The steps that the rows of the whole series begin at, with the end of the last, and their losses."""
    edges, losses = [0], []
    more = True
    while more:
        fields = {"lane": 0, "series": "steps", "timeline": timeline, "from": edges[-1], "limit": 4096}
        command = page.send("series", **fields)
        rows = page.until(lambda m, id=command: isinstance(m, Message) and (m.kind, m.seq) == (2, id))
        assert (
            rows.sections["from"].tolist() == [edges[-1], *(edges[-1] + np.cumsum(rows.sections["spans"]))][: rows.rows]
        )
        edges += (edges[-1] + np.cumsum(rows.sections["spans"])).tolist()
        losses += rows.sections["mean"].reshape(rows.rows, -1)[:, 0].tolist() if rows.rows else []
        assert rows.step == edges[-1]
        more = bool(rows.flags & 1)
    return edges, losses


def trained(page: Client, step: int) -> Message:
    """The first frame at or after a step."""
    return page.until(lambda message: isinstance(message, Message) and message.kind == 1 and message.step >= step)


def test_before_its_first_picture_a_page_has_spec_layout_data_and_status(server: Server) -> None:
    with server.joined() as page:
        kinds = []
        while True:
            message = page.receive()
            if isinstance(message, Message) and message.kind == 1:
                break
            kinds.append(message["type"] if isinstance(message, dict) else message.kind)
    assert kinds == ["spec", "layout", 4, "verdicts", "marks", "branches", "status"]
    assert (message.step, message.rows) == (0, 10)


def test_what_the_page_gets_is_what_the_engine_computes(page: Client) -> None:
    page.do("step", count=300)
    frame = trained(page, 300)
    trainer = Trainer(RunSpec(seed=7))
    losses = [trainer.step().loss for _ in range(300)]
    assert frame.step == 300
    assert frame.sections["parameters"].tolist() == trainer.network.arena.parameters.astype(np.float32).tolist()
    assert series(page) == (list(range(301)), losses)


def test_a_client_stalled_through_a_surgery_has_its_series_complete(server: Server, page: Client) -> None:
    with server.joined(page.welcome["token"]) as other:
        page.do("play")
        trained(other, 2_000)
        # From here on the page reads nothing, while its network changes and trains on.
        page.send("add_layer", lane=0, index=1, units=3)
        layout = other.until(
            lambda message: isinstance(message, dict) and message["type"] == "layout" and len(message["layers"]) == 4
        )
        before = trained(other, 0).step
        trained(other, int(before) + 5_000)
    page.do("pause")
    layouts = [event for event in page.events if event["type"] == "layout"]
    assert [event["revision"] for event in layouts] == [1, layout["revision"]]
    edges, _ = series(page)
    assert edges[-1] > before + 5_000


def test_a_run_goes_on_from_its_keyframe_when_its_engine_process_is_killed() -> None:
    with serving() as server, server.joined(spec=RunSpec(seed=7).to_dict()) as page:
        page.do("pace", steps_per_second=None)
        page.do("patch", lane=0, changes={"training.learning_rate": 0.05})
        page.do("play")
        trained(page, 1_000)
        os.kill(server.pids()[-1], signal.SIGKILL)
        late = page.send("patch", lane=0, changes={"training.learning_rate": 0.01})
        restarted = page.event("restarted")
        layout = page.event("layout")
        answer = page.until(lambda message: isinstance(message, dict) and message.get("command") == late)
        assert answer["type"] == "applied"
        assert layout["from_step"] <= restarted["step"] <= answer["step"]
        assert layout["timeline"] > 1
        trained(page, restarted["step"] + 1_000)
        edges, _ = series(page, layout["timeline"])
        assert edges[-1] >= restarted["step"] + 1_000


def test_training_goes_on_at_full_pace_while_nothing_is_acknowledged(page: Client) -> None:
    page.acknowledges = False
    page.do("play")
    eventually(lambda: page.event("status")["step"] > 20_000, "many steps are taken")


def test_a_run_that_overflows_stops_and_says_where(page: Client) -> None:
    page.do(
        "patch",
        lane=0,
        changes={
            "training.learning_rate": 1000,
            "network.hidden.*.activation": "relu",
            "network.output_activation": "linear",
        },
    )
    page.do("play")
    diverged = page.event("diverged")
    assert diverged["tensor"] in diverged["message"] or str(diverged["layer"]) in diverged["message"]
    assert page.event("status")["state"] == "diverged"
    assert page.do("play")["code"] == "diverged"
    assert page.do("reset")["type"] == "applied"
