"""A server with a small course behind it, and the ways in."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect

from benchmarks.browser import PATIENCE
from benchmarks.serve import Server, free_port
from classroom.people import Person
from classroom.port import Pin, Publication
from classroom.signin import pins
from classroom.signin.local import class_code
from classroom.store.sql import open_classroom
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.grading import small_course
from tests.pages.providers import Provider, secrets
from tests.pages.visits import settle
from tests.serving import copy_of_the_house, instructor_link, serve

PIN = "271828"
HASHED = pins.hash_pin(PIN)


@dataclass(frozen=True)
class CourseHouse:
    """The running server, its folder, and the word that lets members in."""

    server: Server
    root: Path
    code: str
    provider: Provider | None = None  # who signs people in, if not the class code

    @property
    def address(self) -> str:
        """Where people find it."""
        return f"http://localhost:{self.server.port}" if self.provider else self.server.address

    @property
    def course(self) -> Path:
        """The course's folder."""
        return self.root / "assignments"

    @property
    def database(self) -> str:
        """Where the course remembers."""
        return str(self.course / "ledger.sqlite")

    def enter(self, page: Page, who: Person, path: str = "/") -> None:
        """Sign somebody in: by the provider, which knows Ada, or with class code and PIN."""
        page.goto(f"{self.address}/sign-in?next={quote(path)}")
        if self.provider:
            self.provider.sign_in(page, f"{who.key}-1")
            page.wait_for_url(f"{self.address}{path}")
            settle(page)
            return
        page.get_by_label("Class code").fill(self.code)
        page.get_by_label("Number, e-mail or name").fill(who.number or who.name)
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Sign in").click()
        settle(page)

    def enter_as_instructor(self, page: Page) -> None:
        """Come in by the link that the server printed, which opens once; or as one whom a claim makes an instructor."""
        if self.provider:
            self.enter(page, IVA)
        else:
            page.goto(instructor_link(self.server))
            settle(page)


def prepare(
    folder: Path, *, referee: bool = False, settings: str = "", more: Sequence[Person] = ()
) -> tuple[Path, str]:
    """A copy of the house with the small course and four people in it, or more, and the class code."""
    root = copy_of_the_house(folder)
    small_course.write(root / "assignments", referee=referee, settings=settings)
    room = open_classroom(root / "assignments/ledger.sqlite")
    everybody = [ADA, BEN, TINA, IVA, *more]
    room.keep(everybody)
    room.set_pins({one.key: Pin(HASHED) for one in everybody})
    code = class_code(room)
    room.close()
    return root, code


@contextmanager
def opened(
    folder: Path,
    *,
    referee: bool = False,
    settings: str = "",
    more: Sequence[Person] = (),
    provider: Provider | None = None,
) -> Iterator[CourseHouse]:
    """The course, served; with a provider beside it, if people come in by one."""
    root, code = prepare(folder, referee=referee, settings=settings, more=more)
    with ExitStack() as stack:
        port = free_port()
        if provider:
            (root / ".streamlit/secrets.toml").write_text(secrets(f"http://localhost:{port}"))
        server = stack.enter_context(serve(root))
        if provider:
            stack.enter_context(provider.serve(port, f"http://localhost:{server.port}/oauth2callback"))
        yield CourseHouse(server, root, code, provider)


def publish(root: Path) -> None:
    """Open the set, as an instructor would on its page."""
    room = open_classroom(root / "assignments/ledger.sqlite")
    room.publish(Publication("ps", "open", IVA.key, datetime.now(UTC)))
    room.close()


def fovea(root: Path, *words: str) -> "subprocess.Popen[str]":
    """A command of the course's own command line."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "FOVEA_"))}
    return subprocess.Popen(
        [sys.executable, str(root / "fovea.py"), *words],
        cwd=root,
        env={**clean, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def grader(root: Path) -> Iterator[None]:
    """A grader beside the server, ended with this."""
    process = fovea(root, "grader", "--course", str(root / "assignments"))
    try:
        yield
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE / 1e3)


def tab(browser: Browser) -> Page:
    """A tab of somebody's own browser, patient with a busy machine."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def type_into(page: Page, label: str, text: str) -> None:
    """Replace what stands in a cell of the notebook, and wait until the server has it."""
    field = page.get_by_role("textbox", name=label, exact=True)
    field.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(text)
    cell = page.locator(".cell").filter(has=field)
    expect(cell.locator(".status")).to_have_text("Saved")


def view(page: Page, name: str) -> None:
    """Choose one of a page's views."""
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)
