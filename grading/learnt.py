"""What the instructor's own solution shows about the tests: it is graded once, like a hand-in, before any other."""

from dataclasses import dataclass, replace

from grading.grade import Graded
from grading.notebooks.master import Master
from grading.records import Score

UNSOLVED = (
    "The instructor's own solution does not pass all its tests (`fovea check` tells which), so an answer that is an "
    "object of a class of its own could not be told from one that lies."
)


@dataclass(frozen=True)
class Learnt:
    """Where the solution answers with objects: nowhere else may a student's, since one may claim to equal anything."""

    objects: frozenset[str] | None  # None: not known, since it fails
    unsolved: frozenset[str] = frozenset()  # tests that it fails although it answers

    @property
    def solved(self) -> bool:
        """Whether it passes all its tests."""
        return self.objects is not None

    @staticmethod
    def of(graded: Graded, master: Master) -> "Learnt":
        """From the solution's own scores. What the notebook leaves unsolved says nothing against a test."""
        tests = [score for score in graded.scores.values() if score.integrity != "by hand"]
        failed = {score.question for score in tests if score.state != "full"}
        answered = {
            question
            for cell in master.cells
            if cell.is_answer and cell.source != cell.released
            for question in cell.feeds
        }
        return Learnt(None if failed else graded.objects, frozenset(failed & answered))


def undecided(score: Score) -> Score:
    """A test that its own author's solution fails costs nobody marks."""
    if score.state == "full":
        return score
    return replace(score, points=None, state="undecided", seen="The test itself needs a look by your instructor.")
