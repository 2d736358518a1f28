"""The documentation site: complete, without a warning or a dead link, and nothing that comes from elsewhere."""

import ast
import re
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from docs.build import HERE, build, made, settings
from pages._kit.discovery import open_to_all
from syllabus.coverage import coverage
from syllabus.errata import errata
from syllabus.numbers import recomputed

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href")}


class Html(HTMLParser):
    """What a page leads to, what it loads, and the places in it that others may lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.places.add(value)
            elif tag == "a" and name == "href" and value:
                self.links.append(value)
            elif (tag, name) in LOADED and value:
                self.loads.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


def html(site: Path) -> dict[Path, Html]:
    return {path.resolve(): Html(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_every_page_is_in_the_menu() -> None:
    menu = tomllib.loads(settings())["project"]["nav"]
    written = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    assert sorted(named(menu)) == sorted(written | set(made()))


def named(menu: Any) -> Iterator[str]:
    """The pages of a menu, those of its parts included."""
    if isinstance(menu, str):
        yield menu
    for part in menu.values() if isinstance(menu, dict) else menu if isinstance(menu, list) else ():
        yield from named(part)


@pytest.mark.parametrize("link", ["nowhere.md", "index.md#nowhere"])
def test_a_dead_link_stops_the_build(link: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "docs"
    (written / "pictures").mkdir(parents=True)
    (written / "index.md").write_text(f"# Title\n\n[This]({link}) leads nowhere.\n")
    (written / "zensical.toml").write_text(f'[project]\nsite_name = "x"\ndocs_dir = "docs-pages"\nnav = [\n{HERE}]\n')
    monkeypatch.setattr("docs.build.WRITTEN", written)
    monkeypatch.setattr("docs.build.chapters", list)
    monkeypatch.setattr("docs.build.made", dict)
    with pytest.raises(RuntimeError, match="does not exist"):
        build(tmp_path / "build")


def test_every_lab_and_every_erratum_has_its_place() -> None:
    pages = made()
    for lab in open_to_all():
        assert f"{{ #{lab.name} }}" in pages["labs.md"]
    for erratum in errata():
        assert f"{{ #{erratum.id} }}" in pages["errata.md"]
    assert rows(pages["taught.md"]) == [each.id for each in coverage()]
    assert rows(pages["numbers.md"]) == [each.id for each in recomputed()]


def rows(text: str) -> list[str]:
    """What the rows of a table begin with; each has as many cells as its head."""
    lines = [re.split(r"(?<!\\)\|", line) for line in text.splitlines() if line.startswith("|")]
    assert {len(cells) for cells in lines} == {len(lines[0])}
    return [cells[1].strip() for cells in lines[2:]]


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_every_link_leads_somewhere(site: Path) -> None:
    pages = html(site)
    assert len(pages) == len(list((site.parent / "docs-pages").rglob("*.md")))
    dead = [
        f"{path.name}: {link}" for path, page in pages.items() for link in page.links if not holds(link, path, pages)
    ]
    assert dead == []


def holds(link: str, path: Path, pages: dict[Path, Html]) -> bool:
    where = urlsplit(link)
    if where.scheme:
        return True
    target = (path.parent / unquote(where.path)).resolve() if where.path else path
    target = target / "index.html" if target.is_dir() else target
    return unquote(where.fragment) in pages[target].places if target in pages else target.exists()


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_reference_has_every_public_function_and_class_of_core(site: Path) -> None:
    places = set().union(*(page.places for page in html(site).values()))
    public = [
        f"{module}.{node.name}"
        for module in re.findall(r"^::: (\S+)$", "\n".join(made().values()), re.MULTILINE)
        for node in ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    assert len(public) > 500
    assert [name for name in public if name not in places] == []


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    foreign = [(path.name, load) for path, page in html(site).items() for load in page.loads if urlsplit(load).netloc]
    sheets = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert foreign + re.findall(r"url\(.?https?:[^)]*\)", sheets) == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.xdist_group("site")
@pytest.mark.parametrize("page", ["index.html", "labs.html", "core/explain.html"])
def test_a_readers_browser_finds_all_and_asks_nobody_else(site: Path, browser: Browser, page: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        tab = browser.new_page()
        answers: dict[str, int] = {}
        tab.on("request", lambda request: answers.update({request.url: 0}))
        tab.on("response", lambda response: answers.update({response.url: response.status}))
        tab.goto(address + page, wait_until="networkidle")
        found = Axe().run(tab).response["violations"]
        tab.close()
        server.shutdown()
    asked = {url: status for url, status in answers.items() if not url.startswith(("data:", "blob:"))}
    assert asked
    assert [url for url, status in asked.items() if not url.startswith(address) or status >= 400] == []
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: a test reads what was asked from the browser."""
