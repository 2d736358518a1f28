"""Outcomes of what the machine could not decide: never a zero, and a person is asked."""

from collections.abc import Sequence

from grading.errors import Refusal
from grading.ledger.records import Attempt
from grading.records import Outcome, Question, Score


def given_up(attempt: Attempt, questions: Sequence[Question]) -> Outcome:
    """The outcome of an attempt that no grader survived."""
    return _undecided(
        attempt,
        questions,
        seen="This could not be graded by the machine. A person will look at it.",
        note="Grading this hand-in failed and it waits for a person. Nothing of it is lost.",
        stopped_by=f"grading it failed {'once' if attempt.failures == 1 else f'{attempt.failures} times'}",
    )


def refused(attempt: Attempt, questions: Sequence[Question], refusal: Refusal) -> Outcome:
    """The outcome of a hand-in that was accepted and cannot be graded any more: its assignment changed, most likely.

    Who grades it reads the problem and its remedy; the student did nothing wrong and reads a plain sentence.
    """
    return _undecided(
        attempt,
        questions,
        seen="This could not be graded as it was handed in. Your instructor will look at it.",
        note="The machine could not grade this hand-in, and it waits for a person. Nothing of it is lost.",
        stopped_by=str(refusal),
    )


def _undecided(attempt: Attempt, questions: Sequence[Question], *, seen: str, note: str, stopped_by: str) -> Outcome:
    scores = tuple(
        Score(
            question=question.id,
            points=None,
            out_of=question.points,
            state="to mark" if question.by_hand else "undecided",
            seen="" if question.by_hand else seen,
            integrity="by hand" if question.by_hand else "judged",
        )
        for question in {question.id: question for question in questions}.values()  # one score each, come what may
    )
    return Outcome(
        verdict="undecided",
        scores=scores,
        seconds=0.0,
        stopped_by=stopped_by,
        notes=(note,),
        seed=attempt.seed,
    )
