"""Rows of the budget table about the server: encoding, latency over loopback, start, and memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

import httpx
import numpy as np

from engine import DenseSpec, NetworkSpec, RunSpec, TrainingSpec
from server.codec import encode_picture
from server.messages import FRAME_SECTIONS, ON_REQUEST
from server.session import Session
from tests.bench.rows import Row, at_most
from tests.server.live import Client
from tests.serving import Playground, playground

PAGE_SECTIONS = frozenset({"parameters", "gradients", "updates", "norms", "unit_deltas", "scales"})
"""What the page subscribes to while the pointer rests nowhere (static/subscription.js)."""
REPEATS = 300
COMMANDS = 200
STARTS = 5
WARM_UP_STEPS = 2_000_000
"""After these both series of the run below hold as many rows as they ever do, and its history as many keyframes."""
WATCH_SECONDS = 60.0
FLAT_MB = 2
"""What pages that the allocator gives back late may make of a difference."""
MB = 2**20


def rows() -> Iterator[Row]:
    yield from frames()
    yield start()
    yield command_to_picture()
    yield from memory()


def frames() -> Iterator[Row]:
    """From the arena to the bytes of a frame: twenty layers, a batch of 32, after the pass was computed."""
    hidden = (DenseSpec(8, "sigmoid"),) * 20
    session = Session(RunSpec(network=NetworkSpec(hidden=hidden), training=TrainingSpec(batch_size=32)))
    every = frozenset(FRAME_SECTIONS) - ON_REQUEST
    for what, sections in (("what the page asks for", PAGE_SECTIONS), ("every section", every)):
        picture = session.picture(sections, False, False)
        [lane] = session._group.lanes  # the pass itself is no part of what is measured
        seconds = []
        for _ in range(REPEATS):
            begin = perf_counter()
            messages = encode_picture(replace(picture, frames=(lane.frame(sections),)))
            seconds.append(perf_counter() - begin)
        note = f"median; {what}, {len(messages[0]) / 1000:.0f} kB"
        name = f"frame of 20 layers of 8, batch 32, arena to bytes: {what}"
        yield at_most(name, 1e6 * float(np.median(seconds)), 150, "µs", note)


def start() -> Row:
    """From the command to the first answer over HTTP."""
    seconds = []
    for _ in range(STARTS):
        begin = perf_counter()
        with playground() as running:
            httpx.get(f"{running.address}/healthz")
            seconds.append(perf_counter() - begin)
    return at_most("server start to listening", float(np.median(seconds)), 1.5, "s", "median, to the first answer")


@contextmanager
def page(run: RunSpec) -> Iterator[tuple[Playground, Client]]:
    """A client that plays a run at full pace and acknowledges what it gets."""
    with playground(flags=("--port", "0", "--hosts", "1")) as running:
        client = Client(int(running.address.rpartition(":")[2]))
        client.send("hello", version=1, token=None, spec=run.to_dict())
        client.event("welcome")
        client.do("pace", steps_per_second=None)
        client.do("play")
        try:
            yield running, client
        finally:
            client.close()


def command_to_picture() -> Row:
    """From a changed learning rate to the first frame that shows it, while the default run trains at full pace."""
    seconds = []
    with page(RunSpec()) as (_, client):
        for count in range(COMMANDS):
            begin = perf_counter()
            command = client.send("patch", lane=0, changes={"training.learning_rate": 0.01 + 0.0001 * count})
            while client.binary().command < command:
                pass
            seconds.append(perf_counter() - begin)
    worst = float(np.percentile(seconds, 95))
    note = f"95th percentile; median {1000 * np.median(seconds):.3g} ms"
    return at_most("command to the first picture that shows it, loopback", 1000 * worst, 50, "ms", note)


def memory() -> Iterator[Row]:
    """What the server and its engine process grow by once their buffers are full, a client drawing all the while."""
    run = RunSpec(training=TrainingSpec(batch_size=50))
    with page(run) as (running, client):
        watch(client, lambda: client.binary().step < WARM_UP_STEPS)
        before = {name: resident(pid) for name, pid in processes(running).items()}
        first, until = client.binary().step, perf_counter() + WATCH_SECONDS
        watch(client, lambda: perf_counter() < until)
        steps = client.binary().step - first
        after = {name: resident(pid) for name, pid in processes(running).items()}
    for name, size in before.items():
        growth = (after[name] - size) / MB
        note = f"of {size / MB:.0f} MB, over {steps / 1e6:.2g} million steps in {WATCH_SECONDS:.0f} s"
        yield at_most(f"memory of the {name}, growth at full pace", max(growth, 0.0), FLAT_MB, "MB", note)


def watch(client: Client, goes_on: Callable[[], bool]) -> None:
    """Draws pictures and pulls the series, as a page does."""
    since = 0
    while goes_on():
        client.binary()
        rows = client.rows(since)
        since = int(rows.step)
        sleep(1 / 60)


def processes(running: Playground) -> dict[str, int]:
    """The server, and its one engine process, of which the log tells."""
    engine = re.search(r"answers \(pid (\d+)\)", "".join(running.log))
    assert engine is not None
    return {"server": running.process.pid, "engine process": int(engine[1])}


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024
