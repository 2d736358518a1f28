"""What people ask of the course side, as functions that receive their ports: hand in, grade, regrade, mark, release.

Clocks, chance, the notebook's check and the grader come in as arguments; the ledger is the only memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from grading.errors import GradingError
from grading.ledger.policy import Rules, days_late, extended, left, may_hand_in
from grading.ledger.port import Ledger, WasErased
from grading.ledger.records import Attempt, HandIn, Mark, Release, Result
from grading.ledger.serving import Clock, Ended, Grader, Questions, Terms, grade_next, serve
from grading.ledger.standing import Change, Grade, Standing, grade, only, standings, visible
from grading.ledger.stopping import Stop, stopping
from grading.records import Submission

__all__ = [
    "Change",
    "Check",
    "Clock",
    "Ended",
    "Grade",
    "Grader",
    "Questions",
    "Receipt",
    "Stop",
    "Terms",
    "changes",
    "grade_next",
    "grades",
    "hand_in",
    "mark",
    "may_see",
    "preview",
    "regrade",
    "release",
    "serve",
    "standing_of",
    "stopping",
]

Check = Callable[[str, bytes], Sequence[str]]  # file and bytes; notes for the student, or a Refusal is raised
Opened = Callable[[str, bytes], Sequence[tuple[str, bytes]]]  # file and bytes; the notebooks in an archive, by name
RulesFor = Callable[[str], Rules]  # of one assignment, for a student


@dataclass(frozen=True)
class Receipt:
    """What a student gets for a hand-in, to keep."""

    attempt: Attempt
    new: bool  # False: these very bytes were handed in just before, and this is that hand-in's receipt
    place: int | None  # how many gradings come before; None: it is graded
    left: int | None  # hand-ins left; None: no limit
    days_late: int
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        submission = self.attempt.submission
        again = "" if self.new else "You had handed in exactly this file already. "
        when = f"{submission.at:%A, %d %B %Y, %H:%M:%S} ({submission.at.tzname()})"
        return (
            f"{again}Hand-in {self.attempt.number} for {submission.assignment}, received on {when}. "
            f"Its fingerprint (SHA-256) is {submission.sha256}."
        )


def hand_in(
    ledger: Ledger,
    *,
    student: str,
    assignment: str,
    file: str,
    data: bytes,
    check: Check,
    rules: Rules,
    clock: Clock,
    draw: Callable[[], int],
    opened: Opened = lambda _file, _data: (),
) -> Receipt:
    """Check the bytes and append them, or raise the Refusal that the student reads.

    A double click gives the same receipt twice: it costs no attempt, even if none were left.
    """
    now, digest = clock(), sha256(data).hexdigest()
    mine = extended(rules, ledger.extensions(assignment=assignment, student=student))

    def admit(earlier: Sequence[HandIn]) -> None:
        may_hand_in(mine, [one.submission.at for one in earlier], now)

    earlier = ledger.hand_ins(assignment=assignment, student=student)
    if not (earlier and earlier[-1].submission.sha256 == digest):
        admit(earlier)  # before the work of the check; the ledger asks again, when nobody else can slip in
    notes = tuple(check(file, data))
    attempt, new = ledger.hand_in(
        Submission(student, assignment, digest, file, now), data, seed=draw(), admit=admit, notebooks=opened(file, data)
    )  # fmt: skip
    return Receipt(
        attempt=attempt,
        new=new,
        place=ledger.place(attempt.id),
        left=left(mine, attempt.number),
        days_late=days_late(mine, attempt.submission.at),
        notes=notes,
    )


# -- what stands


def standing_of(ledger: Ledger, *, assignment: str = "", student: str = "") -> tuple[Standing, ...]:
    """Every hand-in as it stands, oldest first: the machine's scores with people's marks."""
    return standings(
        ledger.hand_ins(assignment=assignment, student=student),
        ledger.results(assignment=assignment, student=student),
        ledger.marks(assignment=assignment, student=student),
    )


def grades(ledger: Ledger, *, assignment: str, rules_for: RulesFor, student: str = "") -> tuple[Grade, ...]:
    """What each student who handed in has for an assignment, by name; extensions are counted in."""
    mine: dict[str, list[Standing]] = {}
    for one in standing_of(ledger, assignment=assignment, student=student):
        mine.setdefault(one.hand_in.submission.student, []).append(one)
    more = ledger.extensions(assignment=assignment, student=student)
    found = (
        grade(theirs, extended(rules_for(name), (one for one in more if one.student == name)))
        for name, theirs in sorted(mine.items())
    )
    return tuple(one for one in found if one)


def may_see(ledger: Ledger, *, assignment: str, student: str, unless_said: bool = True) -> bool:
    """Whether a student may see their results: what was said last, or the course's habit while nothing was said."""
    return visible(ledger.releases(assignment=assignment), student, unless_said=unless_said)


