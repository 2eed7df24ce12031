"""A session as the server keeps it, without processes or sockets: what it asks of its process, and who is in it."""

from engine import RunSpec
from server.hosted import HostedSession
from server.messages import Applied, Event, Layout, Status
from server.pipe import Do, Done, Greeting, Message, Request, Shown
from server.settings import Settings
from server.watcher import Watcher

STATUS = Status(state="playing", pace=None, steps_per_second=0.0, step=0, epoch=0.0, undo=None, redo=None)
LAYOUT = Layout(
    lane=0,
    revision=1,
    timeline=1,
    from_step=0,
    inputs=[],
    layers=[],
    parameters=0,
    units=0,
    data={},
    maps={},
    series={},
)


class Room:
    """A session with its requests, and the clients that are in it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.session = HostedSession(1, "a1b2", "token", RunSpec(), Settings(), self.requests.append, 0.0)
        self.session.begin()

    def join(self, now: float = 0.0, greeted: bool = True) -> Watcher:
        watcher = Watcher()
        self.session.join(watcher, now)
        if greeted:
            self.session.receive(Greeting(1, (watcher.number,), (STATUS,)))
            received(watcher)
        self.requests.clear()
        return watcher

    def asked(self) -> list[Request]:
        """The requests since the last look."""
        requests = self.requests[:]
        self.requests.clear()
        return requests

    def shown(self, grant: int = 1, number: int = 1) -> None:
        self.session.receive(Shown(1, grant, number, (f"picture {number}".encode(),)))

    def restart(self) -> list[Request]:
        """The requests to a new engine process."""
        self.session.interrupted()
        self.asked()
        self.session.begin()
        return self.asked()


def received(watcher: Watcher) -> list[Message]:
    messages: list[Message] = []
    while taken := watcher.take():
        messages += taken
    return messages


def applied(command: int) -> Applied:
    return Applied(command=command, step=0, revision=1, label="done")


def answer(room: Room, request: Request, event: Event | None = None) -> None:
    assert isinstance(request, Do)
    room.session.receive(Done(1, request.ticket, event or applied(request.command.id), ()))
