"""Recognising a mistake: the student's wrong answers are those of a variant we know."""

from collections.abc import Sequence
from typing import Any

from grading.referee.answers import Asked, Raised
from grading.referee.cases import Mistake
from grading.referee.compare import compare
from grading.referee.errors import RefereeError
from grading.referee.tolerance import EXACT, Tolerance


def recognise(
    questions: Sequence[Asked], mistakes: Sequence[Mistake], tolerance: Tolerance, *, torch_or_numpy: bool = False
) -> Mistake | None:
    """The variant that gives the student's answers on all failing cases, and on most of the others.

    An input that should have been refused is looked at only where nothing else fails: who forgot to refuse may have
    made another mistake as well, and that one matters more.
    """
    answered = [asked for asked in questions if asked.finding.kind not in ("not asked", "took too long")]
    failing = [asked for asked in answered if not asked.finding.right]
    failing = [asked for asked in failing if asked.case.raises is None] or failing
    best: tuple[int, Mistake] | None = None
    for mistake in mistakes:
        if failing and all(_agrees(mistake, asked, tolerance, torch_or_numpy) for asked in failing):
            count = sum(_agrees(mistake, asked, tolerance, torch_or_numpy) for asked in answered)
            if best is None or count > best[0]:
                best = count, mistake
    return best[1] if best else None


def is_constant(questions: Sequence[Asked]) -> bool:
    """Whether the same answer was given to everything although several were expected."""
    answered = [asked for asked in questions if asked.finding.kind != "not asked"]
    return _one([asked.answer for asked in answered]) and not _one([asked.expected for asked in answered])


def only_raises(questions: Sequence[Asked]) -> bool:
    """Whether no case got an answer at all although some have one."""
    answers = [asked.answer for asked in questions if asked.finding.kind != "not asked"]
    some = any(not isinstance(asked.expected, Raised) for asked in questions)
    return some and all(isinstance(answer, Raised) for answer in answers)


def _agrees(mistake: Mistake, asked: Asked, tolerance: Tolerance, either: bool) -> bool:
    variant: Any
    try:
        variant = mistake.variant(*asked.case.fresh())
    except Exception as error:
        variant = Raised(error)
    if isinstance(variant, Raised) or isinstance(asked.answer, Raised):
        both = isinstance(variant, Raised) and isinstance(asked.answer, Raised)
        return both and variant.name == asked.answer.name != ""
    try:
        return compare(variant, asked.answer, tolerance, torch_or_numpy=either) == "right"
    except RefereeError:  # the variant gives what cannot be compared
        return False


def _one(values: list[Any]) -> bool:
    if len(values) < 2 or any(isinstance(value, Raised) for value in values):
        return False
    try:
        return all(compare(values[0], value, EXACT, torch_or_numpy=True) == "right" for value in values[1:])
    except RefereeError:
        return False
