"""A grader at work: claim an attempt, grade it, record its one outcome; and again, whatever fails on the way.

An attempt is never lost: it leaves the queue only together with its outcome. If the grader raises, it is given back; if
the grader dies, its lease runs out; if the database does not answer, the outcome is offered until it does. What cannot
be graded at all, now or later, is undecided and waits for a person.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from grading.errors import GradingError, Refusal
from grading.ledger.port import LeaseLost, Ledger, LedgerBusy
from grading.ledger.records import Attempt
from grading.ledger.standing import only, stands
from grading.ledger.stopping import Stop
from grading.ledger.undecided import given_up, refused
from grading.records import Outcome, Question

Clock = Callable[[], datetime]  # with a time zone
Questions = Callable[[str], Sequence[Question]]  # of an assignment
Ended = Literal["nothing", "graded", "refused", "given up", "failed", "lost", "stopped"]
T = TypeVar("T")

log = logging.getLogger(__name__)


class Grader(Protocol):
    """Grades what was handed in. It may raise, hang or die: the attempt is tried again, and then waits for a person.

    A Refusal is not tried again: no second look changes what was handed in.
    """

    def __call__(self, data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        """The outcome of these bytes."""


@dataclass(frozen=True)
class Terms:
    """How a grader works with the ledger. All in seconds but the failures."""

    lease: float = 60.0  # so long after a grader died another may take over
    longest: float = 3600.0  # a grading that takes longer hangs: its lease is no longer held
    failures: int = 3  # so many gradings may end without an outcome; then a person is asked
    delay: float = 5.0  # before what failed is tried again, twice as long each time
    most_delay: float = 600.0  # but never longer than this
    idle: float = 1.0  # between two looks into an empty queue
    trouble: float = 0.1  # before the first new try when the database does not answer, twice as long each time
    most_trouble: float = 15.0  # but never longer than this

    def delay_after(self, failures: int) -> float:
        """How long what failed so often before rests until it is tried again.

        >>> [Terms(delay=5, most_delay=60).delay_after(failures) for failures in (0, 1, 2, 3, 4, 5000)]
        [5.0, 10.0, 20.0, 40.0, 60, 60]
        """
        return min(self.most_delay, self.delay * 2.0 ** min(failures, 60))


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
    try:
        with _held(ledger, attempt, clock=clock, terms=terms):
            outcome, ended = _decided(ledger, grader, attempt, questions, terms, stop)
            _insist(lambda: ledger.record(attempt, outcome, now=clock()), terms, stop)
    except LeaseLost as lost:
        log.warning("%s", lost)
        return "lost"
    except LedgerBusy:
        raise  # asked to stop while the database is away: the lease runs out by itself
    except Exception:
        blamed = not _at_once(stop)  # else its processes were ended under it
        if blamed:
            log.exception("attempt %d could not be graded by %s", attempt.id, worker)
        delay = terms.delay_after(attempt.failures) if blamed else 0.0
        with suppress(GradingError):  # else the lease runs out by itself
            ledger.give_back(attempt, now=clock(), delay=delay, failed=blamed)
        return "failed" if blamed else "stopped"
    except BaseException:  # asked to end at once: the attempt is not to blame
        with suppress(GradingError):
            ledger.give_back(attempt, now=clock(), failed=False)
        raise
    return ended


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
    """Grade until `stop` is set (what has begun is finished first), or until the queue is empty.

    With a `Stop`, what goes wrong with the service itself is kept there for the program's end, and ends all workers.
    """
    with stop.worker() if isinstance(stop, Stop) else nullcontext():
        _serve(
            ledger, grader, clock=clock, worker=worker, questions=questions,
            stop=stop, terms=terms, until_empty=until_empty, seen=seen,
        )  # fmt: skip


def _serve(
    ledger: Ledger,
    grader: Grader,
    *,
    clock: Clock,
    worker: str,
    questions: Questions,
    stop: threading.Event,
    terms: Terms,
    until_empty: bool,
    seen: Callable[[Ended], None],
) -> None:
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


def _decided(
    ledger: Ledger, grader: Grader, attempt: Attempt, questions: Questions, terms: Terms, stop: threading.Event
) -> tuple[Outcome, Ended]:
    """The outcome of an attempt; what failed too often gets one without being tried again, and so does a Refusal."""
    if attempt.failures >= terms.failures:
        return given_up(attempt, _questions(ledger, attempt, questions, terms, stop)), "given up"
    try:
        return _graded(ledger, grader, attempt, terms, stop), "graded"
    except Refusal as refusal:
        log.warning("attempt %d waits for a person: %s", attempt.id, refusal)
        return refused(attempt, _questions(ledger, attempt, questions, terms, stop), refusal), "refused"


def _questions(
    ledger: Ledger, attempt: Attempt, questions: Questions, terms: Terms, stop: threading.Event
) -> Sequence[Question]:
    """The questions of an attempt's assignment. Where the course cannot say, those of its last outcome, or none."""
    try:
        return questions(attempt.submission.assignment)
    except Exception:
        log.exception("the questions of %s are not known", attempt.submission.assignment)
    before = stands(_insist(lambda: ledger.results(hand_in=attempt.hand_in), terms, stop))
    scores = before.outcome.scores if before else ()
    return [Question(score.question, score.out_of, by_hand=score.state == "to mark") for score in scores]


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
    """Do it again while the database does not answer; once asked to stop, only a little longer, or not at all."""
    pause, tries_after_stop = terms.trouble, 3
    while True:
        try:
            return deed()
        except LedgerBusy:
            tries_after_stop -= stop.is_set()
            if tries_after_stop < 0 or _at_once(stop):
                raise
            time.sleep(pause)
            pause = min(2 * pause, terms.most_trouble)


def _at_once(stop: threading.Event) -> bool:
    return isinstance(stop, Stop) and stop.at_once
