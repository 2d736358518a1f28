"""What the server does besides drawing pages: warm up, answer health checks, sign in, report what broke."""

import asyncio
import gc
import importlib
import logging
import os
import secrets
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from core.runtime import shared
from core.runtime.elsewhere import Elsewhere
from core.runtime.tasks_elsewhere import TasksElsewhere
from grading.companion import end_with_parent
from grading.configuration import checked, current
from pages._kit import background, beside, course, people, theme
from pages._kit.by_provider import Landing
from pages._kit.discovery import discover
from pages._kit.live import frame as live
from pages._kit.live import stream
from pages._kit.operations import ending, logs, memory, metrics
from pages._kit.operations.machine import give_back, keep_little
from pages._kit.operations.visits import Visits, door
from pages._kit.people import how_to_sign_in, rules, sign_in
from pages._kit.sign_in import Entrance
from pages._kit.slim import SlimFonts, SmallScripts
from pages._kit.turns import turns

log = logging.getLogger("fovea")

# What the first lab of a session would otherwise wait for. torch and scikit-learn cost seconds and most labs never
# touch them: a faculty's server asks for them with FOVEA_WARM_UP=full, a laptop imports them when a lab needs them.
LIGHT = ("numpy", "pandas", "plotly.graph_objects", "plotly.io")
FULL = (*LIGHT, "torch", "torchvision", "sklearn.manifold")

COLLECT_EVERY = 60  # seconds between collections of everything, instead of one after every run of every visitor
# Between them only what is young is looked at. Python would look at everything as soon as there is a quarter more of
# it; while visitors come and move that is every second, and everybody waits for as long.
YOUNG, YOUNGISH, NEVER = 20_000, 50, 1_000_000


@dataclass
class WarmUp:
    """Imports in the background what labs need, then moves it out of the garbage collector's sight."""

    modules: tuple[str, ...]
    began: float = field(default_factory=time.monotonic)
    seconds: float | None = None  # None while it runs
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Import, freeze, then collect at a slow pace for as long as the server lives."""
        for module in self.modules:
            importlib.import_module(module)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, YOUNGISH, NEVER)
        self.seconds = time.monotonic() - self.began
        self.done.set()
        while True:
            time.sleep(COLLECT_EVERY)
            gc.collect()
            give_back()


warm_up = WarmUp(FULL if current().warm_up == "full" else LIGHT)


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncGenerator[None, None]:
    """Start warming up beside the server, and say where it is; a wrong setting or page stops it here."""
    checked(os.environ)
    logs.begin()
    keep_little()
    if address := current().ray_address:
        shared.ask_first(Elsewhere.of_cluster(address, tell=log.warning))
        background.ask_first(TasksElsewhere.of_cluster(address))
    theme.settle()
    discover()
    # A page computes on one core: its pieces are small, several cores would wait for each other, and on a busy server
    # for long. torch reads this when it is first imported, which is after here.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    threading.Thread(target=warm_up.run, name="warm-up", daemon=True).start()
    address = f"http://{st.get_option('server.address') or 'localhost'}:{st.get_option('server.port')}"
    greeting = f"Fovea is at {address}\n{how_to_sign_in(address)}"
    end_with_parent()
    beside.begin()
    live.begin(warm_up.done)
    ending.watch(door, asyncio.get_running_loop(), drain=current().drain)
    print(greeting, flush=True)  # noqa: T201
    try:
        yield
    finally:
        live.hub.end()
        beside.end()
        course.close_desk()
        people.close()
        memory.close()
        shared.close()


async def health(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


async def ready(_request: Request) -> Response:
    """The process is warm and not about to end: a load balancer lets visitors in while that is so."""
    took = warm_up.seconds
    state = {"ready": takes_visitors(), "warm_up_seconds": None if took is None else round(took, 2)}
    return JSONResponse({**state, "ending": door.ending}, status_code=200 if takes_visitors() else 503)


def takes_visitors() -> bool:
    """Whether new visitors may come."""
    return warm_up.seconds is not None and not door.ending


metrics.ready.set_function(takes_visitors)
shared.watch(metrics.passing)
shared.when_waiting(turns.step_aside)
metrics.listeners.set_function(lambda: live.hub.listeners)
metrics.REGISTRY.register(metrics.OfTheCourse(memory.ledger))


def routes() -> list[Route]:
    """The addresses that are not pages."""
    doors = Entrance(sign_in, rules).routes()
    return [
        Route("/api/health", health),
        Route("/api/ready", ready),
        Route("/api/metrics", metrics.answer),
        *doors,
        *stream.routes(live.hub),
    ]


def middleware() -> list[Middleware]:
    """Streamlit leaves its static files uncompressed; gzip takes a page with a chart from 7.4 to 2.5 MB."""
    return [
        Middleware(Visits, door=door),
        Middleware(Landing),
        Middleware(SmallScripts),
        Middleware(GZipMiddleware, minimum_size=1024),
        Middleware(SlimFonts),
    ]


def report(error: Exception) -> bool:
    """A page raised: a calm sentence for the visitor, the traceback for the log, one reference for both."""
    reference = secrets.token_hex(4)
    metrics.faults.inc()
    log.error("page failed, reference %s", reference, exc_info=error, extra={"reference": reference})
    st.error(
        f"This page ran into a fault of ours, and we noted it. Reload to go on. "
        f"If it comes back, tell your instructor the reference **{reference}**.",
        icon=":material/error:",
    )
    return True
