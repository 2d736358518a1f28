"""Signing in and out: who may post, where it leads, what it never says, and the whole way in a browser."""

import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.testclient import TestClient

from benchmarks.browser import PATIENCE
from classroom.people import Person
from classroom.port import Pin
from classroom.roles import Role
from classroom.signin import pins
from classroom.signin.local import COOKIE, INSTRUCTOR, NO_COURSE, WRONG, LocalSignIn, class_code
from classroom.store.sql import SqlClassroom, open_classroom
from pages._kit.addresses import local_path
from pages._kit.look import shortened
from pages._kit.sign_in import ANYWHERE, MOST, Entrance, Typed, form, way_out
from tests.grading import small_course
from tests.serving import copy_of_the_house, serve

ADA = Person("a", "Ada Lovelace", number="0815")
PIN = "271828"
HASHED = pins.hash_pin(PIN)
OURS = {"origin": "http://fovea.test"}
HERE, ELSEWHERE = ("127.0.0.1", 5000), ("192.0.2.7", 5000)
ODD = ["//e.org", "/\\e.org", "\\\\e.org", "https://e.org", "javascript:alert(1)", "/\t/e.org", "/a\r\nSet-Cookie: x=1"]


@pytest.fixture
def course(tmp_path: Path) -> Iterator[SqlClassroom]:
    room = open_classroom(tmp_path / "ledger.sqlite")
    room.keep([ADA])
    room.set_pins({"a": Pin(HASHED)})
    yield room
    room.close()


@pytest.fixture
def door(course: SqlClassroom) -> LocalSignIn:
    return LocalSignIn(lambda: course)


def browse(door: LocalSignIn, *, at: tuple[str, int] = HERE, address: str = "http://fovea.test") -> TestClient:
    app = Starlette(routes=Entrance(door).routes())
    return TestClient(app, address, client=at, follow_redirects=False)


def typed(course: SqlClassroom, **said: str) -> dict[str, str]:
    return {"code": class_code(course), "who": "0815", "pin": PIN, "next": "/assignments?set=ps1"} | said


def inside(door: LocalSignIn, course: SqlClassroom) -> str:
    return door.enter(code=class_code(course), who="0815", pin=PIN, address="127.0.0.1")


