"""Who is in: every open page counts, and past a bound whoever comes new is asked to come again in a moment.

A process that takes more than it can carry fails everybody; one that turns some away serves the others. Those who are
in go on, and come back in when they reload or their network was away: the browser keeps the number of their place.
"""

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from grading.configuration import current
from pages._kit.operations import metrics
from pages._kit.operations.sending_back import has_nothing_yet, send_back
from pages._kit.sign_in import HEADERS, STYLE

STREAM = "/_stcore/stream"
NO_PAGES = ("/api/", "/_stcore/", "/static/", "/app/static/", "/media/", "/component/", "/auth/", "/oauth2callback")
OPEN = ("/sign-in", "/sign-out")  # small pages without a session
PLACE = "fovea_place"  # the cookie; it says nothing about anybody
DRAWN = re.compile(r"[\w-]{22}")
PROMISED = 15.0  # seconds for which a place is kept for somebody whose browser has only the page yet
RETURN = 60.0  # seconds for which somebody who was in comes in past the bound
CONTENT = "default-src 'none'; style-src 'unsafe-inline'"  # it may stand in another site's frame, as any lab may
SHORT = 200  # bytes: the message that a script has finished is a small one
PLACES = 10_000  # that are remembered before the old ones are looked for
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
Why = Literal["full", "ending"]
SAID: Mapping[Why, tuple[str, str]] = {
    "full": ("Fovea is full", "Every place on this server is taken just now, and those who are in go on."),
    "ending": ("Fovea starts anew", "This server is about to be started again."),
}


