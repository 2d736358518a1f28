"""The sentences a student reads. Of a hidden case they tell its group and the kind of trouble, never a value."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grading.referee.answers import Asked
from grading.referee.cases import Group
from grading.referee.compare import is_tensor
from grading.referee.rulings import Finding, Kind

MOST_VALUES = 64  # a larger array is described by its shape
MOST_LETTERS = 160

CONSTANT = "Your function gives the same answer whatever it is given."

TROUBLE: dict[Kind, str] = {
    "wrong values": "your answer has another value",
    "wrong shape": "your answer has another shape",
    "wrong type": "your answer is of another kind, such as text for a number or a list for a tensor",
    "not a number": "your answer has a NaN or an infinity where a number belongs",
    "no answer": "your function returns None",
    "did not refuse": "the input is impossible, and your function answers where it should raise an error",
    "took too long": "your function takes too long",
    "not asked": "your function was not asked again after it took too long",
}


def seen(name: str, groups: Sequence[Group], asked: Sequence[Sequence[Asked]], *, by_title: bool = False) -> str:
    """How many groups are right, and the first trouble: a visible one in full if there is one.

    With `by_title` a call is written with the title of its case, because the student gets something else than the
    case's arguments.
    """
    wrong = [
        (group, next(question for question in questions if not question.finding.right))
        for group, questions in zip(groups, asked, strict=True)
        if not all(question.finding.right for question in questions)
    ]
    if not wrong:
        return "All cases are right."
    group, question = next(((group, question) for group, question in wrong if group.visible), wrong[0])
    hidden = f"In “{group.title}”, {trouble(question.finding)}."
    told = visible(name, question, by_title=by_title) if group.visible else hidden
    return f"{len(groups) - len(wrong)} of {len(groups)} groups of cases are right. {told}"


def trouble(finding: Finding) -> str:
    """What went wrong, in a clause.

    >>> trouble(Finding("raised", "ValueError")), trouble(Finding("raised"))
    ('your function raises ValueError', 'your function raises an error')
    """
    if finding.kind == "raised":
        return f"your function raises {finding.error or 'an error'}"
    return TROUBLE[finding.kind]


def visible(name: str, question: Asked, *, by_title: bool = False) -> str:
    """The call and what it should give, for a case that students may know; a long one by its title alone."""
    case = question.case
    inside = case.title if by_title else ", ".join(in_words(argument) for argument in case.arguments)
    should = f"raise {case.raises.__name__}" if case.raises else f"be {in_words(question.expected)}"
    whole, title = f"{name}({inside}) should {should}", "" if by_title else case.title
    if title and len(whole) > MOST_LETTERS:
        return f"{title}: {trouble(question.finding)}."
    return f"{title + ': ' if title else ''}{shortened(whole)}; {trouble(question.finding)}."


def in_words(value: Any) -> str:
    """A value as a person would type it; a large array by its shape.

    >>> in_words(np.array([[1.0, 2.5]])), in_words(np.zeros((300, 300))), in_words(np.float64(0.5))
    ('[[1.0, 2.5]]', 'an array of shape (300, 300)', '0.5')
    """
    if isinstance(value, np.ndarray) or is_tensor(value):
        small = value.size <= MOST_VALUES if isinstance(value, np.ndarray) else value.numel() <= MOST_VALUES
        kind = "an array" if isinstance(value, np.ndarray) else "a tensor"
        return repr(value.tolist()) if small else f"{kind} of shape {tuple(value.shape)}"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, tuple | list):
        inside = ", ".join(in_words(part) for part in value)
        return f"({inside}{',' if len(value) == 1 else ''})" if isinstance(value, tuple) else f"[{inside}]"
    return repr(value)


def shortened(text: str) -> str:
    """Not more than a person reads."""
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 4] + " ..."
