"""Questions of many askers, answered together: whoever waits does the work, for the others as well.

A question has a key; those with the same key may be answered in one go. There is no thread in the background: an asker
who finds nobody at work takes the next batch, its own question or not, and goes on until it has its answer. So a lone
asker is served as if nothing of this were here, and while a batch is at work the next one gathers by itself.

The order is fair: askers take turns, so one with a hundred questions does not hold up another with one.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Condition, Event, get_ident
from typing import Generic, Literal, TypeVar

from core.errors import CoreError
from core.learning.train import Stopped

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Found = TypeVar("Found")


class Busy(CoreError):
    """More is asked than can be answered soon, so a question is refused at once."""


@dataclass(frozen=True)
class Load:
    """What a merger has to do and has done."""

    waiting: int = 0  # questions now
    working: int = 0  # batches now
    asked: int = 0
    batches: int = 0
    refused: int = 0


class Ticket(Generic[Key, Item, Found]):
    """One question on its way: wait for its answer, or take it back."""

    def __init__(self, merger: "Merger[Key, Item, Found]", key: Key, item: Item, weight: int, asker: Hashable) -> None:
        self.key, self.item, self.weight, self.asker = key, item, weight, asker
        self.state: Literal["waiting", "at work", "over"] = "waiting"
        self.found: Found | None = None
        self.error: BaseException | None = None
        self.attended = False  # whether a thread waits for it, which could do the work
        self.look = Event()  # there is an answer, or work
        self._merger = merger

    def answer(self) -> Found:
        """The answer, as soon as it is there; what went wrong with this question is raised."""
        return self._merger._attend(self)

    def cancel(self) -> bool:
        """Take the question back; False if it is too late, because it is at work or answered."""
        return self._merger._withdraw(self)

    def end(self, *, found: Found | None = None, error: BaseException | None = None) -> None:
        """Its answer is there, or why there is none."""
        self.found, self.error, self.state = found, error, "over"
        self.look.set()


class Merger(Generic[Key, Item, Found]):
    """Answers questions in batches.

    `work` gets a key and up to `most` questions (by their weights) and gives as many answers. If it fails for several
    at once, it is asked for each alone, so that only those learn of an error who caused it. `passes` batches run at a
    time. With fewer than `most` waiting, but more than one, a batch waits `patience` seconds for others to come. At
    most `queue` questions wait, and half of them of one asker, so that there is always room for another.

    >>> merger = Merger[str, int, int](lambda key, items: [item * item for item in items])
    >>> tickets = [merger.enter("squares", number) for number in range(20)]
    >>> [ticket.answer() for ticket in tickets][:5], merger.load().batches
    ([0, 1, 4, 9, 16], 2)
    """

    def __init__(
        self,
        work: Callable[[Key, Sequence[Item]], Sequence[Found]],
        *,
        most: int = 16,
        passes: int = 1,
        patience: float = 0.002,
        queue: int = 512,
    ) -> None:
        self._work, self.most, self.passes, self.patience, self.queue = work, most, passes, patience, queue
        self._lines: OrderedDict[Hashable, deque[Ticket[Key, Item, Found]]] = (
            OrderedDict()
        )  # of askers, the next one first
        self._changed = Condition()
        self._waiting = self._working = self._asked = self._batches = self._refused = 0
        self._closed = False

    def ask(self, key: Key, item: Item, *, weight: int = 1, asker: Hashable = None) -> Found:
        """Ask and wait for the answer; without an asker, each thread is one."""
        return self.enter(key, item, weight=weight, asker=asker).answer()

    def enter(self, key: Key, item: Item, *, weight: int = 1, asker: Hashable = None) -> Ticket[Key, Item, Found]:
        """Ask without waiting: the answer comes when somebody waits for it, or for another of the same key."""
        asker = get_ident() if asker is None else asker
        ticket = Ticket(self, key, item, weight, asker)
        with self._changed:
            line = self._lines.get(asker, deque())
            if self._closed or self._waiting >= self.queue or len(line) >= max(1, self.queue // 2):
                self._refused += 1
                raise Busy(self._why_not())
            self._lines.setdefault(asker, line).append(ticket)
            self._waiting += 1
            self._asked += 1
            self._changed.notify_all()
        return ticket

    def load(self) -> Load:
        """How much there is to do."""
        with self._changed:
            return Load(self._waiting, self._working, self._asked, self._batches, self._refused)

    def close(self, *, within: float = 10.0) -> bool:
        """Refuse what waits and what comes, and wait for what is at work; False if that took longer."""
        with self._changed:
            self._closed = True
            for ticket in [ticket for line in self._lines.values() for ticket in line]:
                ticket.end(error=Busy(self._why_not()))
            self._lines.clear()
            self._waiting = 0
            self._changed.notify_all()
            return self._changed.wait_for(lambda: not self._working, timeout=within)

    def _why_not(self) -> str:
        if self._closed:
            return "this server is being stopped: ask again when it is back"
        return f"{self._waiting} questions to the networks wait already: try again in some seconds"

    def _attend(self, ticket: Ticket[Key, Item, Found]) -> Found:
        ticket.attended = True
        try:
            while ticket.state != "over":
                if batch := self._take():
                    self._answer(batch)
                else:
                    ticket.look.wait()
                    ticket.look.clear()
        finally:
            ticket.attended = False
            self._withdraw(ticket)  # if whoever waited was interrupted
            ticket.look.set()
            self._hand_on()
        if ticket.error is not None:
            raise ticket.error
        return ticket.found  # type: ignore[return-value]  # it is over without an error

    def _withdraw(self, ticket: Ticket[Key, Item, Found]) -> bool:
        with self._changed:
            if ticket.state != "waiting":
                return False
            self._leave(ticket)
            ticket.end(error=Stopped("the question was taken back"))
            return True

    def _take(self) -> list[Ticket[Key, Item, Found]]:
        """The next batch, if there is one and its turn has come."""
        with self._changed:
            if self._working >= self.passes or not self._waiting:
                return []
            self._working += 1
            batch = list[Ticket[Key, Item, Found]]()
            try:
                if 1 < self._waiting < self.most:
                    self._changed.wait_for(lambda: not 1 < self._waiting < self.most, timeout=self.patience)
                batch = self._next()
            finally:
                if batch:
                    self._batches += 1
                else:
                    self._done()
            return batch

    def _next(self) -> list[Ticket[Key, Item, Found]]:
        """One question of each asker in turn, all with the key of the first, until the batch is full."""
        batch, weight, grew = list[Ticket[Key, Item, Found]](), 0, True
        while grew and weight < self.most:
            grew = False
            for asker in list(self._lines):
                for ticket in self._lines[asker]:
                    if not batch or (ticket.key == batch[0].key and weight + ticket.weight <= self.most):
                        self._leave(ticket)
                        ticket.state = "at work"
                        batch.append(ticket)
                        weight, grew = weight + ticket.weight, True
                        break
        for asker in dict.fromkeys(ticket.asker for ticket in batch):
            if asker in self._lines:
                self._lines.move_to_end(asker)
        return batch

    def _leave(self, ticket: Ticket[Key, Item, Found]) -> None:
        line = self._lines[ticket.asker]
        line.remove(ticket)
        self._waiting -= 1
        if not line:
            del self._lines[ticket.asker]

    def _answer(self, batch: list[Ticket[Key, Item, Found]]) -> None:
        """Work one batch off; if this thread is interrupted meanwhile, others go on with what it leaves."""
        try:
            self._try(batch)
        finally:
            with self._changed:
                for ticket in reversed([ticket for ticket in batch if ticket.state != "over"]):
                    ticket.state = "waiting"
                    self._lines.setdefault(ticket.asker, deque()).appendleft(ticket)
                    self._waiting += 1
                self._done()

    def _try(self, batch: Sequence[Ticket[Key, Item, Found]]) -> None:
        try:
            found = self._work(batch[0].key, [ticket.item for ticket in batch])
            if len(found) != len(batch):
                raise RuntimeError(f"{len(batch)} questions got {len(found)} answers")
        except Exception as error:
            if len(batch) == 1:
                batch[0].end(error=error)
            else:
                for ticket in batch:
                    self._try([ticket])
        else:
            for ticket, each in zip(batch, found, strict=True):
                ticket.end(found=each)

    def _done(self) -> None:
        self._working -= 1
        self._changed.notify_all()

    def _hand_on(self) -> None:
        """Somebody who waits goes on with the work."""
        with self._changed:
            free = self.passes - self._working
            waiting = (ticket for line in self._lines.values() for ticket in line if ticket.attended)
            for _, ticket in zip(range(free), waiting, strict=False):
                ticket.look.set()
