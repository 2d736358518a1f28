"""What the live class asks of the memory: one lecture at a time, where it is, what it was asked, who answered what.

Every change of what a class sees adds one to the lecture's revision, in the same transaction; whoever shows the class
looks at nothing but that number until it moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

QuizState = Literal["open", "closed", "revealed", "away"]  # away: revealed, and no longer on the class' pages


@dataclass(frozen=True)
class Place:
    """Where the class is: a page with its setting, and what is pointed at on it."""

    page: str = ""  # the name of a lab; empty while nothing has been shown yet
    query: str = ""  # as it stands in the address, without its question mark
    spot: str = ""  # what the spotlight points at, as the browser said it; empty if at nothing

    @property
    def address(self) -> str:
        """The page with its setting, as it stands in an address.

        >>> Place("convolution", "stride=3").address, Place("convolution").address
        ('convolution?stride=3', 'convolution')
        """
        return f"{self.page}?{self.query}" if self.query else self.page


@dataclass(frozen=True)
class Lecture:
    """One lecture, live until it is ended."""

    id: int
    by: str  # who began it or took it over, by their key
    began: datetime
    ended: datetime | None = None
    revision: int = 0
    place: Place = Place()
    source: str = ""  # the mark of the tab that moved the class last; empty if it was a step of the plan
    word: str = ""  # the digest of what the presenting tab proves itself by
    plan: int | None = None
    step: int = 0


@dataclass(frozen=True)
class Quiz:
    """A question that a class was asked, as it was worded then."""

    id: int
    lecture: int
    question: str  # its id in the syllabus, or own-N
    text: str  # the question in the form that `syllabus.written` reads
    state: QuizState
    round: int  # 1, or 2 after the class has discussed
    began: datetime
    until: datetime | None = None  # no vote counts from then on, whatever the state

    @property
    def is_revealed(self) -> bool:
        """Whether the answer is out."""
        return self.state in ("revealed", "away")

    def takes_votes(self, now: datetime) -> bool:
        """Whether an answer counts at this moment."""
        return self.state == "open" and (self.until is None or now < self.until)


@dataclass(frozen=True)
class Vote:
    """What one person answered in one round; the last answer counts while the round is open."""

    quiz: int
    round: int
    person: str
    given: str  # JSON
    right: bool
    at: datetime


@dataclass(frozen=True)
class Written:
    """A question or a plan that somebody of the staff wrote."""

    id: int
    text: str
    by: str
    at: datetime
    title: str = ""  # of a plan


class Lectures(Protocol):
    """The memory of where the class is. Every method is one transaction."""

    def revision(self) -> int | None:
        """The revision of the lecture that is live, or None: what is asked ten times a second."""

    def live(self) -> Lecture | None:
        """The lecture that is live, if one is."""

    def lectures(self) -> tuple[Lecture, ...]:
        """All of them, the newest first."""

    def begin(self, lecture: Lecture) -> Lecture:
        """A new one, live, with a revision that none before had; or the one that is live already, which stays."""

    def change(self, lecture: int, changes: Mapping[str, object], *, word: str = "") -> bool:
        """Change some of its fields and count its revision up; with a `word`, only if that is the lecture's still.

        False if it is over, or if somebody else presents by now.
        """

    def end(self, lecture: int, now: datetime) -> None:
        """It is over; ending it twice changes nothing."""

    def listen(self, process: str, listeners: int, now: datetime) -> None:
        """So many pages listen to this process of the app now."""

    def listeners(self, since: datetime) -> int:
        """So many pages listen, to all processes that said so since then."""


class Quizzes(Protocol):
    """The memory of what was asked and answered. What changes a quiz counts its lecture's revision up."""

    def ask(self, quiz: Quiz) -> Quiz:
        """Ask it; one that is still open in this lecture is closed by that. Its id is drawn here."""

    def quiz(self, id: int) -> Quiz | None:
        """One of them."""

    def current(self, lecture: int) -> Quiz | None:
        """The one asked last in a lecture."""

    def asked(self, *, lecture: int | None = None) -> tuple[Quiz, ...]:
        """All of them, the oldest first."""

    def set_state(
        self, id: int, state: QuizState, *, round: int | None = None, until: datetime | None = None
    ) -> Quiz | None:
        """Open, close, reveal or put it away; with a new round, open that.

        None, and nothing changes, where that cannot be: only what is revealed can be put away, and nothing else happens
        to it any more.
        """

    def vote(self, vote: Vote) -> bool:
        """Keep an answer. False, and nothing changes, if its round takes no votes then or its lecture is over."""

    def votes(self, quizzes: Sequence[int], *, person: str = "") -> tuple[Vote, ...]:
        """What everybody answered, or one person."""

    # -- what the staff wrote

    def questions(self) -> tuple[Written, ...]:
        """Questions of the course's own, the oldest first."""

    def write_question(self, written: Written) -> Written:
        """Keep a question; an id that nobody has is a new one's."""

    def drop_question(self, id: int) -> None:
        """Forget one; where it was asked, its wording stays."""

    def plans(self) -> tuple[Written, ...]:
        """Lesson plans, the oldest first."""

    def write_plan(self, written: Written) -> Written:
        """Keep a plan; an id that nobody has is a new one's."""

    def drop_plan(self, id: int) -> None:
        """Forget one."""
