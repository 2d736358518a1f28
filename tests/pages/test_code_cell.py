"""The code cell: what is typed reaches Python and is not lost, and a keyboard or a plain field is enough."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from benchmarks.serve import Server
from core.errors import CoreError, LimitError
from pages._kit import code_cell as kit
from pages._kit.code_cell import MOST, SCRIPT, Message, code_cell, received
from pages._kit.look import CODE
from tests.pages.test_browser import sideways, violations
from tests.pages.visits import STREAMLITS_OWN, settle
from tests.serving import copy_of_the_house, serve

ONE_SERVER = pytest.mark.xdist_group("code-cell")
EDITOR = Path(kit.__file__).parent / "editor"
STUB = "def area(box):\n    raise NotImplementedError\n"
PAGE = '''"""Course: Two cells

One idea: a page with two editors, and buttons for what else may happen on one.
"""

import time

import streamlit as st

from pages._kit.code_cell import code_cell

STUB = "def area(box):\\n    raise NotImplementedError\\n"
state = st.session_state
st.title("Two cells")
drafts = state.setdefault("_drafts", {"a": STUB, "b": "# The **mean**"})
state.setdefault("version", 0)
if st.button("Start over"):
    state.version += 1
    drafts["a"] = STUB
busy = st.toggle("Busy")
slow = st.toggle("Slow")
first = code_cell(
    drafts["a"], key="a", label="Question 2a", version=state.version, busy=busy, owner="mia ps1",
    keep=lambda text: (time.sleep(slow), drafts.update(a=text)),
)
second = code_cell(
    drafts["b"], key="b", label="Question 2b", language="markdown", actions=("Preview",),
    keep=lambda text: drafts.update(b=text),
)
state.setdefault("asked", []).extend(filter(None, (first.asked, second.asked)))
st.html("<style>pre { white-space: pre-wrap; overflow-wrap: anywhere }</style>")
st.html(f"<pre id='first'>{first.text}</pre><pre id='second'>{second.text}</pre>")
st.html(f"<pre id='draft'>{drafts['a']}</pre><p id='asked'>{' '.join(state.asked)}</p>")
'''


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = copy_of_the_house(tmp_path_factory.mktemp("cells"))
    (root / "pages/cells.py").write_text(PAGE)
    with serve(root) as own:
        yield own


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(cells: Server, tab: Page) -> Iterator[Page]:
    """The page of two cells, drawn anew; at the end it must have been without a complaint."""
    complaints = list[str]()

    def fault(error: Error) -> None:
        complaints.append(str(error))

    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith(STREAMLITS_OWN):
            complaints.append(f"{message.text} {message.location['url']}")

    tab.on("pageerror", fault)
    tab.on("console", said)
    tab.goto(f"{cells.address}/cells")
    ready(tab)
    yield tab
    tab.remove_listener("pageerror", fault)
    tab.remove_listener("console", said)
    assert [each for each in complaints if "net::ERR_FAILED" not in each] == []  # what a test itself held back


def editor(page: Page, name: str = "Question 2a") -> Locator:
    return page.get_by_role("textbox", name=name, exact=True)


def stands(page: Page, place: str, text: str) -> None:
    """What Python has, letter by letter."""
    expect(page.locator(f"#{place}")).to_have_js_property("textContent", text)


def ready(page: Page) -> None:
    expect(page.locator(".cell[data-editor]")).to_have_count(2)


def start_anew(page: Page, text: str) -> None:
    editor(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


@pytest.mark.browser
@ONE_SERVER
def test_keeps_what_is_typed_and_indents_it(page: Page) -> None:
    expect(editor(page)).to_have_accessible_description(re.compile("press Escape and then Tab"))
    status = page.locator(".cell .status")
    expect(status).to_have_text(["", ""])
    start_anew(page, "if x:\ny = 1\nelse:\nz = (2,\n3)")
    expect(status).to_have_text(["Saving ...", ""])
    text = "if x:\n    y = 1\nelse:\n    z = (2,\n         3)"
    stands(page, "draft", text)
    expect(status).to_have_text(["Saved", ""])
    stands(page, "first", text)
    editor(page, "Question 2b").click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" is 2")
    editor(page).click()  # leaving a field sends what is in it, without a pause
    stands(page, "second", "# The **mean** is 2")
    stands(page, "first", text)
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("ControlOrMeta+/")
    page.get_by_role("link", name="Fovea").evaluate("link => link.click()")  # and so does a link, the field not left
    page.get_by_role("heading", name="Fovea", level=1).wait_for()
    page.evaluate("sessionStorage.clear()")  # it is Python that has it
    page.go_back()
    stands(page, "draft", text.replace("         3)", "         # 3)"))


@pytest.mark.browser
@ONE_SERVER
def test_acts_by_button_and_by_key_and_rests_while_busy(page: Page) -> None:
    page.locator(".cell").first.evaluate("cell => { cell.mark = 'the same' }")
    start_anew(page, "a = 1")
    asked, run = page.locator("#asked"), page.get_by_role("button", name="Run", exact=True)
    page.keyboard.press("Shift+Enter")
    expect(asked).to_have_text("Run")
    stands(page, "first", "a = 1")  # the text came with it
    page.keyboard.type("1")
    page.keyboard.press("ControlOrMeta+Shift+Enter")
    expect(asked).to_have_text("Run Check")
    stands(page, "first", "a = 11")
    expect(run).to_have_attribute("aria-disabled", "false")
    run.click()
    expect(asked).to_have_text("Run Check Run")
    editor(page, "Question 2b").press("ControlOrMeta+Enter")
    expect(asked).to_have_text("Run Check Run Preview")
    page.get_by_text("Busy").click()
    expect(run).to_have_attribute("aria-disabled", "true")
    expect(run).to_have_accessible_description("Working ...")
    editor(page).press("End")
    page.keyboard.type("2")
    page.keyboard.press("Shift+Enter")
    run.click(force=True)
    stands(page, "first", "a = 112")
    expect(asked).to_have_text("Run Check Run Preview")
    assert page.locator(".cell").first.evaluate("cell => cell.mark") == "the same"  # through all these runs


@pytest.mark.browser
@ONE_SERVER
def test_loses_nothing_when_an_answer_comes_while_somebody_types(page: Page) -> None:
    page.get_by_text("Slow").click()  # now each answer takes a second
    start_anew(page, "x = [1, 2]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(800)  # it is under way
    words = ", three, four, five"
    page.keyboard.type(words, delay=70)
    stands(page, "draft", "x = [1, 2]")  # meanwhile an answer came, to what was typed before
    page.keyboard.type("6")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#asked")).to_have_text("Run")
    stands(page, "first", f"x = [1, 2{words}6]")
    expect(page.locator(".cell .status").first).to_have_text("Saved")


@pytest.mark.browser
@ONE_SERVER
@pytest.mark.parametrize("script", [True, False], ids=["editor", "plain field"])
def test_leaves_by_keyboard_and_starts_over(page: Page, script: bool) -> None:
    """With the editor, and where its script cannot load."""
    if not script:
        page.route(re.compile("code_cell[.]js"), lambda route: route.abort())
        page.reload()
    expect(page.locator(".cell textarea")).to_have_count(0 if script else 2)
    start_anew(page, "for x in y:\nz = 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("w")
    text = "for x in y:\n    z = 1\n        w"
    stands(page, "first", text)
    expect(page.locator(".cell .status").first).to_have_text("Saved")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("ControlOrMeta+Shift+Enter")
    expect(page.locator("#asked")).to_have_text("Check")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).not_to_be_focused()
    page.get_by_role("button", name="Start over").click()
    stands(page, "first", STUB)
    editor(page).focus()
    page.keyboard.press("ControlOrMeta+z")
    stands(page, "first", text)
    stands(page, "draft", text)
    page.unroute_all()


@pytest.mark.browser
@ONE_SERVER
def test_finds_again_what_could_not_be_sent(cells: Server, browser: Browser) -> None:
    page, silent = browser.new_page(), list[str]()
    page.clock.install()

    def relay(socket: object) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if silent else server.send(message))

    page.route_web_socket(re.compile("_stcore/stream"), relay)
    page.goto(f"{cells.address}/cells")
    ready(page)
    silent.append("a server that cannot be reached")
    start_anew(page, "a = 5")
    expect(page.locator(".cell .status").first).to_have_text("Saving ...")
    page.clock.run_for(700)  # now it would be sent
    silent.clear()
    page.reload()
    stands(page, "draft", "a = 5")
    expect(page.locator(".cell .status").first).to_have_text("Saved")
    silent.append("once more")
    start_anew(page, "a = 6")
    page.clock.run_for(700)
    page.clock.run_for(5_000)
    expect(page.locator(".cell .status").first).to_have_text("Not saved yet, trying again ...")
    expect(page.locator(".cell").first.get_by_role("status")).to_have_text("Not saved yet, trying again.")
    silent.clear()
    page.clock.run_for(5_000)  # and it tries again by itself
    stands(page, "draft", "a = 6")
    expect(page.locator(".cell .status").first).to_have_text("Saved")
    assert page.evaluate("sessionStorage.length") == 0
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    for letter in "1234567":  # without a pause that is long enough
        page.keyboard.type(letter)
        page.clock.run_for(600)
    stands(page, "draft", "a = 61234567")
    page.clock.run_for(1_000)
    expect(page.locator(".cell .status").first).to_have_text("Saved")
    page.keyboard.type("8")
    page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden" });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.clock.run_for(100)  # at once when the page is hidden
    stands(page, "draft", "a = 612345678")
    page.close()


CONTRASTS = """cells => cells.flatMap((cell) => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const light = (colour) => numbers(colour).map((value) => value / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, place) => sum + [0.2126, 0.7152, 0.0722][place] * value, 0);
    const ground = getComputedStyle(cell.querySelector(".place")).backgroundColor;
    return [...cell.querySelectorAll(".cm-line span")].map((span) => {
        const [low, high] = [light(getComputedStyle(span).color), light(ground)].sort((a, b) => a - b);
        return [getComputedStyle(span).color, (high + 0.05) / (low + 0.05)];
    });
})"""


@pytest.mark.browser
@ONE_SERVER
def test_can_be_read_in_light_and_dark_wide_and_narrow(page: Page) -> None:
    start_anew(page, f"# note\nx = 'a' + {'1' * 200}\nreturn x")
    page.keyboard.press("ControlOrMeta+f")
    seen = list[set[str]]()
    for theme, width in (("light", 1280), ("dark", 390)):
        page.emulate_media(color_scheme=theme)  # as a system does in the evening: the page stays
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        page.locator("summary").first.click()
        assert violations(page) == []
        assert sideways(page) == []
        shown = page.locator(".cell").evaluate_all(CONTRASTS)
        assert min(contrast for _, contrast in shown) >= 4.5
        seen.append({colour for colour, _ in shown})
        known = {f"rgb({int(hex[1:3], 16)}, {int(hex[3:5], 16)}, {int(hex[5:], 16)})" for hex in CODE[theme].values()}
        assert seen[-1] == known
    size = page.locator(".cm-content").first.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")
    assert size >= 16
    page.emulate_media(color_scheme="light")


def message(**more: object) -> dict:
    return {"from": "a1", "count": 1, "text": "x = 1", "asked": None, "version": 0, **more}


HOSTILE = {
    "nothing": None,
    "a word": "x = 1",
    "a list": [message()],
    "no editor": message(**{"from": ""}),
    "a hostile editor": message(**{"from": "<b>"}),
    "a number for an editor": message(**{"from": 7}),
    "no count": message(count=None),
    "a truth for a count": message(count=True),
    "a negative count": message(count=-1),
    "half a count": message(count=1.5),
    "a count beyond counting": message(count=10**12),
    "a number for a text": message(text=1),
    "a text too long": message(text="x" * (MOST + 1)),
    "a word for a version": message(version="0"),
    "no version": message(version=None),
    "an action there is not": message(asked=[1, "Delete"]),
    "a list for an action": message(asked=[1, ["Run"]]),
    "an action without number": message(asked=["Run"]),
    "an action with a negative number": message(asked=[-1, "Run"]),
    "a dictionary for an action": message(asked={"0": 1}),
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_refuses_what_is_no_message(sent: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CoreError):
        received(sent, ["Run"], 0)
    assert take(monkeypatch, sent) == ("", "", [])


def take(monkeypatch: pytest.MonkeyPatch, *messages: object, busy: bool = False) -> tuple[str, str, list[str]]:
    """What is kept after some messages: the text and the action; and what went to the page's draft."""
    state: dict = {"key:cell": kit._Kept(0, "")}
    drafts = list[str]()
    monkeypatch.setattr(kit.st, "session_state", state)
    for sent in messages:
        state["key"] = SimpleNamespace(sent=sent)
        kit._take("key", 0, ("Run", "Check"), busy, drafts.append)
    return state["key:cell"].text, state["key:cell"].asked, drafts


