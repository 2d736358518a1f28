"""A grader at work: claim an attempt, grade it, record its one outcome; and again, whatever fails on the way.

An attempt is never lost: it leaves the queue only together with its outcome. If the grader raises, it is given back; if
the grader dies, its lease runs out; if the database does not answer, the outcome is offered until it does.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import Literal, Protocol, TypeVar

from grading.errors import GradingError
from grading.ledger.port import LeaseLost, Ledger, LedgerBusy
from grading.ledger.records import Attempt
from grading.ledger.standing import only, stands
from grading.records import Outcome, Question, Score

Clock = Callable[[], datetime]  # with a time zone
Questions = Callable[[str], Sequence[Question]]  # of an assignment
Ended = Literal["nothing", "graded", "given up", "failed", "lost"]
T = TypeVar("T")

log = logging.getLogger(__name__)


class Grader(Protocol):
    """Grades what was handed in. It may raise, hang or die: the attempt is tried again, and then waits for a person."""

    def __call__(self, data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        """The outcome of these bytes."""


@dataclass(frozen=True)
class Terms:
    """How a grader works with the ledger. All in seconds but the failures."""

    lease: float = 60.0  # so long after a grader died another may take over
    longest: float = 3600.0  # a grading that takes longer hangs: its lease is no longer held
    failures: int = 3  # so many gradings may end without an outcome; then a person is asked
    delay: float = 5.0  # before what failed is tried again, twice as long each time
    idle: float = 1.0  # between two looks into an empty queue
    trouble: float = 0.1  # before the first new try when the database does not answer, twice as long each time
    most_trouble: float = 15.0  # but never longer than this


def grade_next(
    ledger: Ledger,
    grader: Grader,
    *,
    clock: Clock,
    worker: str,
    questions: Questions,
    terms: Terms = Terms(),
    stop: threading.Event | None = None,
) -> Ended:
    """Claim the next attempt, grade it, record its outcome. Whatever fails, the attempt stays in the queue."""
    attempt = ledger.claim(worker, now=clock(), seconds=terms.lease)
    if attempt is None:
        return "nothing"
    stop = stop or threading.Event()
    hopeless = attempt.failures >= terms.failures
    try:
        with _held(ledger, attempt, clock=clock, terms=terms):
            if hopeless:
                outcome = given_up(attempt, questions(attempt.submission.assignment))
            else:
                outcome = _graded(ledger, grader, attempt, terms, stop)
            _insist(lambda: ledger.record(attempt, outcome, now=clock()), terms, stop)
    except LeaseLost as lost:
        log.warning("%s", lost)
        return "lost"
    except LedgerBusy:
        raise  # asked to stop while the database is away: the lease runs out by itself
    except Exception:
        log.exception("attempt %d could not be graded by %s", attempt.id, worker)
        delay = terms.delay * 2**attempt.failures
        with suppress(GradingError):  # else the lease runs out by itself
            ledger.give_back(attempt, now=clock(), delay=delay)
        return "failed"
    except BaseException:  # asked to end at once: the attempt is not to blame
        with suppress(GradingError):
            ledger.give_back(attempt, now=clock(), failed=False)
        raise
    return "given up" if hopeless else "graded"


def serve(
    ledger: Ledger,
    grader: Grader,
    *,
    clock: Clock,
    worker: str,
    questions: Questions,
    stop: threading.Event,
    terms: Terms = Terms(),
    until_empty: bool = False,
    seen: Callable[[Ended], None] = lambda _: None,
) -> None:
    """Grade until `stop` is set (what has begun is finished first), or until the queue is empty."""
    pause = terms.trouble
    while not stop.is_set():
        try:
            ended = grade_next(
                ledger, grader, clock=clock, worker=worker, questions=questions, terms=terms, stop=stop
            )  # fmt: skip
            if ended == "nothing" and until_empty:
                state = ledger.queue(now=clock())
                if state.waiting + state.grading == 0:
                    return
        except LedgerBusy as busy:
            log.warning("%s", busy)
            stop.wait(pause)
            pause = min(2 * pause, terms.most_trouble)
            continue
        pause = terms.trouble
        seen(ended)
        if ended == "nothing":
            stop.wait(terms.idle)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM and Ctrl-C set, so that `serve` ends after the grading it is at.

    A second Ctrl-C ends at once. For a program's main thread.
    """
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def given_up(attempt: Attempt, questions: Sequence[Question]) -> Outcome:
    """The outcome of an attempt that no grader survived: undecided, never zero, and a person is asked."""
    scores = tuple(
        Score(
            question=question.id,
            points=None,
            out_of=question.points,
            state="to mark" if question.by_hand else "undecided",
            seen="" if question.by_hand else "This could not be graded by the machine. A person will look at it.",
            integrity="by hand" if question.by_hand else "judged",
        )
        for question in questions
    )
    times = "once" if attempt.failures == 1 else f"{attempt.failures} times"
    return Outcome(
        verdict="undecided",
        scores=scores,
        seconds=0.0,
        stopped_by=f"grading it failed {times}",
        notes=("Grading this hand-in failed and it waits for a person. Nothing of it is lost.",),
        seed=attempt.seed,
    )


def _graded(ledger: Ledger, grader: Grader, attempt: Attempt, terms: Terms, stop: threading.Event) -> Outcome:
    submission = attempt.submission
    data = _insist(lambda: ledger.content(submission.sha256), terms, stop)
    outcome = grader(data, submission.assignment, attempt.seed, file=submission.file)
    if not attempt.question:
        return outcome
    before = stands(_insist(lambda: ledger.results(hand_in=attempt.hand_in), terms, stop))
    return only(attempt.question, before.outcome, outcome) if before else outcome


@contextmanager
def _held(ledger: Ledger, attempt: Attempt, *, clock: Clock, terms: Terms) -> Iterator[None]:
    """Hold the lease from a thread of its own, but not for ever: a grader that hangs loses it."""
    done = threading.Event()

    def beat() -> None:
        for _ in range(max(1, int(3 * terms.longest / terms.lease))):
            if done.wait(terms.lease / 3):
                return
            try:
                ledger.heartbeat(attempt, now=clock(), seconds=terms.lease)
            except LedgerBusy as busy:
                log.warning("%s", busy)
            except LeaseLost:
                return

    thread = threading.Thread(target=beat, name=f"lease of attempt {attempt.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _insist(deed: Callable[[], T], terms: Terms, stop: threading.Event) -> T:
    """Do it again while the database does not answer; once asked to stop, only a little longer."""
    pause, tries_after_stop = terms.trouble, 3
    while True:
        try:
            return deed()
        except LedgerBusy:
            tries_after_stop -= stop.is_set()
            if tries_after_stop < 0:
                raise
            time.sleep(pause)
            pause = min(2 * pause, terms.most_trouble)
