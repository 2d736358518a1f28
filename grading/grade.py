"""Grade one notebook: run its cells in order, judge its tests, and say what was seen."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grading.engine.outputs import Output, storable
from grading.engine.session import Ending, Ran, Session, Tested
from grading.notebooks.plan import Plan, Step
from grading.records import Integrity, Question, Score, State

STOPPED: Mapping[Ending, str] = {
    "out of time": "ran longer than it may",
    "out of memory": "used more memory than it may",
    "died": "ended its process: it crashed, left, or used up the time of the whole notebook",
    "broken": "answered as no notebook does",
    "over": "was not reached, because the notebook was stopped too often before or its time was used up",
    "ours": "could not be judged, which is our fault; a person will look at it",
}
_IN_THE_TEST = "In the test"  # how words begin that may hold something of the student's
_OURS = {"OutOfTime", "StudentError", "ForgedAnswer", "ArgumentError", "Unsendable", "Gone", "Late", "Broken"}
_CANARY = "assert False, 'a canary that must fall'"


@dataclass
class Graded:
    """What became of one notebook."""

    plan: Plan
    scores: dict[str, Score] = field(default_factory=dict)
    outputs: dict[int, Sequence[Output]] = field(default_factory=dict)  # by step, for the instructor
    shown: dict[int, Sequence[Output]] = field(default_factory=dict)  # for the student
    unshown: list[int] = field(
        default_factory=list
    )  # steps whose words a student's code may have taken from hidden tests
    stopped: list[str] = field(default_factory=list)
    objects: frozenset[str] = frozenset()  # where the tests met objects instead of plain values


def grade(plan: Plan, session: Session, *, in_process: frozenset[str] = frozenset()) -> Graded:
    """Every question's score. What breaks costs the cell that broke it; the questions before and after still count."""
    graded, asked_hidden = Graded(plan), False
    for index, step in enumerate(plan.steps):
        question = step.question
        if step.kind in ("run", "set up"):
            outputs, ours = _run(step, session, graded)
            leaks = bool(outputs) and asked_hidden and not ours
            if question:  # an answer in code that a person marks
                graded.scores[question.id] = _by_hand(step, question)
        elif step.kind == "test" and question:
            score, outputs = _test(step, question, session, graded, in_process)
            graded.scores[question.id] = score
            if asked_hidden and score.integrity == "in-process" and score.state == "none":
                graded.scores[question.id] = replace(score, seen="A test did not pass.")
            asked_hidden = asked_hidden or step.hidden
            leaks = asked_hidden and score.integrity == "judged" and score.seen.startswith(_IN_THE_TEST)
        else:
            if question:
                graded.scores[question.id] = _by_hand(step, question)
            continue
        graded.outputs[index] = outputs
        if leaks:
            graded.unshown.append(index)
        elif not asked_hidden or step.kind != "test":
            graded.shown[index] = outputs
    return graded


def show(graded: Graded, fresh: Session) -> None:
    """Run the notebook once more without a hidden test, and take from there what the student reads.

    A function that was asked hidden questions may keep them, and a later cell print them.
    """
    for index, step in enumerate(graded.plan.steps[: max(graded.unshown) + 1]):
        if step.kind in ("run", "set up"):
            ran = fresh.run(step.source, for_judge=step.judge_source)
            if index in graded.unshown:
                graded.shown[index] = ran.outputs
        elif step.kind == "test" and step.question and step.visible_source:
            passed, seen, _ = example(step, fresh)
            if index not in graded.unshown:
                continue
            before = graded.scores[step.question.id]
            graded.scores[step.question.id] = replace(before, seen="A test did not pass." if passed else seen)


def example(step: Step, session: Session, *, in_process: bool = False) -> tuple[bool, str, str]:
    """Whether a test passes as far as students were given it, what was seen if not, and what was printed meanwhile."""
    if step.question is None:
        return True, "", ""
    visible = replace(step, source=step.visible_source, hidden_lines=frozenset())
    if in_process:
        score, outputs = _in_process(visible, step.question, session, time.monotonic())
    else:
        tested = session.test(visible.source, out_of=step.question.points)
        score, outputs = _judged(visible, step.question, tested, 0.0)
    printed = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    return score.state == "full", score.seen, printed


def _run(step: Step, session: Session, graded: Graded) -> tuple[Sequence[Output], bool]:
    """What a cell put out, and whether it is we who say it."""
    ran = session.run(step.source, for_judge=step.judge_source)
    if ran.ending != "finished":
        graded.stopped.append(f"{step.cell} {STOPPED[ran.ending]}")
        return _failure("Stopped", f"This cell {STOPPED[ran.ending]}."), True
    if ran.error and ran.error[0] == "OutOfTime":
        graded.stopped.append(f"{step.cell} {STOPPED['out of time']}")
    return ran.outputs, False


def _test(
    step: Step, question: Question, session: Session, graded: Graded, in_process: frozenset[str]
) -> tuple[Score, Sequence[Output]]:
    began = time.monotonic()
    if not in_process.isdisjoint((question.id, step.grade_id)):
        return _in_process(step, question, session, began)
    tested = session.test(step.source, out_of=question.points)
    graded.objects |= tested.objects
    if tested.ending != "finished":
        graded.stopped.append(f"the test {question.id} {STOPPED[tested.ending]}")
    return _judged(step, question, tested, time.monotonic() - began)


