"""Signing in by a provider: the way there and back, what the server says, and the whole way at two real providers."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit as st
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config, user_info
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest

from benchmarks.browser import PATIENCE
from benchmarks.serve import Server, free_port
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.port import Pin
from classroom.roles import Role
from classroom.signin.local import COOKIE, LocalSignIn, class_code
from classroom.signin.pins import hash_pin
from classroom.signin.settings import DEFAULT, Rules
from classroom.store.sql import SqlClassroom, open_classroom
from pages._kit import people
from pages._kit.by_provider import NEXT, SIGNED_IN, Landing
from pages._kit.sign_in import SHUT, Entrance
from tests.grading import small_course
from tests.pages import providers
from tests.pages.providers import SECRET, Provider, secrets
from tests.serving import copy_of_the_house, serve

ADA, BEN = Person("a", "Ada Lovelace", email="ada@example.org"), Person("b", "Ben")
UNI = Rules(("uni",), "https://fovea.test/oauth2callback")
BOTH = Rules(("uni", DEFAULT), UNI.redirect_uri, local=True)
ODD = ["//e.org", "https://e.org", "/\\e.org", "/a\r\nSet-Cookie: x=1"]


@pytest.fixture(autouse=True)
def streamlits_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_info, "generate_login_redirect_url", lambda name: f"/auth/login?provider={name}")


def browse(rules: Rules | None, *, address: str = "https://fovea.test", landing: Response | None = None) -> TestClient:
    async def callback(_request: Request) -> Response:
        return landing or RedirectResponse("/")

    routes = [Route("/oauth2callback", callback), *Entrance(LocalSignIn(), lambda: rules).routes()]
    app = Starlette(routes=routes, middleware=[Middleware(Landing)])
    return TestClient(app, address, follow_redirects=False)


def test_goes_to_a_lone_provider_at_once_and_remembers_the_page() -> None:
    client = browse(UNI)
    away = client.get("/sign-in?next=/mine?set=ps%25261")
    assert (away.status_code, away.headers["location"]) == (303, "/auth/login?provider=uni")
    said = away.headers["set-cookie"]
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/oauth2callback", "Max-Age=3600"):
        assert word in said


def test_lets_people_choose_where_there_are_several_ways() -> None:
    page = browse(BOTH).get("/sign-in?next=/mine").text
    assert 'href="/sign-in/with/uni?next=%2Fmine"' in page
    assert "Sign in with your university" in page
    away = browse(BOTH).get("/sign-in/with/default?next=/mine")
    assert away.headers["location"] == "/auth/login?provider=default"
    assert browse(BOTH).get("/sign-in/with/evil").status_code == 404
    assert browse(None).get("/sign-in/with/uni").status_code == 404


def signed_in(**more: str) -> Response:
    answer = RedirectResponse("/")
    answer.set_cookie(SIGNED_IN, "signed", **more)
    return answer


def test_lands_on_the_page_that_was_asked_for_once() -> None:
    client = browse(UNI, landing=signed_in())
    client.get("/sign-in?next=/mine?set=ps%25261")
    back = client.get("/oauth2callback?code=1&state=2")
    assert back.headers["location"] == "/mine?set=ps%261"
    assert NEXT not in client.cookies
    assert client.get("/oauth2callback?code=1&state=2").headers["location"] == "/"


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_leads_nowhere_else(odd: str) -> None:
    client = browse(UNI, landing=signed_in())
    client.get("/sign-in", params={"next": odd})
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"
    forged = browse(UNI, landing=signed_in())
    forged.cookies.set(NEXT, odd.replace("\r\n", "%0d%0a"))
    assert forged.get("/oauth2callback?code=1").headers["location"] == "/"


def test_says_so_when_nothing_came_of_it() -> None:
    client = browse(UNI)
    client.get("/sign-in?next=/mine")
    back = client.get("/oauth2callback?error=access_denied&state=2")
    assert back.headers["location"] == "/sign-in?next=%2Fmine&failed=1"
    page = client.get(back.headers["location"])
    assert page.status_code == 200
    assert "The provider did not sign you in" in page.text
    assert 'href="/sign-in/with/uni?next=%2Fmine"' in page.text


def test_says_so_when_streamlit_threw_the_sign_in_away() -> None:
    gone = RedirectResponse("/")
    gone.delete_cookie(SIGNED_IN)
    client = browse(UNI, landing=gone)
    client.cookies.set(SIGNED_IN, "old")
    assert client.get("/oauth2callback?code=1").headers["location"].startswith("/sign-in?")


def test_leaves_alone_who_is_signed_in_or_has_just_signed_out() -> None:
    client = browse(UNI)
    assert client.get("/oauth2callback").headers["location"] == "/"
    client.cookies.set(SIGNED_IN, "still")
    assert client.get("/oauth2callback?code=old&state=old").headers["location"] == "/"


@pytest.mark.parametrize("path", ["/sign-in?next=/mine", "/sign-in/with/uni?next=/mine"])
def test_says_where_it_can_be_done(path: str) -> None:
    page = browse(UNI, address="https://other.test").get(path)
    assert page.status_code == 400
    assert "https://fovea.test/sign-in?next=/mine" in page.text
    assert "set-cookie" not in page.headers
    headers = {"x-forwarded-host": "fovea.test"}
    assert browse(UNI, address="http://inside:8501").get(path, headers=headers).status_code == 303


def test_shuts_the_other_door() -> None:
    client, headers = browse(UNI), {"origin": "https://fovea.test"}
    answers = client.post("/sign-in", data={"who": "ada"}, headers=headers), client.get("/sign-in/token")
    assert [(answer.status_code, SHUT in answer.text) for answer in answers] == [(403, True)] * 2
    assert all("set-cookie" not in answer.headers for answer in answers)
    assert "Class code" not in client.get("/sign-in?failed=1").text
    assert browse(BOTH).get("/sign-in/token", headers=headers).text != SHUT


# -- the secrets file


@pytest.fixture
def secrets_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before, file = st.get_option("secrets.files"), tmp_path / "secrets.toml"
    config.set_option("secrets.files", [str(file)])
    monkeypatch.setattr(st, "secrets", Secrets())
    yield file
    config.set_option("secrets.files", before)


@pytest.mark.parametrize("text", [None, "other = 1\n"], ids=["no file", "of others"])
def test_stays_local_where_no_provider_is_named(secrets_file: Path, text: str | None) -> None:
    if text:
        secrets_file.write_text(text)
    assert people.rules() is None
    assert people.how_to_sign_in("http://localhost:1").startswith("Instructors sign in once at http://localhost:1/sign")


def test_reads_the_provider_and_prints_no_link(secrets_file: Path) -> None:
    secrets_file.write_text(secrets("https://login"))
    assert people.rules() == Rules(
        ("uni",), issuers=("https://login",), role="roles", roles=(("lecturer", Role.INSTRUCTOR),)
    )
    assert (
        people.how_to_sign_in("x")
        == f"People sign in by uni at http://localhost:{st.get_option('server.port')}/sign-in"
    )


@pytest.mark.parametrize("text", ["[auth\n", "[fovea.sign_in]\nlocal = true\n"], ids=["not TOML", "no provider"])
def test_opens_no_door_when_the_file_is_wrong(secrets_file: Path, text: str) -> None:
    secrets_file.write_text(text)
    with pytest.raises(ClassroomError):
        people.how_to_sign_in("x")


# -- on a page


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlClassroom]:
    room = open_classroom(tmp_path / "ledger.sqlite")
    room.keep([ADA, BEN])
    monkeypatch.setattr(people, "classroom_of", lambda: room)
    monkeypatch.setattr(people, "sign_in", LocalSignIn(lambda: room))
    people.by_provider.cache_clear()
    yield room
    people.by_provider.cache_clear()
    room.close()


def ben_by_pin(course: SqlClassroom) -> str:
    course.set_pins({"b": Pin(hash_pin("271828"))})
    return people.sign_in.enter(code=class_code(course), who="Ben", pin="271828", address="127.0.0.1")


def show(monkeypatch: pytest.MonkeyPatch, cookie: str) -> None:
    """Let pages see this cookie of ours."""
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _self: {COOKIE: cookie}))


def arrived() -> None:
    import streamlit as st

    from pages._kit.guard import arrival, sign_out

    came = arrival()
    st.text(f"{came.person.key if came.person else None}; {came.refusal[:25]}; {came.by_provider}")
    sign_out(came, key="out")


IN = {"is_logged_in": True, "iss": "https://login", "sub": "1", "email": "ada@example.org", "email_verified": True}
EVE = IN | {"sub": "2", "email_verified": False}


@pytest.mark.parametrize(
    ("rules", "claims", "pin", "expected"),
    [
        (None, {}, True, "b; ; False"),
        (None, IN, False, "None; ; False"),
        (UNI, {}, True, "None; ; False"),
        (UNI, IN, False, "a; ; True"),
        (UNI, IN, True, "a; ; True"),
        (UNI, EVE, True, "None; The provider says: ada@ex; True"),
        (BOTH, {}, True, "b; ; False"),
        (BOTH, EVE, True, "b; ; True"),
        (BOTH, EVE, False, "None; The provider says: ada@ex; True"),
        (UNI, IN | {"iat": 0}, False, "None; ; True"),
    ],
    ids=[
        "local: PIN",
        "local: what a provider said is nothing",
        "provider: PIN is nothing",
        "provider",
        "provider before PIN",
        "provider: a stranger",
        "both: PIN",
        "both: a stranger with a PIN",
        "both: a stranger",
        "provider: long ago",
    ],
)
def test_knows_who_looks(course: SqlClassroom, rules, claims, pin: bool, expected: str, monkeypatch) -> None:
    monkeypatch.setattr(people, "rules", lambda: rules)
    page = AppTest.from_function(arrived)
    page.user.clear()
    page.user.update({"iat": int(time.time())} | claims)
    if pin:
        show(monkeypatch, ben_by_pin(course))
    page.run()
    assert not page.exception
    assert page.text[0].value == expected


def test_ends_a_sign_in_for_good(course: SqlClassroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "rules", lambda: BOTH)
    claims, cookie = IN | {"iat": int(time.time())}, ben_by_pin(course)
    page = AppTest.from_function(arrived)
    page.user.clear()
    page.user.update(claims)
    show(monkeypatch, cookie)
    page.run()
    page.button(key="out").click().run()
    assert not page.exception
    assert people.by_provider(BOTH).person(claims) is None
    assert people.sign_in.person(cookie) is None


# -- in a browser


MINE = (
    '"""Course: Mine\n\nOne idea: what is mine.\n\nFor: students."""\n\nimport streamlit as st\n\n'
    "from pages._kit import course\n\n"
    'st.title("Mine")\nst.write("set", st.query_params["set"], course.member().role.name)\n'
)
HEADS = (
    '"""Course: Heads\n\nOne idea: for instructors.\n\nFor: instructors."""\n\nimport streamlit as st\n\n'
    'st.title("Heads")\nst.write("THE MARKS")\n'
)


@contextmanager
def house(folder: Path, provider: Provider) -> Iterator[Server]:
    """Our app with Ada on its roster, and the provider that its secrets file names."""
    root, port = copy_of_the_house(folder), free_port()
    (root / ".streamlit/secrets.toml").write_text(secrets(f"http://localhost:{port}"))
    (root / "pages/mine.py").write_text(MINE)
    (root / "pages/heads.py").write_text(HEADS)
    small_course.write(root / "assignments")
    room = open_classroom(root / "assignments/ledger.sqlite")
    room.keep([ADA])
    room.close()
    with serve(root) as own, provider.serve(port, f"http://localhost:{own.port}/oauth2callback"):
        yield own


def sign_out(page: Page, name: str, provider: Provider) -> None:
    page.get_by_role("button", name=name).click()
    page.get_by_role("button", name="Sign out").click()
    provider.sign_out(page)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("which", ["mock", "certified"])
def test_the_whole_way(tmp_path: Path, browser: Browser, which: str) -> None:
    provider = providers.mock() if which == "mock" else providers.certified(providers.install(tmp_path / "node"))
    with house(tmp_path, provider) as own:
        home = f"http://localhost:{own.port}"
        context = browser.new_context(viewport={"width": 390, "height": 800})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()

        # A student's deep link, by the wrong name of the server first.
        page.goto(f"{own.address}/sign-in?next=/mine?set=ps%25261")
        page.get_by_text("Signing in works only at").wait_for()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert Axe().run(page).response["violations"] == []
        page.get_by_role("link", name="Go there").click()
        provider.sign_in(page, "ada-1")
        page.get_by_text("set ps&1 STUDENT").wait_for()
        assert page.url == f"{home}/mine?set=ps%261"
        page.goto(f"{home}/heads")
        page.get_by_role("heading", name="This page is for instructors").wait_for()
        assert "THE MARKS" not in page.content()
        sign_out(page, "Ada Lovelace", provider)
        page.goto(f"{home}/heads")

        # An instructor whom only a claim makes one, from the guard of the very page.
        page.get_by_test_id("stMain").get_by_role("link", name="Sign in").last.click()
        provider.sign_in(page, "iva-1")
        page.get_by_text("THE MARKS").wait_for()
        assert page.url == f"{home}/heads"
        other = context.new_page()
        other.goto(f"{home}/heads")
        other.get_by_text("THE MARKS").wait_for()
        sign_out(page, "Iva Instructor", provider)
        other.get_by_role("button", name="Labs").click()  # a tab that is still open reads its sign-in anew
        other.get_by_role("heading", name="Sign in to open this page").wait_for()

        # Whom nobody knows, with an address that is not theirs.
        page.goto(f"{home}/mine?set=1")
        page.get_by_test_id("stMain").get_by_role("link", name="Sign in").last.click()
        provider.sign_in(page, "eve-1")
        page.get_by_role("heading", name="You are not a member of this course").wait_for()
        page.get_by_text("The provider says: Eve <b>, ada@example.org (not verified).").wait_for()
        page.get_by_test_id("stMain").get_by_role("button", name="Sign out").last.click()
        provider.sign_out(page)
        page.goto(f"{home}/mine?set=1")
        page.get_by_role("heading", name="Sign in to open this page").wait_for()
        context.close()
        said = own.said()
    assert SECRET not in said
    assert not re.search(r"Instructors sign in once|Authentication error|Missing provider|access_token|Warning", said)
