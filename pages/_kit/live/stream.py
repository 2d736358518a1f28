"""The addresses of the live class: a stream that tells every page where the class is, and where a presenter moves it.

Everybody may listen, as everybody may open a lab. Who moves the class proves it by the word that the presenting tab
was given, which no other page knows.
"""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from classroom.errors import ClassroomError
from classroom.live.lecture import TAKEN, move
from grading.errors import GradingError
from pages._kit.discovery import open_to_all
from pages._kit.live.hub import Hub
from pages._kit.sign_in import same_origin

MOST = 3000  # pages that may listen to one process
STILL_HERE = 15.0  # seconds between two signs of life, so that nothing on the way gives the stream up
LONGEST = 20_000  # bytes of a move
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def routes(hub: Hub) -> list[Route]:
    """Both of them."""

    async def listen(_request: Request) -> Response:
        if hub.listeners >= MOST:
            return PlainTextResponse("Too many pages listen already.", 503, {"Retry-After": "10"})
        return StreamingResponse(told(hub), media_type="text/event-stream", headers=HEADERS)

    async def lead(request: Request) -> Response:
        return await led(hub, request)

    return [Route("/api/live", listen), Route("/api/live/at", lead, methods=["POST"])]


async def told(hub: Hub) -> AsyncIterator[str]:
    """What the class sees, now and whenever it changes."""
    with hub.listening() as changed:
        last = ""
        while not hub.over:
            changed.clear()
            if hub.message != last:
                await hub.turn()
            message = hub.message
            yield ": still here\n\n" if message == last else f"data: {message}\n\n"
            last = message
            try:
                async with asyncio.timeout(STILL_HERE):
                    await changed.wait()
            except TimeoutError:
                continue


async def led(hub: Hub, request: Request) -> Response:
    """A presenting tab says where it is."""
    if not same_origin(request):
        return PlainTextResponse("Only a page of ours leads a class.", 403)
    body = await _body(request)
    if body is None:
        return PlainTextResponse("That is longer than any address.", 413)
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return PlainTextResponse("That is not JSON.", 400)
    memory = await run_in_threadpool(hub.memory)
    if memory is None or not isinstance(said, dict) or not isinstance(said.get("word"), str):
        return PlainTextResponse(TAKEN, 409)
    labs = {lab.name for lab in open_to_all()}
    try:
        moved = await run_in_threadpool(move, memory[0], said["word"], said, labs)
    except ClassroomError as refusal:
        return JSONResponse({"refused": str(refusal)}, 422)
    except GradingError as busy:
        return JSONResponse({"refused": str(busy)}, 503)
    hub.poke()
    return JSONResponse({"moved": True}) if moved else PlainTextResponse(TAKEN, 409)


async def _body(request: Request) -> bytes | None:
    """What was sent; None if it is too long. Read piece by piece, so that a long one is not kept."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            return None
    return body
