"""Change the code behind the answers, one small thing at a time, and see whether the referees notice.

    python -m tests.assignments.mutate [SET ...]

Two kinds of code are changed: the functions of `core` that a question's reference runs through, and the instructor's
own solutions. Each change is one other operator or comparison, a bound or a number one off, another axis, the least for
the greatest, a condition turned round. What comes of it is judged as if a student had written it. A change differs if
any answer to the cases of several seeds is another one; it is caught if it then loses points with the first of these
seeds, which is all that a student gets.
"""

import ast
import contextlib
import functools
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import TypeVar

import numpy as np

from grading.referee import Referee, disconnect, set_seed
from tests.assignments.nbgrading import COURSE, by_grade_id
from tests.assignments.sets import SETS, as_tables, referees, source

T = TypeVar("T")

CORE = Path(__file__).resolve().parents[2] / "core"
SPARED = {"errors.py", "types.py"}  # they refuse and name; nothing is computed there
SEEDS = (0, 1, 2, 3, 4, 5)
MOST = 120  # changes of one question: drawn, if there are more
SECONDS = 2.0
COMPARED = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
}
OPERATED = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
}
NAMED = {
    **{"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin"},
    **{"floor": "ceil", "ceil": "floor", "sum": "mean", "mean": "sum", "any": "all", "all": "any", "cumsum": "cumprod"},
}


@dataclass(frozen=True)
class Change:
    """One changed place of one function."""

    says: str
    function: FunctionType
    code: CodeType


@dataclass(frozen=True)
class Outcome:
    """What became of a change of a question's reference."""

    question: str
    says: str
    differs: bool
    caught: bool


class _Late(BaseException):  # that no referee takes for an answer
    """A changed loop that does not end."""


def changes(node: ast.AST) -> Iterator[tuple[ast.AST, int, str]]:
    """All small changes inside a function: what stands in place of it, the line, and in words."""
    body = list(ast.walk(node))
    for place, old in enumerate(body):
        for put, says in _changed(old):
            fresh = deepcopy(node)
            target = list(ast.walk(fresh))[place]
            for name, value in put.items():
                setattr(target, name, value)
            yield fresh, getattr(old, "lineno", 0) or old.value.lineno, says


def _changed(node: ast.AST) -> Iterator[tuple[dict[str, object], str]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        other = COMPARED[type(node.ops[0])]
        yield {"ops": [other(), *node.ops[1:]]}, f"{type(node.ops[0]).__name__} becomes {other.__name__}"
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATED:
        other = OPERATED[type(node.op)]
        yield {"op": other()}, f"{type(node.op).__name__} becomes {other.__name__}"
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield {"op": other()}, f"{type(node.op).__name__} becomes {other.__name__}"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield {"op": ast.UAdd()}, "a minus is gone"
    elif isinstance(node, ast.If | ast.IfExp):
        yield {"test": ast.UnaryOp(ast.Not(), node.test)}, "a condition is turned round"
    elif isinstance(node, ast.keyword) and node.arg in ("axis", "dim") and isinstance(node.value, ast.Constant):
        yield {"value": ast.Constant(0 if node.value.value else 1)}, f"{node.arg} {node.value.value} becomes another"
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield {"value": node.value + 1}, f"{node.value} becomes {node.value + 1}"
        if node.value > 0:
            yield {"value": node.value - 1}, f"{node.value} becomes {node.value - 1}"
    elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant) and type(node.value.value) is bool:
        yield {"value": ast.Constant(not node.value.value)}, f"{node.arg} becomes {not node.value.value}"
    elif isinstance(node, ast.Call) and [type(each) for each in node.args] == [ast.Constant]:
        if type(node.args[0].value) is bool:
            yield {"args": [ast.Constant(not node.args[0].value)]}, f"{node.args[0].value} becomes its opposite"
    elif isinstance(node, ast.Attribute) and node.attr in NAMED:
        yield {"attr": NAMED[node.attr]}, f"{node.attr} becomes {NAMED[node.attr]}"
    elif isinstance(node, ast.Name) and node.id in NAMED and isinstance(node.ctx, ast.Load):
        yield {"id": NAMED[node.id]}, f"{node.id} becomes {NAMED[node.id]}"


def behind(referee: Referee) -> dict[FunctionType, set[int]]:
    """The functions of core that the reference runs through, and the lines of them."""
    seen: dict[CodeType, set[int]] = {}

    def note(frame: FrameType, event: str, _: object) -> Callable[..., object] | None:
        if not frame.f_code.co_filename.startswith(str(CORE)):
            return None
        seen.setdefault(frame.f_code, set()).add(frame.f_lineno)
        return note

    set_seed(SEEDS[0])
    sys.settrace(note)
    try:
        as_tables(referee).rule(referee.reference)
    finally:
        sys.settrace(None)
    ours = {code for code in seen if Path(code.co_filename).name not in SPARED and "<" not in code.co_name}
    found = {each.__code__: each for each in _alive() if type(each) is FunctionType and each.__code__ in ours}
    ordered = sorted(found.values(), key=lambda each: (each.__module__, each.__qualname__))
    return {each: seen[each.__code__] | _inside(each.__code__, seen) for each in ordered}


def _inside(code: CodeType, seen: Mapping[CodeType, set[int]]) -> set[int]:
    """The lines that ran of what is written inside a function: lambdas, comprehensions, functions of its own."""
    parts = [each for each in code.co_consts if isinstance(each, CodeType)]
    return {line for part in parts for line in seen.get(part, set()) | _inside(part, seen)}


