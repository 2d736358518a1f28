"""An instructor's own questions as text: what a line is, its first word or sign says. Nothing in it is evaluated.

    How many parameters has a 5x5 convolution from 6 to 16 maps?
    = 2416
    because Each filter spans all six maps.
    lab layer

The first line is the question. Lines without a mark continue the line before. docs/quizzes.md shows every kind.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from syllabus.pictures import UnknownPicture, check_name
from syllabus.questions import Kind, Question, Region, read_number, read_shape

LONGEST, LONGEST_LINE, MOST_OPTIONS, MOST_REGIONS = 4000, 1000, 8, 8
LARGEST = 1e15  # up to here every whole number is a float
MARKS = ("=", "*", "-", "x", "because", "lab", "slide", "picture", "region")
MARKED = re.compile(rf"({'|'.join(map(re.escape, MARKS))})(?:\s+(.*))?")
CONTINUED = ("", "*", "-", "x", "because")  # what may go on in the next line; "" is the question
ONCE = ("=", "because", "lab", "slide", "picture")
PAGE = re.compile(r"[a-z][a-z0-9_]{0,39}(\?\S{1,900})?")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn the order of what is read


class WrittenWrongly(ValueError):
    """A text that cannot be read; the message is one sentence that names the line and says what helps."""


@dataclass(frozen=True)
class Line:
    """One line of a question: its number in the text, its mark, and what stands behind the mark."""

    number: int
    mark: str
    text: str


def read(text: str, *, id: str) -> Question:
    """The question that a text describes; what kind it is follows from the marks in it.

    >>> read("How wide is the field?\\n= 5\\nbecause 1 + 2 + 2.", id="own-1").answer
    5
    >>> read("What is it?\\n= 5", id="own-1")
    Traceback (most recent call last):
    syllabus.written.WrittenWrongly: the question has no reason: add a line that begins with because
    """
    lines = _lines(text)
    prompt = lines[0].text
    by_mark = {mark: [line for line in lines[1:] if line.mark == mark] for mark in MARKS}
    for mark in ONCE:
        if len(by_mark[mark]) > 1:
            raise _wrong(by_mark[mark][1], f"there is one {mark} line already: keep one of the two")
    if not by_mark["because"]:
        raise WrittenWrongly("the question has no reason: add a line that begins with because")
    options = [line for line in lines[1:] if line.mark in ("*", "-", "x")]
    kind, answer, within = _answer(by_mark, options)
    _check_options(kind, options, by_mark)
    return Question(
        id=id,
        lectures=(),
        kind=kind,
        prompt=prompt,
        options=tuple(line.text for line in options),
        answer=answer,
        within=within,
        why=by_mark["because"][0].text,
        row="",
        page=_page(by_mark["lab"]),
        title=by_mark["slide"][0].text if by_mark["slide"] else "",
        picture=_picture(by_mark["picture"]),
        regions=tuple(_region(line) for line in by_mark["region"]),
    )


def write(question: Question) -> str:
    """The text that `read` makes the same question of, apart from its lectures and its row.

    >>> from syllabus.questions import question as one
    >>> print(write(one("Q39")))
    A 32x32 grey image goes through 6 filters of 5x5 without padding. Which volume comes out, as height x width x maps?
    = 28x28x6
    because The window fits 32 - 5 + 1 = 28 times in each direction, and every filter makes one map.
    lab parameters?network=LeNet-5
    """
    lines = [question.prompt]
    lines += [f"slide {question.title}"] if question.title else []
    lines += [f"picture {question.picture}"] if question.picture else []
    lines += [f"region {' '.join(map(_plain, region))}" for region in question.regions]
    lines += [f"{_mark(question, option)} {option}" for option in question.options]
    if not question.options and question.answer != "":
        lines.append(f"= {question.answer if isinstance(question.answer, str) else _number(question)}")
    lines.append(f"because {question.why}")
    lines += [f"lab {question.page}"] if question.page else []
    return "\n".join(lines)


def checked_text(text: str, *, longest: int) -> list[str]:
    """The lines of a text, once it is short enough and holds no character that cannot be seen.

    >>> checked_text("one\\r\\ntwo", longest=10)
    ['one', 'two']
    """
    if len(text) > longest:
        raise WrittenWrongly(f"the text has {len(text):,} letters, and {longest:,} are the most: shorten it")
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        for letter in line:
            if letter != "\t" and (unicodedata.category(letter) in ("Cc", "Cs") or letter in TURNING):
                raise WrittenWrongly(f"line {number} holds the invisible character U+{ord(letter):04X}: delete it")
    return lines


def _lines(text: str) -> list[Line]:
    """The question first, then the marked lines, each with the unmarked ones that continue it."""
    found: list[Line] = []
    for number, raw in enumerate(checked_text(text, longest=LONGEST), start=1):
        plain = " ".join(raw.split())
        if not plain:
            continue
        marked = MARKED.fullmatch(plain) if found else None
        if marked:
            found.append(Line(number, marked[1], marked[2] or ""))
        elif not found:
            found.append(Line(number, "", plain))
        elif found[-1].mark in CONTINUED:
            found[-1] = Line(found[-1].number, found[-1].mark, f"{found[-1].text} {plain}".strip())
        else:
            raise WrittenWrongly(f"line {number} begins with no mark: begin it with one of {', '.join(MARKS)}")
    if not found:
        raise WrittenWrongly("the text is empty: its first line is the question")
    for line in found:
        if not line.text:
            raise _wrong(line, f"nothing stands behind {line.mark}: write it there or delete the line")
        if len(line.text) > LONGEST_LINE:
            raise _wrong(line, f"it has {len(line.text):,} letters, and {LONGEST_LINE:,} are the most: shorten it")
    return found


def _answer(
    by_mark: dict[str, list[Line]], options: Sequence[Line]
) -> tuple[Kind, float | str | tuple[str, ...], float]:
    """What kind of question it is, its answer, and how far a number may be off."""
    equals = by_mark["="]
    if by_mark["picture"]:
        return "click", equals[0].text if equals else "", 0.0
    if options and equals:
        raise _wrong(equals[0], "a question with options has no = line: mark what is right among them, or delete them")
    if by_mark["slide"]:
        wrong = by_mark["x"]
        return "slide", wrong[0].text if wrong else "", 0.0
    if options:
        right = tuple(line.text for line in by_mark["*"])
        return ("choice", right[0], 0.0) if len(right) == 1 else ("several", right, 0.0)
    if not equals:
        raise WrittenWrongly(
            "the question has no answer: add a line with = and a number or a shape, or options with * and -"
        )
    if re.search(r"\d\s*[xX×*·]\s*\d", equals[0].text):
        return "shape", _shape(equals[0]), 0.0
    return ("number", *_number_within(equals[0]))


def _check_options(kind: Kind, options: Sequence[Line], by_mark: dict[str, list[Line]]) -> None:
    """Options and regions only where the kind has them, as many as it needs, none of them twice."""
    if len(options) > MOST_OPTIONS:
        raise _wrong(options[MOST_OPTIONS], f"{MOST_OPTIONS} options are the most: leave some out")
    for place, line in enumerate(options):
        if line.text in [other.text for other in options[:place]]:
            raise _wrong(line, "the same option stands further up: change or delete one of them")
    misfits = {"click": ("*", "-", "x"), "slide": ("*", "region")}.get(kind, ("x", "region"))
    for mark in misfits:
        if by_mark[mark]:
            raise _wrong(by_mark[mark][0], _misfit(kind, mark))
    if kind == "click" and by_mark["slide"]:
        raise _wrong(by_mark["slide"][0], "a question shows a slide or a picture: delete one of the two")
    if kind == "click" and not 1 <= len(by_mark["region"]) <= MOST_REGIONS:
        raise _wrong(by_mark["picture"][0], f"a picture needs 1 to {MOST_REGIONS} lines with region: say what is right")
    if kind == "slide" and len(by_mark["x"]) != 1:
        raise _wrong(by_mark["slide"][0], "a slide has one wrong line: mark that one with x and all others with -")
    if kind == "slide" and len(by_mark["-"]) < 2:
        raise _wrong(by_mark["slide"][0], "a slide has two right lines at least: add lines that begin with -")
    if kind in ("choice", "several") and not (by_mark["*"] and by_mark["-"]):
        raise _wrong(options[0], "a choice needs right options, marked with *, and wrong ones, marked with -")


def _misfit(kind: Kind, mark: str) -> str:
    if mark == "x":
        return "x marks the wrong line of a slide: add a line that begins with slide, or mark wrong options with -"
    if mark == "region":
        return "a region belongs to a picture: add a line that begins with picture, or delete this one"
    if kind == "slide":
        return "a slide asks for its wrong line: mark that one with x and all others with -"
    return "who is asked to click gets no options: delete the options or the picture"


def _number_within(line: Line) -> tuple[float, float]:
    value, between, off = re.sub("\u00b1", "+-", line.text).partition("+-")
    number, within = _one_number(line, value), _one_number(line, off) if between else 0.0
    if within < 0:
        raise _wrong(line, "a number is never off by less than nothing: write the part behind +- without its minus")
    return number, within


def _one_number(line: Line, text: str) -> float:
    value = read_number(text)
    if value is None or abs(value) > LARGEST:
        raise _wrong(line, f"{text.strip()[:40]!r} is no number I can read: write = 2416, = 9.4 +- 0.05 or = 28x28x6")
    return int(value) if value.is_integer() and "." not in text else value


def _shape(line: Line) -> str:
    sides = read_shape(line.text)
    if sides is None:
        raise _wrong(line, f"{line.text[:40]!r} is no shape I can read: write it as 28x28x6")
    return "x".join(map(str, sides))


def _page(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    if not PAGE.fullmatch(lines[0].text):
        raise _wrong(lines[0], "a lab is given by the end of its address, such as pooling?pool_stride=1")
    return lines[0].text


def _picture(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    try:
        check_name(lines[0].text)
    except UnknownPicture as unknown:
        raise _wrong(lines[0], str(unknown)) from None
    return lines[0].text


def _region(line: Line) -> Region:
    values = [read_number(word) for word in line.text.split()]
    match values:
        case [float(left), float(top), float(right), float(bottom)] if (
            0 <= left < right <= 1 and 0 <= top < bottom <= 1
        ):
            return left, top, right, bottom
    raise _wrong(line, "a region is left, top, right and bottom as shares from 0 to 1: write region 0.2 0.3 0.4 0.5")


def _mark(question: Question, option: str) -> str:
    right = option in question.answer if isinstance(question.answer, tuple) else option == question.answer
    if question.kind == "slide":
        return "x" if right else "-"
    return "*" if right else "-"


def _number(question: Question) -> str:
    value = _plain(float(question.answer)) if isinstance(question.answer, float) else str(question.answer)
    return f"{value} +- {_plain(question.within)}" if question.within else value


def _plain(value: float) -> str:
    """Without an exponent.

    >>> _plain(0.00001), _plain(0.5)
    ('0.00001', '0.5')
    """
    return format(Decimal(repr(value)), "f")


def _wrong(line: Line, sentence: str) -> WrittenWrongly:
    return WrittenWrongly(f"line {line.number}: {sentence}")