@dataclass
class Door:
    """Counts who is in and decides who comes in. Asked from the server's one loop, so it needs no lock."""

    bound: Callable[[], int]  # 0: none
    clock: Callable[[], float] = time.monotonic
    inside: int = 0
    ending: bool = False
    _here: Counter[str] = field(default_factory=Counter)  # open pages by place
    _promised: dict[str, float] = field(default_factory=dict)  # until when
    _left: dict[str, float] = field(default_factory=dict)  # until when they may come back
    _sent_back: dict[str, float] = field(default_factory=dict)  # until when they are not sent back again

    @property
    def why(self) -> Why:
        """Why somebody is turned away."""
        return "ending" if self.ending else "full"

    def knows(self, place: str) -> bool:
        """Whether they are in, or were a moment ago."""
        return place != "" and (self._here[place] > 0 or self._left.get(place, 0.0) > self.clock())

    def shows_page(self, place: str) -> bool:
        """Whether a browser gets the page; if so, a place is kept for it for a moment."""
        if self.knows(place):
            return self._here[place] > 0 or self.opens(place)  # a reload gives up its place
        now = self.clock()
        self._forget(now)
        waiting = sum(until > now for each, until in self._promised.items() if each != place)
        if self.ending or (self.bound() and self.inside + waiting >= self.bound()):
            return False
        if self.bound():
            self._promised[place] = now + PROMISED
        return True

    def opens(self, place: str) -> bool:
        """Whether a page may be opened. Who was in goes past the bound, by a quarter of it at most."""
        most = self.bound()
        if self.knows(place):
            return not most or self.inside < most + max(1, most // 4)
        return not self.ending and (not most or self.inside < most)

    def sends_back(self, place: str) -> bool:
        """Whether who has the page, and is not let in, is to ask for it anew: not again soon, or it never ends."""
        now = self.clock()
        if not place or self._sent_back.get(place, 0.0) > now:
            return False
        if len(self._sent_back) >= PLACES:
            self._sent_back = {each: until for each, until in self._sent_back.items() if until > now}
        if len(self._sent_back) < PLACES:
            self._sent_back[place] = now + RETURN
        return place in self._sent_back

    def enter(self, place: str) -> None:
        """A page was opened."""
        self.inside += 1
        self._here[place] += 1
        self._promised.pop(place, None)

    def leave(self, place: str) -> None:
        """It was closed."""
        self.inside -= 1
        self._here[place] -= 1
        if not self._here[place]:
            del self._here[place]
            if place:
                self._left[place] = self.clock() + RETURN
                self._forget(self.clock())

    def _forget(self, now: float) -> None:
        if len(self._promised) + len(self._left) > PLACES or len(self._promised) >= self.bound() > 0:
            self._promised = {place: until for place, until in self._promised.items() if until > now}
            self._left = {place: until for place, until in self._left.items() if until > now}


door = Door(lambda: current().sessions)  # of this process
metrics.sessions.set_function(lambda: door.inside)
metrics.bound.set_function(lambda: door.bound())


@dataclass(frozen=True)
class Visits:
    """Lets people in by a door, and takes the time of what they get there."""

    app: ASGIApp
    door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or stay with one open page."""
        if scope["type"] == "websocket" and scope["path"].endswith(STREAM):
            await self._page_open(scope, receive, send)
        elif scope["type"] == "http" and _asks_for_a_page(scope):
            await self._page(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = place_of(scope)
        place = known or secrets.token_urlsafe(16)
        if not self.door.shows_page(place):
            metrics.refused.labels(self.door.why).inc()
            return await turned_away(self.door.why)(scope, receive, send)
        cookie = f"{PLACE}={place}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if scope['scheme'] == 'https' else ''}"

        async def with_place(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, send if known else with_place)

    async def _page_open(self, scope: Scope, receive: Receive, send: Send) -> None:
        place = place_of(scope)
        if not self.door.opens(place):
            metrics.refused.labels(self.door.why).inc()
            if has_nothing_yet(scope) and self.door.sends_back(place):
                return await send_back(receive, send)
            return await _shut(scope, receive, send, turned_away(self.door.why))
        timed = _Timed(receive, send)
        self.door.enter(place)
        try:
            await self.app(scope, timed.receive, timed.send)
        finally:
            self.door.leave(place)


@dataclass
class _Timed:
    """The wire of one open page, and when its visitor first asked for what has not come yet."""

    hears: Receive
    says: Send
    asked: float | None = None

    async def receive(self) -> Message:
        message = await self.hears()
        if self.asked is None and (data := message.get("bytes")):
            said = BackMsg()
            try:
                said.ParseFromString(data)
            except ValueError:  # Streamlit ends a page that speaks so
                return message
            if said.WhichOneof("type") == "rerun_script":
                self.asked = time.monotonic()
        return message

    async def send(self, message: Message) -> None:
        await self.says(message)
        data = message.get("bytes")
        if self.asked is None or not data or len(data) > SHORT:
            return
        told = ForwardMsg.FromString(data)
        if told.WhichOneof("type") == "script_finished" and told.script_finished in DONE:
            metrics.answers.observe(time.monotonic() - self.asked)
            self.asked = None


def place_of(scope: Scope) -> str:
    """The number of the place that a browser was given; empty if it shows none."""
    said = HTTPConnection(scope).cookies.get(PLACE, "")
    return said if DRAWN.fullmatch(said) else ""


def _asks_for_a_page(scope: Scope) -> bool:
    path, asked = scope["path"], Headers(scope=scope)
    page = scope["method"] == "GET" and "text/html" in asked.get("accept", "")
    return page and not path.startswith(NO_PAGES) and path.rstrip("/") not in OPEN and not path.startswith("/sign-in/")


def turned_away(why: Why) -> Response:
    """A small page with a way to try again; not by itself, since a page that changes unasked is hard to read."""
    title, told = SAID[why]
    again = 10 + secrets.randbelow(11)  # not everybody at the same moment, where a program heeds it
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1><p>{told}</p><p>Try again in a moment.</p>"
        f'<p><a class="first" href="">Try again</a></p></main></body></html>',
        503,
        {**HEADERS, "Content-Security-Policy": CONTENT, "Retry-After": str(again)},
    )


async def _shut(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    """The same to a browser that would open a page: an answer instead of a socket, where the server can do that."""
    await receive()
    if "websocket.http.response" in scope.get("extensions", {}):
        headers = [pair for pair in answer.raw_headers if pair[0] in (b"retry-after", b"cache-control")]
        await send({"type": "websocket.http.response.start", "status": answer.status_code, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": 1013, "reason": "try again later"})
