"""The same hand-ins graded by nbgrader and by us.

The course is ours; nbgrader works on a copy of it in a temporary folder, with the project on its kernels' path. The
class is made from the notebook that `nbgrader generate_assignment` releases: eight kinds of hand-ins in turn (right in
three styles, partly right in two, half done, not begun, and one with cells that crash), each student the same bytes on
both sides. Both are their own command lines (`nbgrader autograde`, `fovea grade`), started afresh for every batch, with
an empty home and warm file caches, and take turns: nbgrader, ours with one worker, ours with two. nbgrader has no
workers; its one process is the other side of every row. Ours always runs with judge and full isolation (the layers are
in the notes; a result without them stops the bench), nbgrader has neither. For every student of every batch each
question must get the same points from both, else the bench stops.

- *A submission in a running batch*: seconds from one result to the last, divided by the results between them. The count
  starts after the first result, so that starting up is not in it, and covers whole turns through the eight kinds
  (nbgrader 8 submissions of 10, ours 40 of 41). nbgrader's results are its log's last line for a student, ours the
  steps of the progress bar, both read from a terminal as they come. CPU seconds are those of all processes of the
  command between the same two results.
- *Whole command*: from start to end. For `fovea grade` that includes the self-test of the sandbox and importing torch.
- *From 10 to 1,000*: the pace of a running batch of 1,000 beside the paces of the batches of 10.
- *Memory*: the proportional set size (shared pages divided among those who share them) of all processes of the command,
  summed, at its largest, in runs of their own that are not timed; ours divided by its workers.
- *Hand-in to verdict*: a ledger in a fresh SQLite file, `fovea grader --workers 2` running and warm. Hand-ins arrive at
  random (exponential gaps); the wait goes from the arrival, through the check of the notebook, to the time of the
  recorded outcome. The students' side runs on the same cores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import fmean, median
from typing import TYPE_CHECKING

from benchmarks.grading_hand_ins import KINDS, kind_of
from benchmarks.grading_runs import Batch, Points, bench
from benchmarks.grading_service import waits
from benchmarks.results import Goal, Row, Section, Series, number

if TYPE_CHECKING:
    from grading.records import Outcome

NBGRADER = f"nbgrader {version('nbgrader')}"
TIMES_FASTER = {1: 20, 2: 35}  # by workers
SMALL = 10  # hand-ins of a small batch
PATIENT = 3.0  # seconds from hand-in to verdict that a student should not have to wait longer than


@dataclass(frozen=True)
class Found:
    """Everything that was measured; batches of ours by the number of workers where there were several."""

    theirs: Sequence[Batch]
    ours: Mapping[int, Sequence[Batch]]
    small: Sequence[Batch]
    large: Batch
    their_single: Sequence[Batch]
    single: Sequence[Batch]
    their_memory: Batch
    memory: Mapping[int, Batch]
    waits: Mapping[str, float]  # by student
    outcomes: Mapping[str, "Outcome"]

    @property
    def all_ours(self) -> tuple[Batch, ...]:
        """Every batch that `fovea grade` graded."""
        pairs = (batch for batches in self.ours.values() for batch in batches)
        return (*pairs, *self.small, self.large, *self.single, *self.memory.values())


def measure(*, quick: bool) -> Section:
    """Everything, in one run; the runs for the memory come first and warm the file caches."""
    found = _measured(rounds=1, theirs=4, ours=9, many=60, single=1, arriving=(10, 5.0)) if quick else _measured()
    kinds = agreed(found)
    return Section("grading", __doc__ or "", rows(found), (*notes(found), _agreement(found, kinds)))


def _measured(
    *,
    rounds: int = 4,
    theirs: int = SMALL,
    ours: int = 41,
    many: int = 1000,
    single: int = 3,
    arriving: tuple[int, float] = (60, 30.0),
) -> Found:
    nbgraders: list[Batch] = []
    small: list[Batch] = []
    fovea: dict[int, list[Batch]] = {workers: [] for workers in TIMES_FASTER}
    alone: tuple[list[Batch], list[Batch]] = ([], [])
    students, seconds = arriving
    with bench() as course:
        memory = {workers: course.fovea(8 * workers, workers=workers, memory=True) for workers in TIMES_FASTER}
        their_memory = course.nbgrader(min(single, 3), memory=True)
        for _ in range(single):
            alone[0].append(course.nbgrader(1))
            alone[1].append(course.fovea(1, workers=1))
        for _ in range(rounds):
            nbgraders.append(course.nbgrader(theirs))
            small.append(course.fovea(SMALL, workers=1))
            for workers, batches in fovea.items():
                batches.append(course.fovea(ours, workers=workers))
        large = course.fovea(many, workers=1)
        if rounds > 1:  # one more afterwards, should the machine have changed meanwhile
            small.append(course.fovea(SMALL, workers=1))
        took, outcomes = waits(course.folder, course.released, students=students, seconds=seconds, workers=2)
    return Found(nbgraders, fovea, small, large, *alone, their_memory, memory, took, outcomes)


# -- the same points


def agreed(found: Found) -> Mapping[str, Mapping[str, float | None]]:
    """The points of every kind of hand-in, which all batches of both sides gave; raises where one of them did not."""
    kinds: dict[str, Mapping[str, float | None]] = {}
    service = {
        student: {score.question: score.points for score in outcome.scores}
        for student, outcome in found.outcomes.items()
    }
    by_nbgrader = [batch.points for batch in (*found.theirs, *found.their_single, found.their_memory)]
    for points in (*by_nbgrader, *(batch.points for batch in found.all_ours), service):
        compare(points, kinds)
    return kinds


def compare(points: Points, kinds: dict[str, Mapping[str, float | None]]) -> None:
    """Enter what is not yet known of a kind; raise if something else was known."""
    for student, given in points.items():
        kind = kind_of(student)
        known = kinds.setdefault(kind, given)
        if given != known:
            questions = {*given, *known}
            differ = sorted(one for one in questions if given.get(one, "nothing") != known.get(one, "nothing"))
            said = ", ".join(f"{one} {given.get(one, 'nothing')} and {known.get(one, 'nothing')}" for one in differ)
            raise RuntimeError(f"two gradings of the kind {kind!r} ({student}) differ: {said}")


def _agreement(found: Found, kinds: Mapping[str, Mapping[str, float | None]]) -> str:
    earned = ", ".join(f"{kind} {sum(p or 0 for p in points.values()):g}" for kind, points in kinds.items())
    compared = sum(len(batch.points) for batch in (*found.theirs, *found.their_single, found.their_memory))
    ours = sum(len(batch.points) for batch in found.all_ours) + len(found.outcomes)
    seen = len(found.theirs[0].points)
    partly = "" if seen >= len(KINDS) else f"; nbgrader saw only the first {seen} kinds, this being a quick run"
    return (
        f"{compared} gradings of nbgrader's and {ours} of ours gave every kind the same points for every question"
        f"{partly}. Points by kind, before a person marks: {earned}."
    )


# -- what it means


def rows(found: Found) -> tuple[Row, ...]:
    """The table."""
    pace = _series(found.theirs, "steady", "s")
    cpu = _series(found.theirs, "cpu", "CPU-s")
    made = []
    for workers, batches in found.ours.items():
        goal = Goal("ratio", 1 / TIMES_FASTER[workers])
        made.append(
            Row(
                f"A submission in a running batch, {_many(workers)}",
                _series(batches, "steady", "s"),
                NBGRADER,
                pace,
                (goal,),
            )
        )
    for workers, batches in found.ours.items():
        made.append(Row(f"CPU of a submission, {_many(workers)}", _series(batches, "cpu", "CPU-s"), NBGRADER, cpu))
    same = [batch for batch in found.small if len(batch.points) == len(found.theirs[0].points)]
    if same:
        made.append(_whole(same, found.theirs, f"Whole command, {SMALL} submissions, 1 worker"))
    made.append(_whole(found.single, found.their_single, "Whole command, 1 submission"))
    made.append(
        Row(
            f"From {SMALL} to {len(found.large.points):,} submissions: a submission in a running batch",
            Series((found.large.steady,), "s"),
            f"ours in batches of {SMALL}",
            _series(found.small, "steady", "s"),
            (Goal("ratio", 1.15),),
        )
    )
    made += _memory(found)
    made.append(
        Row(
            "Hand-in to verdict, the service with 2 workers",
            Series(tuple(found.waits.values()), "s"),
            goals=(Goal("p95", PATIENT),),
        )
    )
    return tuple(made)


def notes(found: Found) -> tuple[str, ...]:
    """What the table has no room for."""
    theirs = median(batch.steady for batch in found.theirs)
    times = {workers: theirs / median(batch.steady for batch in batches) for workers, batches in found.ours.items()}
    cpu = median(batch.cpu for batch in found.theirs) / median(batch.cpu for batch in found.ours[1])
    each = " and ".join(
        f"{number(ratio)} times with {_many(workers)} (goal {TIMES_FASTER[workers]})"
        for workers, ratio in times.items()
    )
    done = found.large.watched.done
    part = min(100, (len(done) - 1) // 2)
    first, last = (done[part] - done[0]) / part, (done[-1] - done[-1 - part]) / part
    start, their_start = (median(batch.watched.done[0] for batch in batches) for batches in (found.small, found.theirs))
    layers = next(iter(found.outcomes.values())).isolation.layers
    return (
        f"nbgrader's seconds divided by ours, for a submission in a running batch: {each}; its CPU seconds: "
        f"{number(cpu)} times ours.",
        f"Until the first result: {number(start)} s with ours, {number(their_start)} s with nbgrader.",
        f"The batch of {len(done):,} took {number(found.large.seconds)} s in all, "
        f"{number(found.large.seconds / len(done))} s each; its first {part} results {number(first)} s each, "
        f"its last {part} {number(last)} s.",
        f"{len(found.waits)} hand-ins to the service; the mean wait was {number(fmean(found.waits.values()))} s.",
        f"Layers in force with every result of ours: {', '.join(layers)}.",
    )


def _memory(found: Found) -> list[Row]:
    theirs = found.their_memory.watched.peak
    return [
        Row(
            f"Memory per worker, {_many(workers)}",
            Series((batch.watched.peak / workers / 1e6,), "MB"),
            NBGRADER,
            Series((theirs / 1e6,), "MB"),
        )
        for workers, batch in found.memory.items()
        if batch.watched.peak is not None and theirs is not None
    ]


def _whole(ours: Sequence[Batch], theirs: Sequence[Batch], what: str) -> Row:
    return Row(what, _series(ours, "seconds", "s"), NBGRADER, _series(theirs, "seconds", "s"))


def _series(batches: Sequence[Batch], which: str, unit: str) -> Series:
    return Series(tuple(float(getattr(batch, which)) for batch in batches), unit)


def _many(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"
