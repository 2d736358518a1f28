"""The way to a provider and back: Streamlit's own sign-in, with the page that somebody wanted to open kept for them.

`st.login` knows no page to come back to and always lands on the front page. So the address lies in a cookie that only
the landing gets to see, and the landing leads on to it, or says that nothing came of it.
"""

import warnings
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote, urlencode

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from classroom.signin.settings import DEFAULT, LANDING, Rules
from pages._kit.addresses import local_path

NEXT = "fovea_next"
WITHIN = 60 * 60  # seconds to sign in at the provider, passwords searched for included
SIGNED_IN = "_streamlit_user"  # Streamlit's cookie


def link_to(provider: str, way_on: str) -> str:
    """The address that leads to a provider."""
    return f"/sign-in/with/{quote(provider, safe='')}?{urlencode({'next': way_on})}"


def choice(rules: Rules, way_on: str, *, failed: bool = False) -> str:
    """One line for each provider, below what went wrong if something did."""
    links = (
        f'<p><a class="first" href="{escape(link_to(name, way_on))}">Sign in with {escape(called(name))}</a></p>'
        for name in rules.providers
    )
    return (_failed(rules) if failed else "") + "".join(links)


def called(provider: str) -> str:
    """A provider's name in a sentence."""
    return "your university" if provider == DEFAULT else provider


def origin(rules: Rules) -> str:
    """Where this server is for the provider."""
    return rules.origin(st.get_option("server.port"))


def elsewhere(rules: Rules, request: Request) -> str:
    """The sentence for somebody who looks at this server by another name; empty if the name is right."""
    right = origin(rules)
    host = (request.headers.get("x-forwarded-host") or request.headers.get("host", "")).partition(",")[0].strip()
    if host.lower() == right.partition("://")[2].lower():
        return ""
    way = escape(f"{right}/sign-in?{request.url.query}".rstrip("?"))
    return (
        f"<p>You are at <strong>{escape(host[:200])}</strong>. Signing in works only at "
        f"<strong>{escape(right)}</strong>, the address that the provider knows.</p>"
        f'<p><a class="first" href="{way}">Go there</a></p>'
        "<p>If you see this there as well, a proxy hides the name: it has to pass on the Host header.</p>"
    )


def depart(rules: Rules, provider: str, way_on: str) -> Response:
    """To the provider, as `st.login` goes there; the address to come back to stays in a cookie."""
    from authlib.deprecate import AuthlibDeprecationWarning
    from streamlit.user_info import generate_login_redirect_url

    # Authlib would rather have httpx2 than what Streamlit brings, and says so to everybody who reads the log.
    warnings.filterwarnings("ignore", "The httpx module is deprecated", AuthlibDeprecationWarning)
    answer = RedirectResponse(generate_login_redirect_url(provider), 303, {"Cache-Control": "no-store"})
    secure = origin(rules).startswith("https://")
    answer.set_cookie(NEXT, quote(way_on), WITHIN, path=LANDING, httponly=True, samesite="lax", secure=secure)
    return answer


@dataclass(frozen=True)
class Landing:
    """Leads on from where the provider sends people back to."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change nothing but where the landing leads."""
        if scope["type"] != "http" or scope["path"] != LANDING:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if not {"code", "error"} & request.query_params.keys():  # back from signing out
            await RedirectResponse("/")(scope, receive, send)
            return

        async def lead_on(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                _lead_on(request, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, lead_on)


def _lead_on(request: Request, headers: MutableHeaders) -> None:
    """Where to, by what Streamlit made of the provider's answer."""
    cookies = [said for said in headers.getlist("set-cookie") if said.startswith(f"{SIGNED_IN}=")]
    inside = any(not said.startswith((f'{SIGNED_IN}="";', f"{SIGNED_IN}=;")) for said in cookies)
    way_on = local_path(unquote(request.cookies.get(NEXT, "")))
    if inside:
        headers["location"] = way_on
        headers.append("set-cookie", f"{NEXT}=; Max-Age=0; Path={LANDING}; HttpOnly; SameSite=Lax")
    elif cookies or SIGNED_IN not in request.cookies:  # else an old answer came again, and they are signed in
        headers["location"] = f"/sign-in?{urlencode({'next': way_on, 'failed': '1'})}"


def _failed(rules: Rules) -> str:
    return (
        '<p class="wrong" role="alert">The provider did not sign you in, or its answer came too late. Try again. '
        f"It can only answer to {escape(origin(rules))}, so open Fovea there.</p>"
    )
