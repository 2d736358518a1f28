"""What stands: the machine's scores and people's marks put together, for one hand-in and for a student's assignment.

Nothing here is stored. It is worked out from the facts whenever somebody asks, so that it cannot contradict them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from grading.ledger.policy import Candidate, Rules, counting, days_late, worth
from grading.ledger.records import HandIn, Mark, Release, Result
from grading.records import Outcome, Score, State, verdict


@dataclass(frozen=True)
class Entry:
    """One question as it stands: a person's points if there are any, else the machine's. `by` is that person."""

    score: Score
    points: float | None
    state: State
    comment: str = ""
    by: str = ""

    @property
    def question(self) -> str:
        """Which question."""
        return self.score.question

    @property
    def out_of(self) -> float:
        """Points that can be had."""
        return self.score.out_of


@dataclass(frozen=True)
class Standing:
    """One hand-in as it stands. Without a `result` it still waits for its first grading."""

    hand_in: HandIn
    result: Result | None
    entries: tuple[Entry, ...] = ()

    @property
    def points(self) -> float:
        """Points so far, before lateness."""
        return sum(entry.points or 0.0 for entry in self.entries)

    @property
    def out_of(self) -> float:
        """Points that its questions offer, a bonus included: `grading.records.out_of` leaves it out."""
        return sum(entry.out_of for entry in self.entries)

    @property
    def to_mark(self) -> tuple[str, ...]:
        """The questions that wait for a person."""
        return tuple(entry.question for entry in self.entries if entry.state == "to mark")

    @property
    def undecided(self) -> bool:
        """Whether the machine owes an answer that no person has given instead."""
        return self.result is None or not self.entries or any(entry.state == "undecided" for entry in self.entries)


@dataclass(frozen=True)
class Grade:
    """What a student has for an assignment: the hand-in that counts, and its points after lateness."""

    student: str
    assignment: str
    standing: Standing
    points: float | None  # None while it is undecided
    out_of: float
    taken: float = 0.0  # for lateness
    days_late: int = 0
    hand_ins: int = 1


@dataclass(frozen=True)
class Change:
    """How a hand-in stood before and after a regrade."""

    before: Standing
    after: Standing

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions whose points differ."""
        points = {entry.question: entry.points for entry in self.before.entries}
        return tuple(entry.question for entry in self.after.entries if points.get(entry.question, ...) != entry.points)

    @property
    def gained(self) -> float:
        """Points gained (or, below zero, lost) before lateness."""
        return self.after.points - self.before.points


def stands(results: Sequence[Result]) -> Result | None:
    """Of a hand-in's outcomes, oldest first: the newest that is decided; if none is, the newest.

    A regrade that came to nothing through a fault of ours takes nothing away.
    """
    decided = [result for result in results if result.outcome.verdict != "undecided"]
    newest = decided or results
    return newest[-1] if newest else None


def standing(hand_in: HandIn, results: Sequence[Result], marks: Iterable[Mark]) -> Standing:
    """Put a hand-in's outcomes and marks together, both oldest first."""
    result = stands(results)
    if result is None:
        return Standing(hand_in, None)
    known = [score.question for score in result.outcome.scores]
    last = {called_now(mark.question, known): mark for mark in marks}
    return Standing(hand_in, result, tuple(_entry(score, last.get(score.question)) for score in result.outcome.scores))


def standings(hand_ins: Iterable[HandIn], results: Iterable[Result], marks: Iterable[Mark]) -> tuple[Standing, ...]:
    """The same for many hand-ins at once."""
    graded: dict[int, list[Result]] = {}
    marked: dict[int, list[Mark]] = {}
    for result in results:
        graded.setdefault(result.attempt.hand_in, []).append(result)
    for mark in marks:
        marked.setdefault(mark.hand_in, []).append(mark)
    return tuple(standing(one, graded.get(one.id, []), marked.get(one.id, [])) for one in hand_ins)


def grade(mine: Sequence[Standing], rules: Rules) -> Grade | None:
    """What one student's hand-ins for one assignment come to under the rules."""
    by_number = {one.hand_in.number: one for one in mine}
    chosen = counting(
        [
            Candidate(number, one.hand_in.submission.at, None if one.undecided else one.points)
            for number, one in by_number.items()
        ],
        rules,
    )
    if chosen is None:
        return None
    one = by_number[chosen.number]
    points = None if chosen.points is None else worth(chosen.points, chosen.at, rules)
    return Grade(
        student=one.hand_in.submission.student,
        assignment=one.hand_in.submission.assignment,
        standing=one,
        points=points,
        out_of=one.out_of,
        taken=0.0 if points is None else one.points - points,
        days_late=days_late(rules, chosen.at),
        hand_ins=len(mine),
    )


def visible(releases: Iterable[Release], student: str, *, unless_said: bool) -> bool:
    """Whether a student may see the results, as the releases of one assignment say: the last word holds."""
    said = unless_said
    for release in releases:
        if release.student in ("", student):
            said = release.visible
    return said


def called_now(question: str, known: Collection[str]) -> str:
    """The id that a question has today: where notebooks were added or taken away since, another than it had.

    >>> called_now("q1", ["boxes/q1", "nms/q2"]), called_now("boxes/q1", ["q1"]), called_now("q1", ["a/q1", "b/q1"])
    ('boxes/q1', 'q1', 'q1')
    """
    if question in known:
        return question
    same = [one for one in known if one.endswith(f"/{question}") or question.endswith(f"/{one}")]
    return same[0] if len(same) == 1 else question


def only(question: str, before: Outcome, after: Outcome) -> Outcome:
    """The new outcome for one question, the earlier for all others: a corrected test moves its own question."""
    fresh = {score.question: score for score in after.scores if score.question == question}
    scores = tuple(fresh.pop(score.question, score) for score in before.scores) + tuple(fresh.values())
    return replace(after, scores=scores, verdict=verdict(scores))


def _entry(score: Score, mark: Mark | None) -> Entry:
    if mark is None:
        return Entry(score, score.points, score.state)
    if mark.points is None:
        return Entry(score, score.points, score.state, mark.comment)
    state: State = "full" if mark.points >= score.out_of else "part" if mark.points > 0 else "none"
    return Entry(score, mark.points, state, mark.comment, mark.by)
