"""What a first visit costs, and how it costs less.

Two of Streamlit's fonts are half of its bytes, and neither need travel: the page asks for a typeface before it knows
that ours is another, and for an icon font of which we use a tenth. The addresses of both lead to the small files in
static/ instead.

The rest are scripts and styles that never change while the server runs, so each is made small once, not once for every
visitor: well enough at once for the first of them, and better beside the server for all others. Brotli makes them a
tenth smaller than gzip does, thoroughly done a fifth.
"""

import re
from queue import SimpleQueue
from threading import Thread

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INSTEAD = {
    re.compile(r".*/static/media/SourceSansVF-Upright\.[\w.-]+\.woff2"): "../../app/static/inter.woff2",
    re.compile(r".*/static/media/MaterialSymbols-Rounded\.[\w-]+\.woff2"): "../../app/static/icons.woff2",
}
READS = re.compile(r"(^|[,\s])br\s*(,|$|;\s*q=(1|0?\.\d*[1-9]))")  # what a browser says that can read brotli


class SlimFonts:
    """Sends whoever asks for a large font to the small one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            for large, small in INSTEAD.items():
                if large.fullmatch(scope["path"]):
                    await RedirectResponse(small, 301)(scope, receive, send)
                    return
        await self.app(scope, receive, send)


class SmallScripts:
    """Keeps Streamlit's scripts and styles compressed, and sends them so to every browser that can read it."""

    SUFFIXES = (".js", ".css")
    KINDS = ("text/javascript", "application/javascript", "text/css")  # a made-up address is answered with a page
    QUICK, THOROUGH = 8, 10  # of brotli's qualities: 0.1 s and 1 s of a processor for the scripts of the front page
    LEAST = 1024  # bytes; what is smaller stays as it is

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._kept: dict[str, Response] = {}  # by path; only files that exist come here, so it cannot grow without end
        self._beside = SimpleQueue[tuple[str, Response, bytes]]()
        Thread(target=self._improve, name="compress", daemon=True).start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not self._takes(scope):
            return await self.app(scope, receive, send)
        if scope["path"] not in self._kept:
            answer = await self._answer(scope, receive)
            if answer.status_code != 200 or answer.media_type not in self.KINDS or len(answer.body) < self.LEAST:
                return await answer(scope, receive, send)
            content = bytes(answer.body)
            self._kept[scope["path"]] = await run_in_threadpool(_small, answer, content, self.QUICK)
            self._beside.put((scope["path"], answer, content))
        return await self._kept[scope["path"]](scope, receive, send)

    def _takes(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        asked = Headers(scope=scope)
        whole = "range" not in asked and "if-none-match" not in asked and "if-modified-since" not in asked
        script = "/static/" in scope["path"] and scope["path"].endswith(self.SUFFIXES)
        return script and whole and READS.search(asked.get("accept-encoding", "")) is not None

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        """What the application has to say, whole and uncompressed."""
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, keep)
        content = b"".join(message.get("body", b"") for message in kept)
        gone = 499  # the browser has left before anything was said
        answer = Response(content, next((message["status"] for message in kept if "status" in message), gone))
        answer.raw_headers = [pair for message in kept for pair in message.get("headers", ())]
        answer.media_type = answer.headers.get("content-type", "").partition(";")[0]
        return answer

    def _improve(self) -> None:
        while True:
            path, answer, content = self._beside.get()
            self._kept[path] = _small(answer, content, self.THOROUGH)


def _small(answer: Response, content: bytes, quality: int) -> Response:
    small = Response(brotli.compress(content, quality=quality))
    small.raw_headers = [pair for pair in answer.raw_headers if pair[0] != b"content-length"]
    headers = MutableHeaders(raw=small.raw_headers)
    headers["content-encoding"] = "br"
    headers["content-length"] = str(len(small.body))
    headers.add_vary_header("Accept-Encoding")
    return small
