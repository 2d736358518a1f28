"""Look an assignment over before students get it: can its tests be judged, and do they tell a solution from a stub?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.course import Assignment, Course
from grading.grade import grade
from grading.grader import Grader
from grading.judge.examine import definitions, examine, uses
from grading.notebooks.master import EXPLORE, Master
from grading.notebooks.names import clean_name
from grading.notebooks.plan import Plan
from grading.records import Question, Score

_AS_IT_IS = 'Change the test, or let it run in the student\'s process: in_process = ["{id}"] in fovea.toml.'


@dataclass(frozen=True)
class Problem:
    """Something about one question that its instructor should see."""

    question: str
    says: str
    serious: bool = True  # marks would be wrong


def check(course: Course, name: str) -> Iterator[Problem]:
    """Run the instructor's solution and the empty notebook, and read the tests for what cannot work in a judge."""
    with Grader(course, name) as grader:
        yield from _names([master.name for master in grader.assignment.masters])
        yield from _bonus(grader.assignment.questions)
        for master in grader.assignment.masters:
            yield from _read_tests(master, grader.assignment)
            yield from _passed_over(master)
            yield from _run(grader, master)


def _names(notebooks: Sequence[str]) -> Iterator[Problem]:
    """Browsers write "boxes (1).ipynb", and people write capitals: such names must not be another notebook's."""
    by_name: dict[str, list[str]] = {}
    for notebook in notebooks:
        by_name.setdefault(clean_name(notebook, suffix="").casefold(), []).append(f'"{notebook}.ipynb"')
    for alike in by_name.values():
        if len(alike) > 1:
            words = f"{' and '.join(alike)} cannot be told apart once a browser has renamed them. Rename one."
            yield Problem(alike[0].strip('"'), words, serious=False)


def _bonus(questions: Sequence[Question]) -> Iterator[Problem]:
    """A bonus is named by the cell that has its points; one beside it would leave what the assignment is out of."""
    for question in questions:
        if question.bonus and not question.points:
            yield Problem(question.id, "it is named as a bonus and has no points. Name the cell that has them.")


def _read_tests(master: Master, assignment: Assignment) -> Iterator[Problem]:
    tests = [cell for cell in master.cells if cell.role == "test"]
    solutions = [cell.source for cell in master.cells if cell.role == "solution" and cell.cell_type == "code"]
    for finding in examine([cell.source for cell in tests], definitions(solutions)):
        test = tests[finding.cell].grade_id
        if assignment.settings.in_process.isdisjoint((test, master.key(test))):
            yield Problem(master.key(test), f"line {finding.line}: {finding.problem}", serious=False)


def _passed_over(master: Master) -> Iterator[Problem]:
    """The judge passes over a cell that explores: what a test needs of it would be the student's, or a forgery."""
    others = [cell for cell in master.cells if cell.cell_type == "code" and cell.role != "test" and not cell.explores]
    for place, test in enumerate(master.cells):
        if test.role == "test":
            explored = definitions([cell.source for cell in master.cells[:place] if cell.explores])
            alone = explored.names - definitions([cell.source for cell in others]).names
            for name in sorted(alone & uses(test.source)):
                words = (
                    f'it needs "{name}", which only a cell with the tag "{EXPLORE}" defines. Take the tag away there.'
                )
                yield Problem(master.key(test.grade_id), words)


def _run(grader: Grader, master: Master) -> Iterator[Problem]:
    solution = grader.solution(master)
    judged = _scores(grader, master, solution)
    handed_out = _scores(grader, master, grader.plan(master, master.release()))
    tests = [question for question in master.questions if not question.by_hand]
    failing = [question.id for question in tests if judged[question.id].state != "full"]
    beside = _scores(grader, master, solution, in_process=frozenset(failing)) if failing else {}
    for question in failing:
        if beside[question].state == "full":
            words = f"it cannot be judged in a second process. {judged[question].seen}"
            yield Problem(question, f"{words} {_AS_IT_IS.format(id=question)}")
        else:
            yield Problem(question, f"your own solution does not pass it. {judged[question].seen}")
    for one in tests:
        if one.points and handed_out[one.id].points:
            yield Problem(
                one.id, f"the notebook as it is handed out earns {handed_out[one.id].points:g} of its points."
            )


def _scores(
    grader: Grader, master: Master, plan: Plan, *, in_process: frozenset[str] = frozenset()
) -> dict[str, Score]:
    allowed = grader.assignment.settings.in_process
    with grader.session(master) as session:
        return grade(plan, session, in_process=allowed | in_process).scores