def test_takes_messages_in_order_and_each_action_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, run = message(), message(count=2, asked=[1, "Run"])
    assert take(monkeypatch, first) == ("x = 1", "", ["x = 1"])
    assert take(monkeypatch, run, first) == ("x = 1", "Run", ["x = 1"])  # an old one that comes late is nothing new
    later = message(count=3, text="y", asked=[1, "Run"])  # sent again with what was typed since
    assert take(monkeypatch, run, later) == ("y", "Run", ["x = 1", "y"])
    assert take(monkeypatch, later, message(count=4, asked=[2, "Check"]))[1] == "Check"
    assert take(monkeypatch, message(version=1)) == ("", "", [])  # of a text that was replaced
    assert take(monkeypatch, run, busy=True) == ("x = 1", "", ["x = 1"])
    assert take(monkeypatch, run, message(**{"from": "b2"}, text="z"))[0] == "z"  # another editor counts anew


def test_an_action_that_was_seen_is_not_seen_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = list[dict]()
    state = {"key:cell": kit._Kept(0, "x", Message("a1", 2, "x", 1, "Run"), 1, "Run")}
    monkeypatch.setattr(kit.st, "session_state", state)
    monkeypatch.setattr(kit, "component", lambda *_, **__: lambda data, **__: shown.append(data))
    draw: Callable[..., kit.Edited] = lambda **more: code_cell("stub", key="key", label="2a", **more)  # noqa: E731
    assert draw() == kit.Edited("x", "Run")
    assert draw() == kit.Edited("x", "")
    assert draw(version=1) == kit.Edited("stub", "")
    assert [data["seen"] for data in shown] == [*[{"from": "a1", "count": 2, "asked": 1}] * 2, None]
    with pytest.raises(LimitError, match="at most 200000 letters in one cell, got 200001"):
        code_cell("x" * 200_001, key="key", label="2a")


