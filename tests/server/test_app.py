"""What is served over HTTP: the page, the catalog, static files; with the headers that keep it to itself."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.catalog import catalog
from server.assets import asset_folder
from server.modules import imported_modules
from server.sheets import SHEETS
from server.static_files import MEDIA_TYPES, state
from tests.server.live import Server, serving


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("tests.server.fakes:FakeSession") as running:
        yield running


def test_the_page_is_html_with_the_catalogs_controls(server: Server) -> None:
    answer = server.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f'"{name}"' in answer.text for name in catalog()["datasets"])


def test_the_page_names_every_module_that_its_first_picture_needs_and_no_other(server: Server) -> None:
    named = re.findall(r'<link rel="modulepreload" href="/static/[0-9a-f]{16}/([^"]+)">', server.get("/").text)
    assert named == imported_modules(asset_folder("static"), "main.js")
    assert "state.js" in named
    assert not [name for name in named if name.startswith(("vendor/", "owndata/")) or name == "panels/index.js"]


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/catalog", "/healthz", "/nowhere"])
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    headers = server.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_the_page_breaks_no_rule_of_its_content_security_policy(server: Server) -> None:
    text = server.get("/").text
    assert not re.search(r"<script(?![^>]* (src=|type=\"application/json\"))", text), "a script in the page"
    assert not re.search(r"<style|\sstyle=|\son\w+=", text), "style or a handler in the page"
    assert not re.search(r"(src|href)=\"(https?:)?//", text), "something from outside"


def test_the_catalog_is_json_and_asked_for_again_only_where_it_changed(server: Server) -> None:
    answer = server.get("/api/catalog")
    assert answer.json() == json.loads(json.dumps(catalog()))
    assert answer.headers["content-type"] == "application/json"
    again = server.get("/api/catalog", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert server.get("/api/catalog", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/page.css", "/api/catalog", "/static/main.js"])
def test_texts_are_compressed_where_that_is_understood_and_only_there(server: Server, path: str) -> None:
    plain = server.get(path, headers={"accept-encoding": "identity"})
    packed = server.get(path, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"
    assert packed.content == plain.content, "unpacked by the client"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


def test_the_style_sheet_holds_every_sheet_of_the_page_once(server: Server) -> None:
    folder = asset_folder("static")
    assert sorted(SHEETS) == sorted(
        str(path.relative_to(folder).as_posix())
        for path in [*folder.glob("css/*.css"), folder / "vendor/uplot/uPlot.min.css"]
    )
    answer = server.get("/page.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert all((folder / sheet).read_text("utf-8") in answer.text for sheet in SHEETS)


def test_static_files_are_revalidated_each_time(server: Server) -> None:
    answer = server.get("/static/main.js")
    assert answer.headers["cache-control"] == "no-cache"
    again = server.get("/static/main.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "no-cache")


def test_the_page_asks_for_files_by_a_state_under_which_they_may_be_kept(server: Server) -> None:
    (address,) = re.findall(r'<script type="module" src="(/static/[0-9a-f]{16}/main.js)">', server.get("/").text)
    answer = server.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.content == server.get("/static/main.js").content
    assert server.get(address.replace("main", "nowhere")).status_code == 404


def test_the_state_is_another_once_any_file_has_changed(tmp_path: Path) -> None:
    for name in ("a.js", "views/b.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    seen = {state(tmp_path)}
    assert state(tmp_path) in seen
    (tmp_path / "views/b.js").write_text("2 2")
    seen.add(state(tmp_path))
    (tmp_path / "c.css").write_text("")
    seen.add(state(tmp_path))
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("main.js", "text/javascript; charset=utf-8"),
        ("css/tokens.css", "text/css; charset=utf-8"),
    ],
)
def test_static_files_have_the_right_media_type(server: Server, path: str, kind: str) -> None:
    assert server.get(f"/static/{path}").headers["content-type"] == kind


def test_every_kind_of_static_file_has_a_media_type_of_ours() -> None:
    suffixes = {
        path.suffix for path in asset_folder("static").rglob("*") if path.is_file() and not path.name.startswith(".")
    }
    assert suffixes - {""} <= set(MEDIA_TYPES)


@pytest.mark.parametrize(
    "path", ["/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static//etc/passwd", "/docs"]
)
def test_nothing_else_is_served(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert answer.text.endswith("refused: nothing is here; the playground is at /\n")


def test_health_counts_sessions_and_engine_processes(server: Server) -> None:
    with server.joined():
        assert server.get("/healthz").json() == {"status": "ok", "sessions": 1, "engines": 1}


def test_the_curve_of_a_schedule_is_computed_by_the_engine(server: Server) -> None:
    answer = server.get("/api/schedule/cosine?length=100&final=0.5").json()
    assert (answer["steps"][0], answer["steps"][-1]) == (0, 125)
    assert (answer["factors"][0], answer["factors"][-1]) == (1, 0.5)
    assert set(server.get("/api/schedule/constant").json()["factors"]) == {1}


@pytest.mark.parametrize(("path", "said"), [
    ("cosine?length=-1", "training.schedule_options.length -1.0 refused: must be at least 1"),
    ("cosine?length=long", 'training.schedule_options.length "long" refused: must be a number'),
    ("cosine?length=nan", "must be a finite number"),
    ("noon", 'training.schedule "noon" refused: must be one of constant, step'),
])
def test_a_schedule_that_makes_no_sense_is_refused_with_the_rule(server: Server, path: str, said: str) -> None:
    answer = server.get(f"/api/schedule/{path}")
    assert answer.status_code == 422
    assert said in answer.text
