"""Holding a lecture: begin, present from one tab, move the class, step through a plan, end."""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live.port import Lecture, Lectures, Place
from classroom.people import Person
from classroom.permissions import require

LONGEST = 8000  # letters of an address: some settings are drawings
SPOT_LONGEST = 200
FRESH = timedelta(seconds=30)  # what a process of the app said longer ago counts no more
NO_LECTURE = "No class is live."
TAKEN = "Somebody else presents by now, from another tab."


@dataclass(frozen=True)
class Presenting:
    """What the presenting tab needs: the lecture, and the word by which it may move the class."""

    lecture: Lecture
    word: str

    @property
    def mark(self) -> str:
        """What everybody may know this tab by."""
        return mark(self.word)


def mark(word: str) -> str:
    """The first letters of the digest of a word: enough to tell tabs apart, not enough to present."""
    return digest(word)[:12]


def mark_of(lecture: Lecture) -> str:
    """The mark of the tab that presents."""
    return lecture.word[:12]


def digest(word: str) -> str:
    """What is kept of a word."""
    return hashlib.sha256(word.encode(errors="surrogatepass")).hexdigest()


def present(desk: Desk, who: Person | None) -> Presenting:
    """Begin a lecture, or take over the one that is live; the tab that presented before follows from then on."""
    member, word = require(who, "present"), secrets.token_urlsafe(24)
    fresh = Lecture(0, member.key, desk.clock(), word=digest(word))
    lecture = desk.lectures.begin(fresh)
    if lecture.word != fresh.word:
        desk.lectures.change(lecture.id, {"word": digest(word), "who": member.key})
    return Presenting(desk.lectures.live() or lecture, word)


def live(desk: Desk, who: Person | None) -> Lecture | None:
    """The lecture that is live, as its presenter sees it."""
    require(who, "present")
    return desk.lectures.live()


def end(desk: Desk, who: Person | None) -> None:
    """The lecture is over; pages stay where they are."""
    require(who, "present")
    if lecture := desk.lectures.live():
        desk.lectures.end(lecture.id, desk.clock())


def audience(desk: Desk, who: Person | None) -> int:
    """How many pages listen to the class, this one among them."""
    require(who, "present")
    return desk.lectures.listeners(desk.clock() - FRESH)


def follow_plan(desk: Desk, who: Person | None, plan: int | None) -> None:
    """Take up a lesson plan, at its beginning; None lays it aside."""
    _change(desk, who, {"plan": plan, "step": 0})


def go(desk: Desk, who: Person | None, place: Place, *, step: int | None = None) -> None:
    """Lead everybody to a place, the presenting tab as well."""
    at = {} if step is None else {"step": step}
    _change(desk, who, {"page": place.page, "query": place.query, "spot": "", "source": "", **at})


def at_step(desk: Desk, who: Person | None, step: int) -> None:
    """Stand at a step of the plan that shows no lab."""
    _change(desk, who, {"step": step})


def _change(desk: Desk, who: Person | None, changes: Mapping[str, object]) -> None:
    require(who, "present")
    lecture = desk.lectures.live()
    if lecture is None or not desk.lectures.change(lecture.id, changes):
        raise ClassroomError(NO_LECTURE)


def move(lectures: Lectures, word: str, said: Mapping[str, object], labs: Collection[str]) -> bool:
    """What the presenting tab says of itself: the place it is at. Whoever knows the word is the presenter.

    False where the word is no longer the lecture's; a place that cannot be is a ClassroomError.
    """
    place = read_place(said, labs)
    lecture = lectures.live()
    if lecture is None:
        return False
    changes = {"page": place.page, "query": place.query, "spot": place.spot, "source": mark(word)}
    return lectures.change(lecture.id, changes, word=digest(word))


def read_place(said: Mapping[str, object], labs: Collection[str]) -> Place:
    """A place as a browser said it, or a ClassroomError.

    >>> read_place({"page": "convolution", "query": "stride=3", "spot": None}, {"convolution"}).address
    'convolution?stride=3'
    """
    page, query, spot = said.get("page"), said.get("query", ""), said.get("spot")
    if not isinstance(page, str) or page not in labs:
        raise ClassroomError("Only labs can be presented.")
    if not isinstance(query, str) or len(query) > LONGEST or not query.isprintable():
        raise ClassroomError(f"The setting does not fit into an address of {LONGEST:,} letters.")
    return Place(page, query, "" if spot is None else read_spot(spot))


def read_spot(said: object) -> str:
    """What the spotlight points at: an element by its key or its place among its kind, and a point in it.

    >>> read_spot({"key": "stride", "x": 0.5, "y": 0.25})
    '{"key": "stride", "x": 0.5, "y": 0.25}'
    """
    if not isinstance(said, Mapping) or set(said) != {"key", "x", "y"}:
        raise ClassroomError("A spotlight has a key and a point.")
    key, point = said["key"], (said["x"], said["y"])
    if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z0-9_-]{0,100}", key):
        raise ClassroomError("A spotlight points at an element of the page.")
    if not all(type(share) in (int, float) and 0 <= share <= 1 for share in point):
        raise ClassroomError("A spotlight points into an element, in shares of its width and height.")
    return json.dumps({"key": key, "x": point[0], "y": point[1]})
