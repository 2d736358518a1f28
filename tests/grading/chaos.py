"""A grading service under fire: graders killed with SIGKILL and frozen, the database locked, full and away.

`survive` hands in, keeps some grader processes alive, kills them as the work proceeds, and checks in the end that
every attempt has exactly one outcome. What a grader does is an argument: any importable function like `work`.
"""

import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import event, func, select

from grading.ledger.port import LedgerBusy
from grading.ledger.sql import SqlLedger, open_ledger
from grading.ledger.tables import leases
from grading.records import Isolation, Outcome, Paper, Question, Score, Submission
from grading.service import Terms, serve, stopping

HASTY = Terms(lease=2.0, failures=10**6, delay=0.05, idle=0.05, trouble=0.02, most_trouble=0.2)
PATIENCE = 0.25  # seconds a grader waits for a lock: short, so that it sees the trouble
Work = Callable[[str, str, str], None]  # url, the grader's name, a folder for flags


def now() -> datetime:
    return datetime.now(UTC)


def tiny_grader(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
    """A few milliseconds of work; the points follow from the bytes, so that a mix-up would show."""
    time.sleep(0.002 + (seed % 8) / 1000)
    points = float(sha256(data).digest()[0] % 11)
    part = Score("q1", points, 10.0, "full" if points == 10 else "part" if points else "none", seen=data.decode())
    papers = (Paper("boxes", data * 100), Paper("nms", data * 50))
    word = "passed" if points == 10 else "failed"
    return Outcome(word, (part,), 0.01, isolation=Isolation(), seed=seed, papers=papers)


def one_question(_assignment: str) -> tuple[Question, ...]:
    return (Question("q1", 10.0),)


def work(url: str, name: str, folder: str) -> None:
    """One grader process: the real service with a tiny grader."""
    ledger = open_ledger(url, patience=PATIENCE)
    if ledger.engine.dialect.name == "sqlite":
        full_when(ledger, Path(folder) / "full")
    with stopping() as stop:
        serve(ledger, tiny_grader, clock=now, worker=name, questions=one_question, stop=stop, terms=HASTY)


def full_when(ledger: SqlLedger, flag: Path) -> None:
    """While the flag is there the database cannot grow, as on a full disk: SQLite counts pages per connection."""

    @event.listens_for(ledger.engine, "checkout")
    def limit(connection: object, _record: object, _proxy: object) -> None:
        pages = 1 if flag.exists() else 10**9  # 1 means: no more than there are
        connection.execute(f"PRAGMA max_page_count = {pages}").close()  # type: ignore[attr-defined]


@dataclass
class Graders:
    """So many grader processes, replaced as they die."""

    url: str
    folder: Path
    work: Work
    number: int
    dice: random.Random
    alive: list[BaseProcess] = field(default_factory=list)
    born: int = 0
    kills: int = 0

    def fill_up(self) -> None:
        # A server of forks, itself begun afresh: children start in milliseconds and inherit nothing of the test's.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([self.work.__module__])
        self.alive = [process for process in self.alive if process.is_alive()]
        while len(self.alive) < self.number:
            self.born += 1
            process = context.Process(target=self.work, args=(self.url, f"grader {self.born}", str(self.folder)))
            process.start()
            self.alive.append(process)

    def kill_one(self) -> None:
        victim = self.dice.choice(self.alive)
        victim.kill()
        victim.join()
        self.kills += victim.exitcode == -signal.SIGKILL

    def freeze_one(self, seconds: float) -> None:
        """It wakes up when its lease is long gone, and comes late with its outcome."""
        victim = self.dice.choice(self.alive)
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGSTOP)
        threading.Timer(seconds, wake, (victim.pid,)).start()

    def end(self) -> list[int | None]:
        """Ask all to stop; how each ended."""
        for process in self.alive:
            process.terminate()
        for process in self.alive:
            process.join(timeout=30)
        codes = [process.exitcode for process in self.alive]
        for process in self.alive:
            process.kill()
        return codes