# -- what people decide


def mark(
    ledger: Ledger,
    *,
    hand_in: int,
    question: str,
    points: float | None,
    comment: str,
    by: str,
    clock: Clock,
    beyond: bool = False,
) -> None:
    """A person's points or comment for one question; more than the question offers only if `beyond` says so."""
    attempts = ledger.attempts(hand_in=hand_in)
    if not attempts:
        raise GradingError(f"There is no hand-in {hand_in}.")
    name = attempts[0].submission
    stood = {one.hand_in.id: one for one in standing_of(ledger, assignment=name.assignment, student=name.student)}
    offered = {entry.question: entry.out_of for entry in stood[hand_in].entries}
    if offered and question not in offered:
        raise GradingError(f"{name.assignment} has no question {question}. It has: {', '.join(offered)}.")
    if points is not None and not 0 <= points < float("inf"):
        raise GradingError(f"Points are a number from 0 on, not {points:g}.")
    if points is not None and question in offered and points > offered[question] and not beyond:
        raise GradingError(
            f"Question {question} offers {offered[question]:g} points, and {points:g} are more than that."
        )
    ledger.mark(Mark(hand_in, question, points, comment, by, clock()))


def release(ledger: Ledger, *, assignment: str, by: str, clock: Clock, student: str = "", visible: bool = True) -> None:
    """Let students see the results of an assignment (all of them, or one), or take that back."""
    ledger.release(Release(assignment, by, clock(), student, visible))


# -- regrading


def regrade(
    ledger: Ledger, *, assignment: str, student: str = "", question: str = "", reason: str, by: str, clock: Clock
) -> tuple[Attempt, ...]:
    """Ask for one more grading of every hand-in of an assignment, or of one student's; of one question if named.

    The old outcomes stay in the history, and people's marks stand as they are.
    """
    found = ledger.hand_ins(assignment=assignment, student=student)
    if not found:
        whose = f" by {student}" if student else ""
        raise GradingError(f"Nothing was handed in for {assignment}{whose}: there is nothing to regrade.")
    return ledger.regrade([one.id for one in found], question=question, reason=reason, by=by, now=clock())


def preview(
    ledger: Ledger, grader: Grader, *, assignment: str, student: str = "", question: str = "", clock: Clock
) -> Iterator[Change]:
    """What a regrade would change, one hand-in after the other: it is graded now, and nothing is recorded."""
    first = {one.hand_in: one for one in reversed(ledger.attempts(assignment=assignment, student=student))}
    marks = ledger.marks(assignment=assignment, student=student)
    for before in standing_of(ledger, assignment=assignment, student=student):
        if before.result is None:
            continue
        submission = before.hand_in.submission
        try:
            data = ledger.content(submission.sha256)
        except WasErased:
            continue
        outcome = grader(data, assignment, first[before.hand_in.id].seed, file=submission.file)
        if question:
            outcome = only(question, before.result.outcome, outcome)
        tried = replace(before.result, outcome=outcome, at=clock())
        mine = [one for one in marks if one.hand_in == before.hand_in.id]
        change = Change(before, standings([before.hand_in], [before.result, tried], mine)[0])
        if change.questions:
            yield change


def changes(ledger: Ledger, *, assignment: str) -> tuple[Change, ...]:
    """What the last regrades changed: for every hand-in graded more than once, before its last outcome and after."""
    marks = ledger.marks(assignment=assignment)
    graded: dict[int, list[Result]] = {}
    for result in ledger.results(assignment=assignment):
        graded.setdefault(result.attempt.hand_in, []).append(result)
    found = []
    for one in ledger.hand_ins(assignment=assignment):
        results = graded.get(one.id, [])
        if len(results) > 1:
            before, after = (
                standings([one], some, [m for m in marks if m.hand_in == one.id])[0] for some in (results[:-1], results)
            )
            found.append(Change(before, after))
    return tuple(change for change in found if change.questions)
