"""The command: its flags, its refusals, and an end that leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.command_line import address_of, listen, main, open_browser, read_arguments
from server.settings import OPTIONS, Settings, SettingsError
from tests.server.live import Client, eventually
from tests.serving import playground


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code of a command that is refused, and its one line."""
    code = main(arguments)
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count("\n") == 1
    return code, written.err


def test_help_explains_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = re.sub(r"\s+", " ", capsys.readouterr().out)
    for option in OPTIONS:
        assert f"{option.flag} {option.metavar} {option.help}" in text
    assert "--open, --no-open open the page in a browser" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "abc"], "--port abc refused: must be a whole number from 0 to 65535"),
        (["--port=-1"], "--port -1 refused: must be a whole number from 0 to 65535"),
        (["--port"], "--port '' refused: it needs a value"),
        (["--hosts", "0"], "--hosts 0 refused: must be a whole number from 1 to 64"),
        (["--log-level", "loud"], "--log-level loud refused: must be one of debug, info, warning, error"),
        (["--colour"], "flag --colour refused: there is none of that name; backflow --help lists them"),
        (["8000"], "flag 8000 refused: there is none of that name; backflow --help lists them"),
        (["--open=yes"], "--open yes refused: it takes no value"),
        (
            ["--host", "no.such.host.invalid"],
            "--host no.such.host.invalid refused: must be an address or a name of this machine",
        ),
        (["--host", "203.0.113.1"], "--host 203.0.113.1 refused: must be an address or a name of this machine"),
    ],
)
def test_a_wrong_flag_is_one_sentence_with_flag_and_rule(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = refusal(capsys, *arguments)
    assert code != 0
    assert text == f"backflow: {sentence}\n"


def test_a_wrong_variable_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKFLOW_HOSTS", "many")
    assert refusal(capsys)[1] == "backflow: BACKFLOW_HOSTS many refused: must be a whole number from 1 to 64\n"


def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, text = refusal(capsys, "--port", str(port))
    assert code == 1
    expected = f"backflow: --port {port} refused: another program listens on it at 127.0.0.1; choose one with --port\n"
    assert text == expected


def test_flags_become_settings() -> None:
    settings, browser = read_arguments(
        ["--host", "::1", "--port", "8123", "--hosts", "3", "--log-level", "DEBUG", "--no-open"]
    )
    assert (settings.host, settings.port, settings.hosts, settings.log_level) == ("::1", 8123, 3, "debug")
    assert not browser
    assert read_arguments([])[1]


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", "http://127.0.0.1"), ("0.0.0.0", "http://127.0.0.1")])
def test_the_address_is_one_that_a_browser_here_can_open(host: str, address: str) -> None:
    with listen(Settings(host=host, port=0)) as listener:
        assert address_of(listener) == f"{address}:{listener.getsockname()[1]}"


def test_small_messages_are_not_held_back_for_the_one_before() -> None:
    with listen(Settings(port=0)) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.proto == socket.IPPROTO_TCP  # what asyncio looks at before it turns Nagle's algorithm off


def test_no_browser_is_opened_where_there_are_no_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    open_browser("http://127.0.0.1:8000")
    monkeypatch.setenv("DISPLAY", ":0")
    open_browser("http://127.0.0.1:8001")
    eventually(lambda: opened == ["http://127.0.0.1:8001"], "the browser is opened")


def test_the_refusals_name_what_was_refused() -> None:
    with pytest.raises(SettingsError) as refused:
        read_arguments(["--port", "1e3"])
    assert (refused.value.name, refused.value.value) == ("--port", "1e3")


# A real process


def engine_pid(log: list[str]) -> int:
    """The engine process that the log tells of."""
    found = eventually(lambda: re.search(r"answers \(pid (\d+)\)", "".join(log)), "an engine process answers")
    return int(found[1])


def has_ended(pid: int) -> bool:
    """Whether there is no such process, or only what is left of it until its parent looks."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def group(pid: int) -> list[int]:
    """All processes of a group that have not ended."""
    found = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [other for other in found if not has_ended(other) and _group(other) == pid]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return -1


def test_ctrl_c_ends_everything_at_once_without_a_word_too_many() -> None:
    command = [sys.executable, "-m", "server", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        engine_pid(lines)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the server and its engine processes alike
        lines += process.stdout.readlines()
        assert process.wait(10) == 0
    assert re.fullmatch(r"Backflow is at http://127\.0\.0\.1:\d+ \(ctrl-C ends it\)\n", lines[0])
    assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines[1:])
    assert "Traceback" not in "".join(lines)
    eventually(lambda: group(process.pid) == [], "no process is left")


def test_ctrl_c_while_it_still_starts_ends_it_without_a_traceback() -> None:
    command = [sys.executable, "-m", "server", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        os.killpg(process.pid, signal.SIGINT)
        lines += process.stdout.readlines()
        process.wait(10)
    assert "Traceback" not in "".join(lines)
    eventually(lambda: group(process.pid) == [], "no process is left")


def test_pages_hear_of_the_end() -> None:
    with playground() as running:
        client = Client(int(running.address.rpartition(":")[2]))
        client.send("hello", version=1, token=None)
        client.event("welcome")
        running.process.send_signal(signal.SIGINT)
        event, code = client.closing()
        client.close()
    assert (event["code"], code) == ("shutdown", 1001)


def test_engine_processes_end_with_a_server_that_is_killed() -> None:
    with playground() as running:
        pid = engine_pid(running.log)
        running.process.kill()
        eventually(lambda: has_ended(pid), "the engine process has ended")


def test_the_server_ends_in_order_when_it_is_terminated() -> None:
    with playground() as running:
        pid = engine_pid(running.log)
        running.process.terminate()
        running.process.wait(10)
        eventually(lambda: has_ended(pid), "the engine process has ended")
    assert not any("Traceback" in line for line in running.log)


def test_the_command_starts_where_the_console_script_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.__main__ import main as command

    monkeypatch.setattr("sys.argv", ["backflow", "--port", "abc"])
    assert command() == 2