def wake(pid: int) -> None:
    with suppress(ProcessLookupError):  # killed in its sleep
        os.kill(pid, signal.SIGCONT)


@contextmanager
def now_and_then(
    troubles: list[Callable[[], AbstractContextManager[None]]], dice: random.Random
) -> Iterator[dict[str, int]]:
    """One trouble after the other, with quiet between, until the block ends; counts them."""
    over, counted = threading.Event(), dict.fromkeys((trouble.__name__ for trouble in troubles), 0)

    def make() -> None:
        while not over.wait(dice.uniform(0.2, 0.6)):
            trouble = dice.choice(troubles)
            with trouble():
                counted[trouble.__name__] += 1
                over.wait(dice.uniform(0.3, 0.9))

    thread = threading.Thread(target=make)
    thread.start()
    try:
        yield counted
    finally:
        over.set()
        thread.join()


def hand_in(ledger: SqlLedger, number: int) -> None:
    """As a student does: again and again until there is a receipt."""
    content = f"notebook {number}".encode()
    given = Submission(f"student {number}", "ps1", sha256(content).hexdigest(), "ps1.ipynb", now())
    while True:
        try:
            ledger.hand_in(given, content, seed=number, admit=lambda _: None)
            return
        except LedgerBusy:
            time.sleep(0.05)


def survive(
    url: str,
    folder: Path,
    troubles: list[Callable[[], AbstractContextManager[None]]],
    *,
    attempts: int = 500,
    kills: int = 55,
    graders: int = 3,
    seed: int = 1,
    work: Work = work,
    limit: float = 300.0,
) -> dict[str, int]:
    """Run it all and check; what happened, in numbers."""
    dice = random.Random(seed)
    ledger = open_ledger(url)
    for number in range(attempts // 2):
        hand_in(ledger, number)
    crew = Graders(url, folder, work, graders, dice)
    moments = sorted(dice.sample(range(1, attempts - 5), kills))  # kill when so many outcomes are there
    frozen = set(dice.sample(range(kills), 3))
    deadline, handed_in, done = time.monotonic() + limit, attempts // 2, 0
    try:
        with now_and_then(troubles, dice) as counted:
            while done < attempts:
                assert time.monotonic() < deadline, f"only {done} of {attempts} were graded in time"
                crew.fill_up()
                if handed_in < attempts:
                    hand_in(ledger, handed_in)
                    handed_in += 1
                done = graded(ledger)
                while moments and done >= moments[0]:
                    moments.pop(0)
                    time.sleep(dice.uniform(0, 0.02))
                    crew.fill_up()
                    crew.kill_one()
                    if len(moments) in frozen:
                        crew.fill_up()
                        crew.freeze_one(HASTY.lease + 0.5)
                time.sleep(0.01)
    finally:
        codes = crew.end()
    check(ledger, attempts)
    ledger.close()
    # Asked to stop they end in good order; one that has only just begun knows no order yet.
    assert set(codes) <= {0, -signal.SIGTERM}, codes
    return {"kills": crew.kills, "graders": crew.born, **counted}


def graded(ledger: SqlLedger) -> int:
    try:
        return len(ledger.results())
    except LedgerBusy:
        return 0


def check(ledger: SqlLedger, attempts: int) -> None:
    """None lost, none twice, none mixed up."""
    results = ledger.results()
    assert len(ledger.hand_ins()) == len(ledger.attempts()) == attempts
    assert sorted(result.attempt.id for result in results) == sorted(one.id for one in ledger.attempts())
    for result in results:
        data = ledger.content(result.attempt.submission.sha256)
        assert result.outcome.scores == tiny_grader(data, "ps1", 0, file="").scores
        assert [ledger.content(paper.executed) for paper in result.papers] == [data * 100, data * 50]
    with ledger.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(leases)) == 0