def _judged(step: Step, question: Question, tested: Tested, seconds: float) -> tuple[Score, Sequence[Output]]:
    if tested.ending != "finished":
        seen = f"The test {STOPPED[tested.ending]}."
        points = None if tested.ending == "ours" else 0.0
        return _score(question, points, seen, seconds=seconds), _failure("Stopped", seen)
    run, points = tested.run, tested.points["earned"]
    if points is None:
        seen = "The test itself needs a look by your instructor."
        return _score(question, None, seen, seconds=seconds), _failure("UndecidedTest", tested.points["problem"])
    seen, hint = _words(step, tested)
    shown: Sequence[Output] = _failure(run["error"], run["message"], _line(step, run["line"])) if run["error"] else ()
    if run["printed"]:
        shown = ({"output_type": "stream", "name": "stdout", "text": storable(run["printed"])}, *shown)
    if not run["error"] and run["value"] is not None:
        shown = (*shown, _value(run["value"]))
    passed = run["passed"] and points >= question.points
    return _score(question, points, seen, hint, seconds=seconds, passed=passed), shown


def _in_process(step: Step, question: Question, session: Session, began: float) -> tuple[Score, Sequence[Output]]:
    """A test among the student's own code, because the course asks for it: it can be fooled, and the score says so.

    An assertion that must fail goes before and after: where it does not, nothing that passes there means anything.
    """
    before, ran, after = session.run(_CANARY), session.run(step.source), session.run(_CANARY)
    seconds = time.monotonic() - began
    if ran.ending == "finished" and not all(canary.error == _FALLEN for canary in (before, after)):
        seen = "An assertion that must fail did not fail here, so this test proves nothing."
        return _score(question, None, seen, seconds=seconds, in_process=True), ran.outputs
    if ran.ending != "finished":
        seen = f"The test {STOPPED[ran.ending]}."
        return _score(question, 0.0, seen, seconds=seconds, in_process=True), _failure("Stopped", seen)
    points = 0.0 if ran.error else _partial(ran, question.points)
    seen = "" if not ran.error else "A hidden test did not pass." if step.hidden else f"{ran.error[0]}: {ran.error[1]}"
    passed = ran.error is None and points == question.points
    return _score(question, points, seen, seconds=seconds, passed=passed, in_process=True), ran.outputs


_FALLEN = ("AssertionError", "a canary that must fall")


def _partial(ran: Ran, out_of: float) -> float | None:
    """nbgrader's partial credit: the number that the last line shows."""
    for output in reversed(ran.outputs):
        if output["output_type"] == "execute_result":
            try:
                points = float(output["data"].get("text/plain", ""))
            except ValueError:
                return out_of
            return points if 0 <= points <= out_of else None
    return out_of


def _by_hand(step: Step, question: Question) -> Score:
    if step.unanswered:
        return Score(question.id, 0.0, question.points, "none", "There is no answer.", integrity="by hand")
    return Score(question.id, None, question.points, "to mark", integrity="by hand")


def _score(
    question: Question,
    points: float | None,
    seen: str,
    hint: str = "",
    *,
    seconds: float,
    passed: bool = False,
    in_process: bool = False,
) -> Score:
    state: State = "undecided"
    if points is not None:
        state = "part" if 0 < points < question.points else "full" if passed else "none"
    integrity: Integrity = "in-process" if in_process else "judged"
    return Score(question.id, points, question.points, state, _printable(seen), hint, integrity, round(seconds, 3))


def _printable(text: str) -> str:
    """Without control characters, which databases and terminals take for something else."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _words(step: Step, tested: Tested) -> tuple[str, str]:
    """What the student reads: of a visible test the line and its error, of a hidden one the referee's words at most."""
    run = tested.run
    if tested.rulings:
        ruling = tested.rulings[-1]
        return ruling["seen"], ruling["hint"]
    if run["passed"]:
        return "", ""
    if run["error"] == "ForbiddenShortcut":
        return run["message"], ""
    if step.hidden and (not run["line"] or run["line"] in step.hidden_lines):
        return "A hidden test did not pass.", ""
    source = _line(step, run["line"])
    where = f"{_IN_THE_TEST}, `{source}`: " if source else f"{_IN_THE_TEST}: "
    plain = run["message"] if run["error"] in _OURS or not run["message"] else f"{run['error']}: {run['message']}"
    return f"{where}{plain or run['error']}"[:1000], ""


def _line(step: Step, number: int) -> str:
    lines = step.source.splitlines()
    return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""


def _failure(name: str, message: str, line: str = "") -> tuple[Output, ...]:
    traceback = [f"{line}", f"{name}: {message}"] if line else [f"{name}: {message}"]
    words = {"ename": name, "evalue": message}
    made = {key: storable(text) for key, text in words.items()}
    return ({"output_type": "error", **made, "traceback": [storable(text) for text in traceback]},)


def _value(value: float) -> Output:
    text: dict[str, Any] = {"text/plain": f"{value!r}"}
    return {"output_type": "execute_result", "data": text, "metadata": {}, "execution_count": None}
