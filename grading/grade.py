"""Grade one notebook: run its cells in order, judge its tests, and say what was seen."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grading.engine.outputs import Output
from grading.engine.session import Ending, Ran, Session, Tested
from grading.notebooks.plan import Plan, Step
from grading.records import Integrity, Question, Score, State

STOPPED: Mapping[Ending, str] = {
    "out of time": "ran longer than it may",
    "out of memory": "used more memory than it may",
    "died": "ended its own process",
    "broken": "answered as no notebook does",
    "over": "was not reached, because the notebook was stopped too often before or its time was used up",
    "ours": "could not be judged, which is our fault; a person will look at it",
}
_CANARY = "assert False, 'a canary that must fall'"


@dataclass
class Graded:
    """What became of one notebook."""

    plan: Plan
    scores: list[Score] = field(default_factory=list)
    outputs: dict[int, Sequence[Output]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    objects: frozenset[str] = frozenset()  # where the tests met objects instead of plain values


def grade(plan: Plan, session: Session, *, in_process: frozenset[str] = frozenset()) -> Graded:
    """Every question's score. What breaks costs the cell that broke it; the questions before and after still count."""
    graded = Graded(plan)
    for index, step in enumerate(plan.steps):
        question = step.question
        if step.kind in ("run", "set up"):
            ran = session.run(step.source, for_judge=step.judge_source)
            graded.outputs[index] = ran.outputs
            if ran.ending != "finished":
                graded.stopped.append(f"{step.cell} {STOPPED[ran.ending]}")
        elif step.kind == "test" and question:
            began = time.monotonic()
            if question.id in in_process:
                score, graded.outputs[index] = _in_process(step, question, session, began)
            else:
                tested = session.test(step.source, out_of=question.points)
                graded.objects |= tested.objects
                score, graded.outputs[index] = _judged(step, question, tested, time.monotonic() - began)
            graded.scores.append(score)
        if step.kind != "test" and question:
            graded.scores.append(_by_hand(step, question))
    return graded


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
        shown = ({"output_type": "stream", "name": "stdout", "text": run["printed"]}, *shown)
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
    return Score(question.id, points, question.points, state, seen, hint, integrity, round(seconds, 3))


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
    where = f"In the test, `{source}`: " if source else ""
    said = f"{run['error']}: {run['message']}" if run["message"] else run["error"]
    return f"{where}{said}"[:1000], ""


def _line(step: Step, number: int) -> str:
    lines = step.source.splitlines()
    return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""


def _failure(name: str, message: str, line: str = "") -> tuple[Output, ...]:
    traceback = [f"{line}", f"{name}: {message}"] if line else [f"{name}: {message}"]
    return ({"output_type": "error", "ename": name, "evalue": message, "traceback": traceback},)


def _value(value: float) -> Output:
    text: dict[str, Any] = {"text/plain": f"{value!r}"}
    return {"output_type": "execute_result", "data": text, "metadata": {}, "execution_count": None}
