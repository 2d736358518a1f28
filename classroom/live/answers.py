"""Answers to a question that a class is asked: what may be given, how it is kept, how all of them are counted."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classroom.errors import ClassroomError
from classroom.live.port import Vote
from syllabus.questions import Kind, Question, check, read_number, read_shape

LONGEST = 40  # letters of a typed answer
MOST_BARS = 10  # of typed answers; the rarer ones are counted together
OTHERS = "others"


@dataclass(frozen=True)
class Bar:
    """How many gave this answer."""

    label: str
    votes: int
    right: bool


@dataclass(frozen=True)
class Tally:
    """The answers of one round, without a name: bars, or points in shares of a picture's width and height.

    Where several options may be marked, one vote counts in several bars.
    """

    round: int
    votes: int
    right: int
    bars: tuple[Bar, ...] = ()
    points: tuple[tuple[float, float], ...] = ()


def kept(question: Question, given: object) -> str:
    """An answer as it is kept, as JSON; what is no answer to this question is a ClassroomError.

    >>> from syllabus.questions import question
    >>> kept(question("Q04"), " 86,950 ")
    '"86,950"'
    """
    takers = {"number": _typed, "shape": _typed, "several": _marked, "click": _point}
    return json.dumps(takers.get(question.kind, _chosen)(question, given))


def read(text: str) -> object:
    """What somebody gave, as it was kept; a point is a pair."""
    found = json.loads(text)
    return tuple(found) if isinstance(found, list) else found


def in_words(kind: Kind, given: object) -> str:
    """An answer as one reads it.

    >>> in_words("number", "86950"), in_words("click", (0.25, 0.5)), in_words("choice", None)
    ('86,950', '25 % from the left, 50 % from the top', '-')
    """
    if given is None:
        return "-"
    if isinstance(given, tuple):
        return (
            f"{100 * given[0]:.0f} % from the left, {100 * given[1]:.0f} % from the top"
            if kind == "click"
            else "; ".join(given)
        )
    return _label(kind, str(given))


def tally(question: Question, votes: Iterable[Vote], round: int) -> Tally:
    """The votes of one round, counted."""
    counted = [vote for vote in votes if vote.round == round]
    given = [read(vote.given) for vote in counted]
    right = sum(vote.right for vote in counted)
    if question.kind == "click":
        points = tuple((float(each[0]), float(each[1])) for each in given if isinstance(each, tuple))
        return Tally(round, len(given), right, points=points)
    bars = _typed_bars(question, given) if question.kind in ("number", "shape") else _option_bars(question, given)
    return Tally(round, len(given), right, bars)


def right_options(question: Question) -> tuple[str, ...]:
    """The options that are right; on a slide the line that is wrong."""
    answers = question.answer if isinstance(question.answer, tuple) else (question.answer,)
    return tuple(option for option in question.options if option in answers)


def _option_bars(question: Question, given: Sequence[object]) -> tuple[Bar, ...]:
    counts = Counter(option for each in given for option in (each if isinstance(each, tuple) else (each,)))
    right = right_options(question)
    return tuple(Bar(option, counts[option], option in right) for option in question.mixed)


def _typed_bars(question: Question, given: Sequence[object]) -> tuple[Bar, ...]:
    counts = Counter(_label(question.kind, str(each)) for each in given).most_common()
    bars = tuple(Bar(label, votes, check(question, label)) for label, votes in counts[:MOST_BARS])
    rest = sum(votes for _, votes in counts[MOST_BARS:])
    return (*bars, Bar(OTHERS, rest, False)) if rest else bars


def _label(kind: Kind, typed: str) -> str:
    """One way to write what can be written in several."""
    if kind == "number" and (number := read_number(typed)) is not None:
        return f"{number:,.12g}"
    if kind == "shape" and (sides := read_shape(typed)):
        return "x".join(map(str, sides))
    return typed


def _typed(question: Question, given: object) -> str:
    text = given.strip() if isinstance(given, str) else ""
    readable = len(text) <= LONGEST and (read_number if question.kind == "number" else read_shape)(text) is not None
    if not readable:
        asked = "a number, such as 2416 or 0.5" if question.kind == "number" else "a shape, such as 28x28x6"
        raise ClassroomError(f"Write {asked}.")
    return text


def _chosen(question: Question, given: object) -> str:
    if not isinstance(given, str) or given not in question.options:
        raise ClassroomError("Choose one of the lines." if question.kind == "slide" else "Choose one of the answers.")
    return given


def _marked(question: Question, given: object) -> list[str]:
    marked = list(given) if isinstance(given, list | tuple) else []
    if not marked or any(each not in question.options for each in marked):
        raise ClassroomError("Mark at least one of the answers.")
    return [option for option in question.options if option in marked]


def _point(_question: Question, given: object) -> list[float]:
    point = list(given) if isinstance(given, list | tuple) else []
    if len(point) != 2 or not all(map(_is_share, point)):
        raise ClassroomError("Click on the picture first.")
    return [round(share, 4) for share in point]


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1  # and no NaN