def test_drops_what_no_database_can_hold() -> None:
    sent = json.loads(json.dumps(message(text="a\0b\ud800c\U0001f600é")))
    kept = received(sent, [], 0)
    assert kept is not None
    assert kept.text == "ab\ufffdc\U0001f600é"
    kept.text.encode()


def test_the_script_is_made_of_the_sources_that_are_there() -> None:
    """Else: make editor."""
    sources = [EDITOR / name for name in ("build.mjs", "cell.mjs", "package-lock.json", "package.json")]
    expected = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    assert SCRIPT.read_text(encoding="utf-8").splitlines()[0] == f"// {expected}"


def test_the_sources_pin_exact_versions_and_name_no_host() -> None:
    package, lock = (json.loads((EDITOR / name).read_text()) for name in ("package.json", "package-lock.json"))
    pinned = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    assert all("resolved" not in entry for entry in lock["packages"].values())
    assert all(entry.get("integrity") for name, entry in lock["packages"].items() if name)


def test_names_the_licences_of_what_the_script_contains() -> None:
    licences = (SCRIPT.parent / "code_cell-LICENSE.txt").read_text(encoding="utf-8")
    lock = json.loads((EDITOR / "package-lock.json").read_text())["packages"]
    for name in ("@codemirror/view", "@codemirror/state", "@lezer/python", "@lezer/markdown", "style-mod"):
        assert f"{name} {lock[f'node_modules/{name}']['version']}\n" in licences
    assert licences.count("Permission is hereby granted") == len(re.findall(r"^\S+ \d+\.\d+\.\d+$", licences, re.M))
