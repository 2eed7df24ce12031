"""Which module may know which, read from the imports. What is imported for types alone does not count."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# From the bottom up: a module of the engine imports from its own group and those before it.
ENGINE_GROUPS = (
    ("plain", {"options", "kernels", "streams", "checks", "glossary", "stopping", "wording", "verdicts"}),
    ("tables", {
        "functions", "activations", "losses", "initializers", "update_rules", "optimizers", "schedules",
        "normalizations",
    }),
    ("spec", {
        "fields", "data", "plain_spec", "network_spec", "training_spec", "spec", "adapt", "cures", "demos", "catalog",
    }),
    ("layers", {"layers"}),
    ("memory", {"arena", "identity"}),
    ("parts of a step", {
        "passes", "renormalization", "telemetry", "steering", "divergence", "batches", "samples", "records", "noise",
        "tally",
    }),
    ("network", {"network"}),
    ("around a network", {"program", "evaluation", "gradcheck", "lsuv"}),
    ("trainer", {"trainer"}),
    ("around a trainer", {
        "probe", "factors", "shares", "spectrum", "distributions", "pass_through", "transplant", "surgery", "baseline",
        "autopsy", "inspection",
    }),
    ("what is wrong with a run", {"epochs", "diagnosis", "observer"}),
    ("time and exports", {"journal", "history", "exports"}),
)
RANK = {module: rank for rank, (_, modules) in enumerate(ENGINE_GROUPS) for module in modules}


@dataclass(frozen=True)
class Imports:
    """Full names of what a module imports: at once when it is imported itself, and inside functions."""

    at_once: frozenset[str]
    later: frozenset[str]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path
    for package in ("engine", "server")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are written with the whole name"
        for alias in node.names:
            # "from engine import spec" names a module, "from engine.spec import RunSpec" one of its contents
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in MODULES else str(node.module)


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def imports_of(module: str) -> Imports:
    at_once: set[str] = set()
    later: set[str] = set()

    def visit(node: ast.AST, found: set[str]) -> None:
        if is_for_types(node):
            return
        found.update(imported(node))
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            visit(child, later if inside else found)

    visit(ast.parse(MODULES[module].read_text("utf-8")), at_once)
    return Imports(frozenset(at_once), frozenset(later))


def imports(module: str) -> frozenset[str]:
    return imports_of(module).at_once | imports_of(module).later


def reached(module: str) -> set[str]:
    """Everything that is imported when the module is: by it, or by what it imports."""
    found: set[str] = set()
    open_ends = [module]
    while open_ends:
        for name in imports_of(open_ends.pop()).at_once - found:
            found.add(name)
            if name in MODULES:
                open_ends.append(name)
    return found


def within(package: str) -> list[str]:
    return [module for module in MODULES if module == package or module.startswith(package + ".")]


def ours(names: set[str] | frozenset[str]) -> set[str]:
    return {name for name in names if name in MODULES}


def top(name: str) -> str:
    return name.partition(".")[0]


ENGINE = [module for module in within("engine") if module != "engine"]


def part(module: str) -> str:
    """The name of a module of the engine inside it: "data" for all that is in engine/data."""
    return module.split(".")[1]


def test_every_module_of_the_engine_has_its_group() -> None:
    assert {part(module) for module in ENGINE} - set(RANK) == set()


@pytest.mark.parametrize("module", within("engine"))
def test_the_engine_imports_numpy_the_standard_library_and_itself(module: str) -> None:
    allowed = {"engine", "numpy", *sys.stdlib_module_names}
    assert {name for name in imports(module) if top(name) not in allowed} == set()


@pytest.mark.parametrize("module", ENGINE)
def test_a_module_of_the_engine_imports_from_its_group_and_below(module: str) -> None:
    for name in ours(imports(module)):
        assert name != "engine", "the package's own exports are for others"
        assert RANK[part(name)] <= RANK[part(module)], f"{module} imports {name}"


def test_only_the_layers_know_of_kinds_of_layers() -> None:
    for module in ENGINE:
        if part(module) != "layers":
            inside = {name for name in imports(module) if name.startswith("engine.layers.")}
            assert inside == set(), f"{module} knows of {inside}"


@pytest.mark.parametrize("package", ["engine", "server"])
def test_no_two_modules_need_each_other(package: str) -> None:
    # A package's own __init__ is left out: it imports its parts, and importing any of them runs it.
    graph = {module: ours(imports_of(module).at_once) - {package} for module in within(package) if module != package}
    finished: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " imports ".join([*path[path.index(module) :], module])
        if module not in finished:
            for name in graph.get(module, ()):
                visit(name, (*path, module))
            finished.add(module)

    for module in graph:
        visit(module, ())


def test_a_session_and_all_that_it_imports_know_no_sockets_processes_or_bytes() -> None:
    session = reached("server.session")
    assert {top(name) for name in session} & {"asyncio", "fastapi", "starlette", "socket", "multiprocessing"} == set()
    for module in ("app", "socket", "outbox", "hosts", "hosted", "host", "pipe", "codec"):
        assert f"server.{module}" not in session


def test_messages_know_nothing_but_the_spec() -> None:
    for module in within("server.messages"):
        for name in ours(imports(module)):
            assert name == "engine.spec" or name in within("server.messages"), f"{module} imports {name}"


def test_the_codec_knows_messages_and_pictures_alone() -> None:
    assert {name for name in ours(imports("server.codec")) if name not in within("server.messages")} <= {
        "server.pictures"
    }


def test_the_outbox_knows_nobody() -> None:
    assert ours(imports("server.outbox")) <= set(within("server.messages"))


def test_a_host_knows_sessions_but_nothing_of_those_who_watch() -> None:
    known = reached("server.host")
    assert "server.session" in known
    assert {"asyncio", "server.app", "server.socket", "server.hosts", "server.outbox"} & known == set()


def test_the_socket_reaches_sessions_only_through_the_hosts() -> None:
    assert "server.hosts" in imports("server.socket")
    for module in ("server.session", "server.host", "server.seat"):
        assert module not in reached("server.socket")
        assert module not in reached("server.app")


def test_the_process_with_the_sockets_never_trains() -> None:
    # Importing any part of the engine runs its __init__; what counts is what these modules ask for.
    for module in ours(reached("server.app")):
        if top(module) == "server":
            asked = {name for name in imports_of(module).at_once if top(name) == "engine"}
            assert asked <= {"engine.spec", "engine.catalog", "engine.fields"}, f"{module} imports {asked}"


def test_fastapi_appears_in_the_app_its_static_files_and_the_socket_alone() -> None:
    users = {module for module in MODULES if {"fastapi", "starlette"} & {top(name) for name in imports(module)}}
    assert users == {"server.app", "server.static_files", "server.socket"}


def test_asyncio_appears_where_the_event_loop_is_and_nowhere_in_the_engine_process() -> None:
    users = {module for module in MODULES if "asyncio" in imports(module)}
    assert users & ({"server.session"} | ours(reached("server.session") | reached("server.host"))) == set()
