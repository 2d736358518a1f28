"""Questions beside the labs: what is asked, what is right, and how an answer is checked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from syllabus.tables import Row, row, table

Kind: TypeAlias = Literal["number", "choice", "several", "shape"]


@dataclass(frozen=True)
class Question:
    """One question. `answer` is a number, the right option, all right options, or a shape such as "28x28x6"."""

    id: str
    lectures: tuple[str, ...]
    kind: Kind
    prompt: str
    options: tuple[str, ...]
    answer: float | str | tuple[str, ...]
    within: float  # how far a number may be off
    why: str
    row: str  # the row of the lectures' figures it rests on; empty where it rests on none
    page: str  # where it can be tried: the path of a lab, with the setting

    @property
    def shown_answer(self) -> str:
        """The right answer as a reader writes it.

        >>> question("Q04").shown_answer, question("E06").shown_answer
        ('86,950', '227')
        """
        if isinstance(self.answer, tuple):
            return "; ".join(self.answer)
        return self.answer if isinstance(self.answer, str) else f"{self.answer:,}"


def question(id: str) -> Question:
    """One question by its id.

    >>> question("Q22").answer
    152
    """
    return _question(id, row("questions", id))


def all_questions() -> list[Question]:
    """Every question, in the order of the file."""
    return [_question(id, entry) for id, entry in table("questions").items()]


def check(question: Question, given: object) -> bool:
    """Is this the right answer? An option counts by its text; what cannot be read as an answer is not right.

    Numbers may be typed with thousands set apart, shapes with any cross, star or comma between their sides.

    >>> check(question("Q04"), "86,950"), check(question("Q39"), "28 * 28 * 6"), check(question("E06"), "224")
    (True, True, False)
    """
    if question.kind == "several":
        right = set(question.answer) if isinstance(question.answer, tuple) else set()
        return isinstance(given, Iterable) and not isinstance(given, str) and set(given) == right
    if question.kind == "choice":
        return given == question.answer
    if question.kind == "shape":
        return read_shape(str(given)) == read_shape(str(question.answer))
    number = read_number(str(given))
    # The last bit of a float must not decide: 9.45 lies within 0.05 of 9.4.
    return number is not None and abs(number - float(str(question.answer))) <= question.within + 1e-9


def read_number(text: str) -> float | None:
    """The number a reader typed, or None.

    >>> read_number("61,706"), read_number("86 950"), read_number("9,4"), read_number("-2"), read_number("many")
    (61706.0, 86950.0, 9.4, -2.0, None)
    """
    plain = re.sub("[\\s_'\u2019]", "", text).replace("\u2212", "-")  # typographic apostrophe and minus
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", plain) else None


def read_shape(text: str) -> tuple[int, ...] | None:
    """The sides of a volume a reader typed, or None.

    >>> read_shape("28x28x6"), read_shape("(28, 28, 6)"), read_shape("28 by 28")
    ((28, 28, 6), (28, 28, 6), None)
    """
    sides = text.strip().removeprefix("(").removesuffix(")").strip()
    if not re.fullmatch("[0-9]{1,9}(\\s*[xX\u00d7*·,]\\s*[0-9]{1,9}|\\s+[0-9]{1,9})*", sides):
        return None
    return tuple(int(side) for side in re.findall("[0-9]+", sides))


def _question(id: str, entry: Row) -> Question:
    options = tuple(entry.get("options", ()))
    answer = entry["answer"]
    if entry["kind"] == "choice":
        answer = options[answer]
    elif entry["kind"] == "several":
        answer = tuple(options[place] for place in answer)
    return Question(
        id=id,
        lectures=tuple(entry["lectures"].split()),
        kind=entry["kind"],
        prompt=entry["prompt"],
        options=options,
        answer=answer,
        within=entry.get("within", 0.0),
        why=entry["why"],
        row=entry.get("row", ""),
        page=entry["page"],
    )
