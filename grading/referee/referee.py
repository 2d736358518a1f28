"""The referee: asks, compares, recognises, rules.

It runs where the student's code does not. What it calls is a stand-in that returns plain data or raises what the
student's function raised; in a plain notebook it is the function itself.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grading.errors import GradingError
from grading.referee import words
from grading.referee.answers import Asked, Raised
from grading.referee.cases import Case, Forbidden, Group, Mistake
from grading.referee.compare import compare
from grading.referee.errors import RefereeError
from grading.referee.link import connected
from grading.referee.recognise import is_constant, only_raises, recognise
from grading.referee.rulings import Finding, GroupRuling, Ruling, keep_ruling
from grading.referee.seeds import generator, seed
from grading.referee.tolerance import EXACT, Tolerance

MOST_TIMEOUTS = 2  # then the function is asked no more: a test cell has an end
DIGITS = 6  # of the points


@dataclass(frozen=True)
class Referee:
    """Everything needed to judge one function; calling it with the student's function gives the points.

    `given` makes of a case's arguments what the student gets, where that is something else (of a table, a model).
    `ask` puts the question where it is more than a call (first make an object, then call it): whatever it raises
    counts as the student's. `reference`, `given` and the variants of the mistakes all take a case's arguments.
    """

    name: str
    points: float
    reference: Callable[..., Any]
    groups: tuple[Group, ...]
    mistakes: tuple[Mistake, ...] = ()
    tolerance: Tolerance = EXACT
    seconds: float = 2.0  # for one call, of the student's processor time
    forbidden: tuple[Forbidden, ...] = ()
    torch_or_numpy: bool = False
    given: Callable[..., tuple[Any, ...]] | None = None
    ask: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.points <= 0 or self.seconds <= 0 or not self.groups:
            raise ValueError(f"{self.name}: a referee has points, seconds and at least one group of cases")
        _different(self.name, "groups", [group.title for group in self.groups])
        _different(self.name, "mistakes", [mistake.title for mistake in self.mistakes])

    def __call__(self, function: Any) -> float:
        """The points, as the last line of a test cell wants them; the ruling is kept for the grader."""
        ruling = self.rule(function)
        keep_ruling(ruling)
        connected().told(ruling)
        return ruling.points

    def rule(self, function: Any) -> Ruling:
        """Ask every case and decide. What is wrong with the referee itself is a RefereeError."""
        value, link = seed(), connected()
        prepared = [tuple(self._prepared(group, value)) for group in self.groups]
        with link.seconds(self.seconds), link.forbidding([shortcut.name for shortcut in self.forbidden]) as taken:
            asked = self._all_asked(function, prepared)
            shortcuts = [shortcut for shortcut in self.forbidden if shortcut.name in taken]
        return self._ruling(asked, shortcuts, value)

    def _prepared(self, group: Group, value: int) -> Iterator[Asked]:
        """The cases of a group with what should come back, before the student is asked anything."""
        random = generator(value, self.name, group.title)
        named, drawn = iter(group.cases), group.drawn
        for number in range(len(group.cases) + (group.count if drawn else 0)):
            try:
                case = drawn(random) if drawn and number >= len(group.cases) else next(named)
                yield Asked(case, self._expected(case))
            except RefereeError:
                raise
            except Exception as error:
                raise RefereeError(
                    f"The referee of {self.name} failed on case {number + 1} of “{group.title}” with seed {value}: "
                    f"{type(error).__name__}: {error}"
                ) from error

    def _expected(self, case: Case) -> Any:
        if case.raises is None:
            return self.reference(*case.fresh())
        try:
            self.reference(*case.fresh())
        except case.raises as error:
            return Raised(error)
        raise RefereeError(f"The reference of {self.name} answers where it should raise {case.raises.__name__}.")

    def _all_asked(self, function: Any, prepared: Sequence[tuple[Asked, ...]]) -> list[tuple[Asked, ...]]:
        """Group by group; after a call that took too long its group is asked no more, after two nothing is."""
        asked, timeouts = [], 0
        for questions in prepared:
            answered, late = list[Asked](), False
            for question in questions:
                if not late and timeouts < MOST_TIMEOUTS:
                    question = self._asked(function, question)
                    late = question.finding.kind == "took too long"
                    timeouts += late
                answered.append(question)
            asked.append(tuple(answered))
        return asked

    def _asked(self, function: Any, question: Asked) -> Asked:
        try:
            arguments = question.case.fresh()  # what a student changes, changes for nobody else
            if self.given:
                arguments = self.given(*arguments)
        except Exception as error:
            raise RefereeError(f"The referee of {self.name} could not prepare a question: {error}") from error
        answer: Any
        began = time.monotonic()
        try:
            answer = self.ask(function, *arguments) if self.ask else function(*arguments)
        except GradingError:  # the student's process is gone: not ours to judge
            raise
        except TimeoutError as error:
            return replace(question, answer=Raised(error), finding=Finding("took too long"))
        except Exception as error:
            answer = Raised(error)
        finding = self._finding(question, answer)
        if finding.kind == "raised" and time.monotonic() - began >= self.seconds:
            finding = Finding("took too long")  # stopped over there, and told as whatever error the code made of it
        return replace(question, answer=answer, finding=finding)

    def _finding(self, question: Asked, answer: Any) -> Finding:
        raises = question.case.raises
        if isinstance(answer, Raised):
            refused = raises is not None and isinstance(answer.error, raises)
            return Finding("right") if refused else Finding("raised", answer.name)
        if raises is not None:
            return Finding("did not refuse")
        return Finding(compare(question.expected, answer, self.tolerance, torch_or_numpy=self.torch_or_numpy))

    def _ruling(self, asked: list[tuple[Asked, ...]], shortcuts: list[Forbidden], value: int) -> Ruling:
        everything = [question for questions in asked for question in questions]
        luck = is_constant(everything)
        nothing = luck or only_raises(everything) or bool(shortcuts)
        total = sum(group.weight for group in self.groups)
        earned, groups = 0.0, list[GroupRuling]()
        for group, questions in zip(self.groups, asked, strict=True):
            findings = tuple(question.finding for question in questions)
            right = not nothing and all(finding.right for finding in findings)
            earned += group.weight if right else 0.0
            share = round(self.points * group.weight / total, DIGITS)
            groups.append(GroupRuling(group.title, share if right else 0.0, share, group.visible, findings))
        mistake = recognise(everything, self.mistakes, self.tolerance, torch_or_numpy=self.torch_or_numpy)
        seen = words.seen(self.name, self.groups, asked, by_title=self.given is not None)
        hint = mistake.hint if mistake else ""
        if shortcuts:
            mistake = None
            seen, hint = f"Your function calls {shortcuts[0].name}, and here it may not.", shortcuts[0].because
        elif luck and not mistake:
            hint = words.CONSTANT
        return Ruling(
            question=self.name,
            points=min(float(self.points), round(self.points * (earned / total), DIGITS)),
            out_of=float(self.points),
            seen=seen,
            hint=hint,
            mistake=mistake.title if mistake else "",
            groups=tuple(groups),
            seed=value,
        )


def _different(name: str, kind: str, titles: list[str]) -> None:
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{name}: two {kind} are called {title!r}")
