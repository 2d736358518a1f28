"""Signing in and out: two small pages without a script, and the instructor's link.

Only a page of ours may post to them; where somebody wanted to go is kept, as long as that is here.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from classroom.people import Person
from classroom.signin.local import COOKIE, LIFETIME, NO_COURSE, LocalSignIn, NotLetIn
from classroom.signin.settings import Rules
from grading.configuration import current
from pages._kit import by_provider
from pages._kit.addresses import local_path

ANYWHERE = "FOVEA_LOCAL_ANYWHERE"  # 1: the instructor's link works from other machines as well
MOST = 4096  # bytes of a form
SHUT = "This server signs people in by their provider only."
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
STYLE = """
:root { color-scheme: light dark; --text: #111111; --ground: #FFFFFF; --field: #F1F4F7; --line: #6B7684;
  --first: #0068A3; --on-first: #FFFFFF; --wrong: #A3261B; }
@media (prefers-color-scheme: dark) { :root { --text: #F2F4F6; --ground: #0F1419; --field: #1B232C; --line: #8A96A5;
  --first: #56B4E9; --on-first: #0E1117; --wrong: #FF9C8F; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 Inter, system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 3rem 1.25rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 2rem; line-height: 1.2; }
label { display: block; margin-top: 1.25rem; font-weight: 600; }
input, button { width: 100%; font: inherit; padding: 0.6rem 0.75rem; border-radius: 0.5rem; }
input { margin-top: 0.25rem; border: 1px solid var(--line); background: var(--field); color: inherit; }
button { margin-top: 1.75rem; border: 0; background: var(--first); color: var(--on-first); font-weight: 600;
  cursor: pointer; }
a { color: var(--first); }
.first { display: block; margin-top: 1.25rem; padding: 0.6rem 0.75rem; border-radius: 0.5rem; background: var(--first);
  color: var(--on-first); font-weight: 600; text-align: center; text-decoration: none; }
:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
.wrong { padding: 0.75rem 1rem; border-left: 4px solid var(--wrong); background: var(--field); }
"""


class Typed(NamedTuple):
    """What somebody wrote into the form; their PIN is not kept with it."""

    code: str = ""
    who: str = ""
    next: str = "/"


class TooLong(ValueError):
    """A form that nobody types."""


def same_origin(request: Request) -> bool:
    """Whether a page of ours sent it. Browsers say so themselves, and over plain http at least name the origin."""
    if fetched := request.headers.get("sec-fetch-site"):
        return fetched == "same-origin"
    try:
        origin = urlsplit(request.headers.get("origin", ""))
    except ValueError:
        return False
    return origin.scheme in ("http", "https") and origin.netloc == request.headers.get("host")


def from_here(request: Request) -> bool:
    """Whether it comes from this very machine, and not through a proxy on it."""
    if any(name in request.headers for name in ("x-forwarded-for", "forwarded")):
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Entrance:
    """The addresses that lead through a door and out again."""

    door: LocalSignIn
    rules: Callable[[], Rules | None] = lambda: None  # of a provider; with one, this door opens if they say so

    def routes(self) -> list[Route]:
        """What the server answers besides pages."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.enter, methods=["POST"]),
            Route("/sign-in/with/{provider}", self.by_provider, methods=["GET"]),
            Route("/sign-in/{token}", self.by_link, methods=["GET"]),
            Route("/sign-out", self.ask_out, methods=["GET"]),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The ways in that there are: a provider's, the form, or both. A lone provider is asked at once."""
        said, rules = request.query_params, self.rules()
        typed = Typed(said.get("code", ""), "", local_path(said.get("next", "")))
        if rules and (wrong_name := by_provider.elsewhere(rules, request)):
            return _page("Sign in", wrong_name, 400)
        if rules and not rules.local and len(rules.providers) == 1 and "failed" not in said:
            return by_provider.depart(rules, rules.providers[0], typed.next)
        ways = by_provider.choice(rules, typed.next, failed="failed" in said) if rules else ""
        if rules and not rules.local:
            return _page("Sign in", ways + _back("/", "Back to the labs"))
        if await run_in_threadpool(self.door.course) is None:
            return _page("Sign in", ways + no_course())
        return _page("Sign in", ways + form(typed))

    async def by_provider(self, request: Request) -> Response:
        """To one of the providers."""
        rules, name = self.rules(), request.path_params["provider"]
        if rules is None or name not in rules.providers:
            return _page("Sign in", "<p>There is no such provider here.</p>" + _back("/sign-in", "Sign in"), 404)
        if wrong_name := by_provider.elsewhere(rules, request):
            return _page("Sign in", wrong_name, 400)
        return by_provider.depart(rules, name, local_path(request.query_params.get("next", "")))

    async def enter(self, request: Request) -> Response:
        """The filled form: a cookie and the way on, or the form again with what was wrong."""
        if self._shut():
            return _page("Sign in", _said(SHUT) + _back("/sign-in", "Sign in"), 403)
        if not same_origin(request):
            return _forged("Sign in")
        try:
            said = await _fields(request)
        except TooLong as error:
            return _page("Sign in", form(Typed(), str(error)), 413)
        typed = Typed(said.get("code", ""), said.get("who", ""), local_path(said.get("next", "")))
        pin, address = said.get("pin", ""), request.client.host if request.client else ""

        def tried() -> str:
            return self.door.enter(code=typed.code, who=typed.who, pin=pin, address=address)

        try:
            cookie = await run_in_threadpool(tried)
        except NotLetIn as refusal:
            again = no_course() if str(refusal) == NO_COURSE else form(typed, str(refusal))
            return _page("Sign in", again, 403)
        await run_in_threadpool(self.door.end, request.cookies.get(COOKIE))  # who they were before, if somebody
        return _with_cookie(request, cookie, typed.next)

    async def by_link(self, request: Request) -> Response:
        """Turn the printed one-time link into a cookie; a program that only looks whether it is there gets none."""
        if self._shut():
            return PlainTextResponse(SHUT, 403, HEADERS)
        if not from_here(request) and not current().local_anywhere:
            return PlainTextResponse(
                "The instructor's link works only on the machine that Fovea runs on. To use it from another one, "
                f"start Fovea with {ANYWHERE}=1.",
                403,
                HEADERS,
            )
        if request.method != "GET":
            return PlainTextResponse("", headers=HEADERS)
        cookie = await run_in_threadpool(self.door.redeem, request.path_params["token"])
        if cookie is not None:
            return _with_cookie(request, cookie, "/")
        if await run_in_threadpool(self.door.person, request.cookies.get(COOKIE)):  # who came by it opens it again
            return RedirectResponse("/", 303, HEADERS)
        gone = "This link was used already or is not ours. Restart Fovea for a new one."
        return _page("Sign in", _said(gone) + _back("/", "Back to the labs"), 403)

    def _shut(self) -> bool:
        """Whether a provider is the only way in."""
        rules = self.rules()
        return rules is not None and not rules.local

    async def ask_out(self, request: Request) -> Response:
        """Who is signed in, and a button to end that."""
        who = await run_in_threadpool(self.door.person, request.cookies.get(COOKIE))
        return _page("Sign out", way_out(who))

    async def leave(self, request: Request) -> Response:
        """End it, in this browser and for the cookie itself."""
        if not same_origin(request):
            return _forged("Sign out")
        await run_in_threadpool(self.door.end, request.cookies.get(COOKIE))
        answer = RedirectResponse("/", 303, HEADERS)
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https")
        return answer


def form(typed: Typed, refusal: str = "") -> str:
    """The fields, with what was typed before and why it did not do."""
    empty = "code" if not typed.code else "who" if not typed.who else "pin"

    def field(name: str, label: str, value: str, more: str) -> str:
        focus = " autofocus" if name == empty else ""
        return (
            f'<label for="{name}">{label}</label>'
            f'<input id="{name}" name="{name}" value="{escape(value)}" required {more}{focus}>'
        )

    return (
        (_said(refusal) if refusal else "<p>Your instructor gave you a class code and a PIN.</p>")
        + '<form method="post" action="/sign-in">'
        + f'<input type="hidden" name="next" value="{escape(typed.next)}">'
        + field("code", "Class code", typed.code, 'maxlength="40" autocomplete="off" autocapitalize="none"')
        + field("who", "Number, e-mail or name", typed.who, 'maxlength="200" autocomplete="username"')
        + field("pin", "PIN", "", 'type="password" inputmode="numeric" maxlength="20" autocomplete="off"')
        + "<button>Sign in</button></form>"
        + "<p>No PIN, or forgotten? Your instructor can draw you a new one.</p>"
        + _back("/", "Back to the labs")
    )


def no_course() -> str:
    """What stands here where there is nothing to sign in to."""
    link = "An instructor comes in by the link that Fovea printed when it started."
    return f"<p>{NO_COURSE}</p><p>{link}</p>" + _back("/", "Back to the labs")


def way_out(who: Person | None) -> str:
    """The one button that signs out."""
    if who is None:
        return "<p>You are not signed in.</p>" + _back("/sign-in", "Sign in") + _back("/", "Back to the labs")
    return (
        f"<p>You are signed in as <strong>{escape(who.name)}</strong>.</p>"
        '<form method="post" action="/sign-out"><button>Sign out</button></form>' + _back("/", "Back to the labs")
    )


async def _fields(request: Request) -> dict[str, str]:
    """What was typed. Read piece by piece, so that a long one is not kept."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST:
            raise TooLong("That was longer than a code, a name and a PIN.")
    try:
        said = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace", max_num_fields=8)
    except ValueError as error:
        raise TooLong("That was more than a code, a name and a PIN.") from error
    return {name: values[0] for name, values in said.items()}


def _with_cookie(request: Request, cookie: str, way_on: str) -> Response:
    answer = RedirectResponse(way_on, 303, HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, max_age=LIFETIME, httponly=True, samesite="lax", secure=secure)
    return answer


def _page(title: str, content: str, status: int = 200) -> Response:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Fovea</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>{content}</main></body></html>",
        status,
        HEADERS,
    )


def _forged(title: str) -> Response:
    again = _back(f"/{title.lower().replace(' ', '-')}", title)
    return _page(title, _said("This did not come from our own page, so nothing was done.") + again, 403)


def _said(refusal: str) -> str:
    return f'<p class="wrong" role="alert">{escape(refusal)}</p>'


def _back(address: str, label: str) -> str:
    return f'<p><a href="{address}">{label}</a></p>'