class Fields(HTMLParser):
    """The values of a form's fields and the tags of a page, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        if tag == "input":
            self.values[said["name"] or ""] = said.get("value") or ""


def test_leads_in_and_on_and_out(course: SqlClassroom, door: LocalSignIn) -> None:
    client = browse(door)
    empty = client.get("/sign-in?code=abc&next=/assignments?set=ps1")
    assert Fields(empty.text).values == {"next": "/assignments?set=ps1", "code": "abc", "who": "", "pin": ""}
    inside = client.post("/sign-in", data=typed(course), headers=OURS)
    assert (inside.status_code, inside.headers["location"]) == (303, "/assignments?set=ps1")
    said = inside.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "secure" not in said
    cookie = client.cookies[COOKIE]
    assert door.person(cookie) == ADA
    assert "Ada Lovelace" in client.get("/sign-out").text
    assert door.person(cookie) == ADA  # looking at the page ends nothing
    outside = client.post("/sign-out", headers=OURS)
    assert (outside.status_code, outside.headers["location"]) == (303, "/")
    assert COOKIE not in client.cookies
    assert door.person(cookie) is None


def test_keeps_a_cookie_to_https_where_it_came_by_https(course: SqlClassroom, door: LocalSignIn) -> None:
    client = browse(door, address="https://fovea.test")
    inside = client.post("/sign-in", data=typed(course), headers={"origin": "https://fovea.test"})
    assert "; secure" in inside.headers["set-cookie"].lower()


def test_ends_whom_somebody_was_before(course: SqlClassroom, door: LocalSignIn) -> None:
    client = browse(door)
    client.post("/sign-in", data=typed(course), headers=OURS)
    before = client.cookies[COOKIE]
    client.post("/sign-in", data=typed(course), headers=OURS)
    assert door.person(before) is None
    assert door.person(client.cookies[COOKIE]) == ADA


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://e.org"},
        {"origin": "http://fovea.test.e.org"},
        {"origin": "http://e.org:x/[fovea.test"},
        {"origin": "fovea.test"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", **OURS},
        {"sec-fetch-site": "none"},
    ],
)
def test_does_nothing_for_other_sites(course: SqlClassroom, door: LocalSignIn, headers) -> None:
    client = browse(door)
    cookie = client.cookies[COOKIE] = inside(door, course)
    for path in ("/sign-in", "/sign-out"):
        answer = client.post(path, data=typed(course), headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert door.person(cookie) == ADA


def test_believes_a_browser_that_a_proxy_renamed_the_host_for(course: SqlClassroom, door: LocalSignIn) -> None:
    headers = {"sec-fetch-site": "same-origin", "origin": "https://outside.example"}
    assert browse(door).post("/sign-in", data=typed(course), headers=headers).status_code == 303


@pytest.mark.parametrize("odd", [*ODD, "", "assignments", "/" + "a" * 2000], ids=ascii)
def test_leads_nowhere_else(course: SqlClassroom, door: LocalSignIn, odd: str) -> None:
    client = browse(door)
    assert Fields(client.get("/sign-in", params={"next": odd}).text).values["next"] == "/"
    answer = client.post("/sign-in", data=typed(course, next=odd), headers=OURS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_drops_the_query_of_an_address_that_is_too_long() -> None:
    assert local_path("/convolution?state=" + "x" * 1000) == "/convolution"


@pytest.mark.parametrize("wrong", [{"pin": "000000"}, {"code": "nothing"}, {"who": "nobody"}])
def test_says_what_was_wrong_and_keeps_what_was_typed_but_the_pin(course, door: LocalSignIn, wrong) -> None:
    said = typed(course, **wrong)
    answer = browse(door).post("/sign-in", data=said, headers=OURS)
    assert answer.status_code == 403
    assert WRONG in answer.text
    assert "set-cookie" not in answer.headers
    assert Fields(answer.text).values == said | {"pin": ""}
    assert said["pin"] not in answer.text


def test_asks_for_patience_after_too_many(course: SqlClassroom, door: LocalSignIn) -> None:
    client = browse(door)
    answers = [client.post("/sign-in", data=typed(course, pin="999999"), headers=OURS) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {403}
    assert "Wait 30 seconds" in answers[-1].text


@pytest.mark.parametrize(
    "name", ['"><script>alert(1)</script>', "' onfocus=alert(1) x='", "</main><h1>x", "\0\x1b[31m"]
)
def test_shows_a_hostile_name_as_letters(course: SqlClassroom, door: LocalSignIn, name: str) -> None:
    plain = Fields(form(Typed("c", "w"))).tags
    page = browse(door).post("/sign-in", data=typed(course, who=name, code=name), headers=OURS).text
    assert [tag for tag in Fields(page).tags if tag in ("script", "h1", "input")] == ["h1", *["input"] * 4]
    assert Fields(page).values["who"] == Fields(page).values["code"] == name
    assert Fields(form(Typed(name, name, name), name)).tags == plain
    assert Fields(way_out(Person("x", name))).tags == Fields(way_out(ADA)).tags


def test_refuses_what_nobody_types(course: SqlClassroom, door: LocalSignIn) -> None:
    client, kind = browse(door), {"content-type": "application/x-www-form-urlencoded", **OURS}
    right = urlencode(typed(course))
    fill = MOST - len(right) - len("&x=")
    for body, status in ((f"{right}&x={'y' * fill}", 303), (f"{right}&x={'y' * (fill + 1)}", 413)):
        assert client.post("/sign-in", content=body, headers=kind).status_code == status
    assert client.post("/sign-in", content="&".join(f"f{n}=1" for n in range(9)), headers=kind).status_code == 413
    for odd in (b"", b"\xff\xfe=%ff%00", b"pin&who&code", b'{"pin": 1}'):
        assert client.post("/sign-in", content=odd, headers=kind).status_code == 403


def test_may_be_kept_framed_or_scripted_by_nobody(course: SqlClassroom, door: LocalSignIn) -> None:
    client = browse(door)
    answers = [
        client.get("/sign-in"),
        client.get("/sign-out"),
        client.post("/sign-in", headers=OURS),
        client.post("/sign-in", data=typed(course), headers=OURS),
        client.post("/sign-out"),
        client.post("/sign-out", headers=OURS),
        client.get("/sign-in/made-up"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
        )
    assert client.get("/sign-in").headers["content-type"] == "text/html; charset=utf-8"


def test_says_where_there_is_no_course() -> None:
    client = browse(LocalSignIn())
    page, answer = client.get("/sign-in"), client.post("/sign-in", data={"who": "ada"}, headers=OURS)
    assert (page.status_code, answer.status_code) == (200, 403)
    for said in (page.text, answer.text):
        assert NO_COURSE in said
        assert "form" not in Fields(said).tags
    assert "You are not signed in" in client.get("/sign-out").text


def test_logs_neither_pin_nor_code_nor_cookie(course, door: LocalSignIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = browse(door)
    client.post("/sign-in", data=typed(course, pin="161803"), headers=OURS)
    client.post("/sign-in", data=typed(course), headers=OURS)
    cookie = client.cookies[COOKIE]
    client.post("/sign-out", headers=OURS)
    said = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for secret in ("161803", PIN, class_code(course), cookie):
        assert secret not in said


def test_honours_the_instructors_link_once_and_not_for_a_look(door: LocalSignIn) -> None:
    client, link = browse(door), door.link()
    assert client.head(link).status_code == 200
    assert COOKIE not in client.cookies
    assert client.get(link).headers["location"] == "/"
    assert door.person(client.cookies[COOKIE]) == INSTRUCTOR
    again = browse(door).get(link)
    assert again.status_code == 403
    assert "used already" in again.text
    assert client.get(link).headers["location"] == "/", "a bookmark of it leads those in who are in"


@pytest.mark.parametrize(
    ("at", "headers"),
    [
        (ELSEWHERE, {}),
        (("testclient", 1), {}),
        (HERE, {"x-forwarded-for": "127.0.0.1"}),
        (HERE, {"forwarded": "for=x"}),
    ],
    ids=["elsewhere", "no address", "proxy", "new proxy"],
)
def test_honours_the_instructors_link_from_here_only(door, at, headers, monkeypatch: pytest.MonkeyPatch) -> None:
    link, client = door.link(), browse(door, at=at)
    answer = client.get(link, headers=headers)
    assert answer.status_code == 403
    assert f"{ANYWHERE}=1" in answer.text
    monkeypatch.setenv(ANYWHERE, "1")
    assert client.get(link, headers=headers).status_code == 303


def test_shortens_a_name_for_the_menu() -> None:
    assert len(shortened("x" * 200)) == 20


@pytest.mark.browser
def test_comes_back_to_where_somebody_wanted_to_go(tmp_path: Path, browser: Browser) -> None:
    root = copy_of_the_house(tmp_path)
    (root / "pages/mine.py").write_text(
        '"""Course: Mine\n\nOne idea: what is mine.\n\nFor: students."""\n\nimport streamlit as st\n\n'
        'st.title("Mine")\nst.write("set", st.query_params["set"])\n'
    )
    small_course.write(root / "assignments")
    room = open_classroom(root / "assignments/ledger.sqlite")
    room.keep([ADA, Person("i", "Iva", Role.INSTRUCTOR)])
    room.set_pins({"a": Pin(HASHED)})
    code = class_code(room)
    room.close()
    with serve(root) as own:
        context = browser.new_context(viewport={"width": 390, "height": 800})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"{own.address}/mine?set=ps%261")
        page.get_by_role("heading", name="Sign in to open this page").wait_for()
        page.get_by_test_id("stMain").get_by_role("link", name="Sign in").last.click()
        page.get_by_label("Class code").fill(code)
        page.get_by_label("Number, e-mail or name").fill("0815")
        page.get_by_label("PIN").fill("161803")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.get_by_label("PIN").input_value() == ""
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("set ps&1").wait_for()
        assert page.url == f"{own.address}/mine?set=ps%261"
        assert len(context.pages) == 1
        page.get_by_role("button", name="Labs").click()
        listed = page.get_by_test_id("stPopoverBody").get_by_role("link")
        listed.filter(has_text="Mine").wait_for()
        assert "Gradebook" not in listed.all_inner_texts()
        page.goto(f"{own.address}/gradebook")
        page.get_by_role("heading", name="This page is for assistants").wait_for()
        page.get_by_role("button", name="Ada Lovelace").click()
        page.get_by_role("link", name="Sign out").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Fovea").wait_for()
        page.goto(f"{own.address}/mine?set=ps%261")
        page.get_by_role("heading", name="Sign in to open this page").wait_for()
        page.get_by_test_id("stMain").get_by_role("link", name="Sign in").first.wait_for()
        assert page.get_by_role("button", name="Ada Lovelace").count() == 0
        context.close()
        said = own.said()
    assert not re.search(rf"{PIN}|161803|{code}", said)
