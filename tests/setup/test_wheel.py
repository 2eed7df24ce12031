"""The built wheel, installed elsewhere, holds all that the page asks for."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest

from tests.serving import playground

# How a file refers to others, by the end of its name.
REFERENCES = {
    "html": (r"""(?:src|href)="([^"]+)\"""",),
    "css": (r"""url\(["']?([^)"']+)["']?\)""", r"""@import\s+["']([^"']+)["']"""),
    "js": (r"""\b(?:import|from)\s*\(?["'](\.{0,2}/[^"']+)["']""", r"""["'](/static/[^"'`]+?)(?:#[^"'`]*)?["'`]"""),
}
KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "mjs": "text/javascript",
         "svg": "image/svg+xml"}


def get(address: str) -> tuple[int, str, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "", b""


def kind_of(address: str) -> str:
    name = address.rsplit("/", 1)[-1]
    return name.rpartition(".")[2] if name else "html"


def references(address: str, body: bytes) -> Iterator[str]:
    kind = kind_of(address)
    for pattern in REFERENCES.get("js" if kind == "mjs" else kind, ()):
        for target in re.findall(pattern, body.decode("utf-8")):
            if not target.startswith(("data:", "#")):
                yield urldefrag(urljoin(address, target)).url


def crawl(start: str) -> dict[str, tuple[int, str]]:
    """Everything the page refers to, directly or by way of another file, and every third-party file, because some are
    loaded only when they are needed: address -> status and content type."""
    seen: dict[str, tuple[int, str]] = {}
    _, _, manifest = get(f"{start}static/vendor/manifest.json")
    waiting = [start, *(f"{start}static/vendor/{name}" for name in json.loads(manifest)["files"])]
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith(start):
            continue
        status, content, body = get(address)
        seen[address] = (status, content)
        waiting.extend(references(address, body))
    return seen


@pytest.fixture(scope="module")
def pages(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    with playground([str(installed / "backflow")], folder=tmp_path_factory.mktemp("nowhere")) as server:
        return crawl(f"{server.address}/")


def test_the_installed_wheel_serves_every_asset_the_page_refers_to(pages: dict[str, tuple[int, str]]) -> None:
    missing = [address for address, (status, _) in pages.items() if status != 200]
    assert missing == []


def test_the_crawl_reaches_modules_style_sheets_fonts_and_libraries(pages: dict[str, tuple[int, str]]) -> None:
    for wanted in ("/main.js", "/page.css", "/views/network.js", "/panels/card.js", "/static/icon.svg",
                   "/vendor/uplot/uPlot.esm.js", "/vendor/htm/preact/standalone.module.js",
                   "/vendor/katex/fonts/KaTeX_Main-Regular.woff2"):
        assert any(address.endswith(wanted) for address in pages), wanted


def test_every_asset_has_the_content_type_that_browsers_insist_on(pages: dict[str, tuple[int, str]]) -> None:
    for address, (_, content) in pages.items():
        assert content == KINDS.get(kind_of(address), content), address


def test_the_wheel_holds_the_licences_of_what_it_brings(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for package in ("htm", "htm/preact", "uplot", "katex", "papaparse"):
        assert f"server/_assets/static/vendor/{package}/LICENSE" in names


def test_the_wheel_holds_the_program_and_nothing_beside_it(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"engine", "server"}