def all_changes(function: FunctionType, lines: set[int]) -> Iterator[Change]:
    """Every small change of the lines that ran, compiled."""
    code, path = function.__code__, function.__code__.co_filename
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        first = min([node.lineno, *(each.lineno for each in node.decorator_list)]) if _defines(node) else 0
        if _defines(node) and node.name == code.co_name and code.co_firstlineno in (first, node.lineno):
            for fresh, line, says in changes(_only_the_body(node)):
                if line not in lines:
                    continue
                alone = ast.Module([fresh], [])
                with contextlib.suppress(SyntaxError, ValueError):
                    compiled = compile(ast.fix_missing_locations(alone), path, "exec")
                    new = next(each for each in compiled.co_consts if isinstance(each, CodeType))
                    if new.co_freevars == code.co_freevars:
                        where = f"{function.__module__}.{function.__qualname__}, line {line}"
                        yield Change(f"{where}: {says}", function, new)


def _defines(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef)


def _only_the_body(node: ast.AST) -> ast.AST:
    """The function without decorators, docstring, and the parts that are run where it is defined."""
    fresh = deepcopy(node)
    fresh.decorator_list, fresh.returns = [], None
    for each in ast.walk(fresh.args):
        if isinstance(each, ast.arg):
            each.annotation = None
    fresh.args.defaults, fresh.args.kw_defaults = [], [None] * len(fresh.args.kwonlyargs)
    if isinstance(fresh.body[0], ast.Expr) and isinstance(fresh.body[0].value, ast.Constant) and len(fresh.body) > 1:
        fresh.body = fresh.body[1:]
    return fresh


def of_solutions(name: str) -> dict[str, list[tuple[str, object]]]:
    """Every question's changes of the instructor's own solution: in words, and the function that comes of it."""
    sys.path.insert(0, str(COURSE / "given"))
    cells = by_grade_id(source(name))
    found: dict[str, list[tuple[str, object]]] = {}
    for referee in referees(name):
        tree = ast.parse(cells[referee.name].source)
        found[referee.name] = []
        for fresh, line, says in changes(_without_docstrings(tree)):
            names: dict[str, object] = {}
            with contextlib.suppress(Exception):
                exec(cells["setup"].source, names)
                for other in referees(name):
                    if other.name != referee.name and other.name in cells[referee.name].source:
                        exec(cells[other.name].source, names)
                exec(compile(ast.fix_missing_locations(fresh), f"solution of {referee.name}", "exec"), names)
                found[referee.name].append((f"solution of {referee.name}, line {line}: {says}", names[referee.name]))
    return found


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
            node.body = node.body[1:]
    return tree


def changed_core(referee: Referee, change: Change) -> Outcome:
    """Let a changed reference answer as a student."""
    before = change.function.__code__

    def student(*arguments: object) -> object:
        _forget()
        change.function.__code__ = change.code
        try:
            return referee.reference(*arguments)
        finally:
            change.function.__code__ = before
            _forget()

    try:
        return judged(as_tables(referee), change.says, student)
    finally:
        change.function.__code__ = before
        _forget()


def judged(referee: Referee, says: str, student: object) -> Outcome:
    """What the referee says of a function with the first seed, and whether it differs with any."""
    for place, seed in enumerate(SEEDS):
        set_seed(seed)
        points = 0.0
        with _no_longer_than(SECONDS):
            points = referee.rule(student).points
        if points < referee.points:
            return Outcome(referee.name, says, differs=True, caught=place == 0)
    return Outcome(referee.name, says, differs=False, caught=False)


@contextlib.contextmanager
def _no_longer_than(seconds: float) -> Iterator[None]:
    """A loop without an end is a wrong answer, too."""

    def late(*_: object) -> None:
        raise _Late

    handler = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except _Late:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def _alive() -> list[object]:
    """All that Python watches, with what was frozen after the tests were collected."""
    gc.unfreeze()
    found = gc.get_objects()
    gc.freeze()
    return found


@functools.cache
def _caches() -> list[Callable[[], None]]:
    kept = [each for each in _alive() if type(each) is functools._lru_cache_wrapper]
    ours = ("core.", "assignments.")
    return [each.cache_clear for each in kept if str(getattr(each, "__module__", "")).startswith(ours)]


def _forget() -> None:
    for clear in _caches():
        clear()


def run(name: str) -> list[Outcome]:
    """Every change of every question of a set, or as many as are drawn of them."""
    disconnect()
    found, solutions = list[Outcome](), of_solutions(name)
    with np.errstate(all="ignore"):
        for referee in referees(name):
            in_core = [change for function, lines in behind(referee).items() for change in all_changes(function, lines)]
            found += [changed_core(referee, change) for change in _some(in_core)]
            found += [judged(referee, says, function) for says, function in _some(solutions[referee.name])]
    set_seed(None)
    return found


def _some(every: list[T]) -> list[T]:
    if len(every) <= MOST:
        return every
    return [every[place] for place in sorted(np.random.default_rng(0).choice(len(every), MOST, replace=False))]


def told(name: str, outcomes: Sequence[Outcome]) -> str:
    """How many were noticed, and which were not."""
    lines = []
    for question in dict.fromkeys(outcome.question for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.question == question]
        differ = [outcome for outcome in own if outcome.differs]
        caught = sum(outcome.caught for outcome in differ)
        lines.append(f"{name} {question}: {len(own)} changes, {len(differ)} differ, {caught} of them are caught")
        lines += [f"  survives: {outcome.says}" for outcome in differ if not outcome.caught]
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:] or SETS:
        sys.stdout.write(told(name, run(name)) + "\n")
