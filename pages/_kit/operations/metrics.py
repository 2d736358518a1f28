"""Numbers for Prometheus, at /api/metrics: of this process as it counts, of the course as its database has them.

What is the course's is asked for when somebody looks, so every process of a course says the same. Nothing here names a
person. Of several processes each is asked by its own address.
"""

import hmac
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from classroom.pulse import Pulse
from grading.configuration import current
from grading.errors import GradingError
from grading.ledger.port import Ledger
from grading.ledger.records import Queue, Tally
from pages._kit import beside
from pages._kit.sign_in import from_here

VERDICTS = ("passed", "failed", "undecided")
GRADINGS = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0)  # seconds
ANSWERS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
MODELS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
FRESH = 2.0  # seconds for which what the database said is said again, however many ask
HEADERS = {"Cache-Control": "no-store"}

disable_created_metrics()  # type: ignore[no-untyped-call] # a line for every other one, which nobody reads
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
Info("fovea", "What runs here.", registry=REGISTRY).info({"version": version("fovea")})
sessions = Gauge("fovea_sessions", "Pages that are open in this process.", registry=REGISTRY)
bound = Gauge("fovea_sessions_bound", "How many this process takes; 0 is no bound.", registry=REGISTRY)
refused = Counter("fovea_visits_refused", "Visits that were refused.", ["why"], registry=REGISTRY)
answers = Histogram(
    "fovea_answer_seconds", "From a visitor's move to the finished page.", buckets=ANSWERS, registry=REGISTRY
)
faults = Counter("fovea_page_faults", "Pages that broke; the log has the reference.", registry=REGISTRY)
listeners = Gauge("fovea_live_listeners", "Pages that listen to the live class.", registry=REGISTRY)
ready = Gauge("fovea_ready", "1 when new visitors may come.", registry=REGISTRY)
models = Histogram("fovea_model_seconds", "One pass through a model.", ["model"], buckets=MODELS, registry=REGISTRY)


def passing(model: str) -> AbstractContextManager[object]:
    """Stands around one pass through a model, which may answer several visitors."""
    return models.labels(model).time()


@dataclass(eq=False)  # the registry keeps it by what it is
class OfTheCourse(Collector):
    """Queue and outcomes, from the ledger."""

    ledger: Callable[[], Ledger | None]  # None: there is no course; a GradingError: it cannot be had just now
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    pulse: Pulse = field(default_factory=Pulse)
    _kept: tuple[float, tuple[Metric, ...]] = (0.0, ())
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def collect(self) -> Iterable[Metric]:
        """What the database says; asked again when that is old."""
        with self._lock:
            at, found = self._kept
            if not found or time.monotonic() - at > FRESH:
                found = tuple(self._ask())
                self._kept = time.monotonic(), found
        return found

    def describe(self) -> Iterable[Metric]:
        """Nothing is asked of the database when the process starts."""
        return ()

    def _ask(self) -> Iterable[Metric]:
        try:
            ledger = self.ledger()
            found = (ledger.queue(now=self.clock()), ledger.tally(GRADINGS)) if ledger else None
        except GradingError:
            yield GaugeMetricFamily("fovea_database_up", "1 when the course's database answers.", 0.0)
            return
        if found:
            yield GaugeMetricFamily("fovea_database_up", "1 when the course's database answers.", 1.0)
            yield from self._of_queue(found[0])
            yield from _of_outcomes(found[1])
        if (grader := beside.running("grader")) is not None:
            alive = float(grader.pid is not None and not grader.trouble)
            yield GaugeMetricFamily("fovea_grader_beside_up", "1 when the grader beside this process works.", alive)

    def _of_queue(self, queue: Queue) -> Iterable[Metric]:
        now = self.clock()
        age = (now - queue.oldest).total_seconds() if queue.oldest else 0.0
        stalled = float(self.pulse.stalled(queue, now))
        yield GaugeMetricFamily("fovea_queue_waiting", "Gradings that wait.", float(queue.waiting))
        yield GaugeMetricFamily("fovea_queue_grading", "Gradings that graders hold.", float(queue.grading))
        yield GaugeMetricFamily("fovea_queue_oldest_seconds", "How long the oldest of them has waited.", max(0.0, age))
        yield GaugeMetricFamily("fovea_queue_stalled", "1 when something waits and nobody takes it.", stalled)


def _of_outcomes(tally: Tally) -> Iterable[Metric]:
    verdicts = CounterMetricFamily("fovea_outcomes", "Gradings that ended, by verdict.", labels=["verdict"])
    for verdict in VERDICTS:
        verdicts.add_metric([verdict], float(tally.verdicts.get(verdict, 0)))
    yield verdicts
    buckets = [(str(limit), float(count)) for limit, count in zip(GRADINGS, tally.within, strict=True)]
    took = HistogramMetricFamily("fovea_grading_seconds", "How long a grading took.")
    took.add_metric([], [*buckets, ("+Inf", float(tally.outcomes))], tally.seconds)
    yield took
    last = tally.last.timestamp() if tally.last else 0.0
    yield GaugeMetricFamily("fovea_outcome_last_timestamp_seconds", "When the last grading ended.", last)


async def answer(request: Request) -> Response:
    """The numbers, for this machine; or, where a token was set, for whoever knows it."""
    if refusal := _refused(request):
        return refusal
    text = await run_in_threadpool(generate_latest, REGISTRY)
    return Response(text, headers=HEADERS, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _refused(request: Request) -> Response | None:
    token = current().metrics_token
    if not token:
        told = "The metrics are for this machine only. To read them from another one, set FOVEA_METRICS_TOKEN."
        return None if from_here(request) else PlainTextResponse(told, 403, HEADERS)
    said = request.headers.get("authorization", "")
    if hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        return None
    told = "The metrics ask for the token of FOVEA_METRICS_TOKEN, as Authorization: Bearer TOKEN."
    return PlainTextResponse(told, 401, {**HEADERS, "WWW-Authenticate": "Bearer"})
