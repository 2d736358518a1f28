"""Questions beside the labs and in class: what is asked, what is right, and how an answer is checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from zlib import crc32

from syllabus.tables import Row, row, table

Kind: TypeAlias = Literal["number", "choice", "several", "shape", "click", "slide"]
Region: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom as shares of width and height


@dataclass(frozen=True)
class Question:
    """One question. `answer` is a number, the right option, all right options, or a shape such as "28x28x6".

    On a slide the options are its lines, in their order below `title`, and the answer is the wrong line. A click asks
    for a place in `picture` (a name that `syllabus.pictures` draws): right is any place inside one of `regions`, and
    the answer says in words what lies there.
    """

    id: str
    lectures: tuple[str, ...]
    kind: Kind
    prompt: str
    options: tuple[str, ...]
    answer: float | str | tuple[str, ...]
    within: float  # how far a number may be off
    why: str
    row: str  # the row of the lectures' figures it rests on; empty where it rests on none
    page: str  # where it can be tried: the path of a lab, with the setting; may be empty for one's own question
    title: str = ""  # heading of a slide
    picture: str = ""  # what is clicked
    regions: tuple[Region, ...] = ()  # where a click is right

    @property
    def mixed(self) -> tuple[str, ...]:
        """Its options in an order of their own, always the same one: the file mostly has the right one first.

        The lines of a slide stay as they are.
        """
        if self.kind == "slide":
            return self.options
        return tuple(sorted(self.options, key=lambda option: crc32(f"{self.id} {option}".encode())))

    @property
    def shown_answer(self) -> str:
        """The right answer as a reader writes it.

        >>> question("Q04").shown_answer, question("E06").shown_answer
        ('86,950', '227')
        """
        if isinstance(self.answer, tuple):
            return "; ".join(self.answer)
        if isinstance(self.answer, str):
            return self.answer or "the marked place"
        return f"{self.answer:,}"


def question(id: str) -> Question:
    """One question by its id; that of an erratum gives the slide with the mistake.

    >>> question("Q22").answer, question("D36").kind
    (152, 'slide')
    """
    from syllabus.slides import slide_of

    return slide_of(id) if id[:1] in ("N", "D") else _question(id, row("questions", id))


def all_questions() -> list[Question]:
    """Every question of the file, in its order."""
    return [_question(id, entry) for id, entry in table("questions").items()]


def asked_live() -> list[Question]:
    """Every question a class can be asked: those of the file, then a slide for each erratum."""
    from syllabus.slides import slides

    return [*all_questions(), *slides()]


def check(question: Question, given: object) -> bool:
    """Is this the right answer? An option counts by its text; what cannot be read as an answer is not right.

    Numbers may be typed with thousands set apart, shapes with any cross, star or comma between their sides. A click is
    a pair of shares, from the left and from the top.

    >>> check(question("Q04"), "86,950"), check(question("Q39"), "28 * 28 * 6"), check(question("E06"), "224")
    (True, True, False)
    """
    match question.kind:
        case "click":
            return _inside(question.regions, given)
        case "several":
            right = set(question.answer) if isinstance(question.answer, tuple) else set()
            marked = given if isinstance(given, list | tuple | set | frozenset) else ()
            return all(isinstance(option, str) for option in marked) and set(marked) == right
        case "choice" | "slide":
            return given == question.answer
        case "shape":
            return read_shape(_typed(given)) == read_shape(str(question.answer))
    number = read_number(_typed(given))
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


def _typed(given: object) -> str:
    """What was typed; a number as text, and nothing for what is neither."""
    if isinstance(given, int) and given.bit_length() > 200:  # Python refuses to write the longest ones out
        return ""
    return str(given) if isinstance(given, str | int | float) else ""


def _inside(regions: Sequence[Region], given: object) -> bool:
    if not isinstance(given, list | tuple) or len(given) != 2:
        return False
    x, y = given
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        return False
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in regions)


def _question(id: str, entry: Row) -> Question:
    options = tuple(entry.get("options", ()))
    answer = entry["answer"]
    if entry["kind"] in ("choice", "slide"):
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
        title=entry.get("title", ""),
        picture=entry.get("picture", ""),
        regions=tuple((left, top, right, bottom) for left, top, right, bottom in entry.get("regions", ())),
    )
