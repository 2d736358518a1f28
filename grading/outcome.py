"""The outcome of a hand-in: what came of its notebooks put together, and zeros, with a reason, for what is missing."""

from collections.abc import Mapping, Sequence

from grading.grade import Graded
from grading.notebooks.collect import Collected, Part
from grading.notebooks.write import executed, feedback_copy
from grading.records import Isolation, Outcome, Paper, Score, verdict


def outcome(
    collected: Collected,
    graded: Sequence[tuple[Graded, int]],
    isolation: Isolation,
    *,
    seed: int,
    seconds: float,
) -> Outcome:
    """One outcome of what became of each notebook that was run, and of its peak of memory."""
    ran = {one.plan.notebook: one for one, _ in graded}
    scores = tuple(score for part in collected.parts for score in _scores(part, ran))
    several = len(collected.parts) > 1
    return Outcome(
        verdict=verdict(scores),
        scores=scores,
        seconds=round(seconds, 3),
        stopped_by="; ".join(_words({name: one.stopped for name, one in ran.items()}, several)),
        notes=notes(collected),
        isolation=isolation,
        seed=seed,
        peak_memory=max(peak for _, peak in graded),
        papers=tuple(_paper(part, ran) for part in collected.parts),
    )


def notes(collected: Collected) -> tuple[str, ...]:
    """What was noticed about the hand-in, and what was mended in its notebooks."""
    mended = {plan.notebook: plan.notes for plan in collected.plans}
    return (*collected.notes, *_words(mended, len(collected.parts) > 1))


def _scores(part: Part, ran: Mapping[str, Graded]) -> Sequence[Score]:
    if part.plan:
        return tuple(ran[part.master.name].scores.values())
    return [
        Score(
            question.id,
            0.0,
            question.points,
            "none",
            part.missing,
            integrity="by hand" if question.by_hand else "judged",
        )
        for question in part.master.questions
    ]


def _paper(part: Part, ran: Mapping[str, Graded]) -> Paper:
    if not part.plan:
        return Paper(part.master.name, missing=part.missing)
    graded = ran[part.master.name]
    return Paper(part.master.name, executed(part.plan, graded.outputs), feedback_copy(part.plan, graded.shown))


def _words(said: Mapping[str, Sequence[str]], several: bool) -> Sequence[str]:
    """What was said about each notebook, once; with its name before it where there are several.

    >>> _words({"boxes": ["cell 3 ran longer than it may"], "nms": []}, several=True)
    ['boxes: cell 3 ran longer than it may']
    """
    found = [f"{name}: {words}" if several else words for name, each in said.items() for words in each]
    return list(dict.fromkeys(found))
