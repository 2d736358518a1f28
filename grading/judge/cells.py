"""Running the instructor's cells in the judge: the tests for a verdict, all others for the names they define."""

import ast
import io
import math
import numbers
import sys
import traceback
import unittest
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import CodeType, FunctionType, ModuleType
from typing import Any

from grading.judge.namespace import Namespace
from grading.judge.proxies import is_proxy
from grading.judge.sources import parse
from grading.judge.troubles import of_student

_NAME = "<test>"
_MOST_PRINTED = 100_000
_MOST_MESSAGE = 2_000


@dataclass(frozen=True)
class TestRun:
    """How a test cell ended. It passed only if every statement ran to its end."""

    __test__ = False  # pytest: not a class of tests

    passed: bool
    value: float | None = None  # a number on the last line asks for so many points
    error: str = ""  # the type of what ended it
    message: str = ""
    line: int = 0  # of the test cell
    by_student: bool = False  # the error was raised by the student's code
    printed: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Points:
    """What a test earned; None is undecided, and the sentence tells the instructor why."""

    earned: float | None
    problem: str = ""


@dataclass(frozen=True)
class Skipped:
    """A statement of the instructor's that did not run in the judge."""

    source: str
    error: str


def run_test(source: str, namespace: Namespace) -> TestRun:
    """Run one test cell. Nothing escapes: after SystemExit, a skipped test and the like it has not passed."""
    namespace.begin()
    notes: tuple[str, ...] = ()
    forged = len(getattr(namespace.student, "forged", ()))
    heard = _Heard()
    with _as_main(namespace), _listening(heard), _watching_unittest() as unsuccessful:
        try:
            parsed = parse(source)
            notes = parsed.notes
            value = _run(parsed.tree, namespace)
            if unsuccessful:
                raise AssertionError(unsuccessful[0])
            run = TestRun(True, None if parsed.quiet else _number(value))
        except BaseException as error:
            run = _failed(error)
    run = replace(run, printed=heard.getvalue(), notes=notes)
    lies = getattr(namespace.student, "forged", ())[forged:]
    if lies and run.passed:
        run = replace(run, passed=False, value=None, error="ForgedAnswer", message=lies[0], by_student=True)
    return run


def points_of(run: TestRun, out_of: float) -> Points:
    """nbgrader's rule: an error earns nothing, a number on the last line earns itself, anything else everything.

    Where nbgrader gives full marks for a negative number and breaks off at one that is too large, a person decides.

    >>> points_of(TestRun(True), 3), points_of(TestRun(True, 1.5), 3), points_of(TestRun(False, error="KeyError"), 3)
    (Points(earned=3, problem=''), Points(earned=1.5, problem=''), Points(earned=0.0, problem=''))
    >>> points_of(TestRun(True, 4.0), 3).earned is None
    True
    """
    if not run.passed:
        return Points(0.0)
    if run.value is None:
        return Points(out_of)
    if 0 <= run.value <= out_of:
        return Points(run.value)
    return Points(
        None,
        f"The last line of the test is {run.value:g}, read as points, and the question is out of {out_of:g}. "
        "End the test with a number from 0 to its points, or with a semicolon if it is no mark.",
    )


def set_up(sources: Sequence[str], namespace: Namespace, *, imports_of: Sequence[str] = ()) -> list[Skipped]:
    """Run the instructor's own cells so that their imports and helpers exist; of `imports_of` only the imports.

    Statement by statement: one that needs what only the student has, or that fails, is left out and returned.
    """
    skipped = list[Skipped]()
    with _as_main(namespace), _listening(_Heard()), namespace.without_student():
        for source, only_imports in [*((text, True) for text in imports_of), *((text, False) for text in sources)]:
            try:
                statements = parse(source).tree.body
            except (SyntaxError, ValueError) as error:
                skipped.append(Skipped(source, f"{type(error).__name__}: {error}"))
                continue
            for statement in statements:
                if only_imports and not _imports(statement):
                    continue
                try:
                    _run(ast.Module([statement], []), namespace)
                except BaseException as error:
                    skipped.append(Skipped(ast.unparse(statement), f"{type(error).__name__}: {error}"))
    for name, value in namespace.items():
        if isinstance(value, FunctionType | type) and value.__module__ == "__main__" and value.__qualname__ == name:
            namespace.student.share(name, value)
    return skipped


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement only imports, perhaps with another import in case the first fails."""
    if isinstance(statement, ast.Try):
        parts = [*statement.body, *(part for handler in statement.handlers for part in handler.body)]
        return all(isinstance(part, ast.Import | ast.ImportFrom | ast.Pass) for part in parts)
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _run(tree: ast.Module, namespace: Namespace) -> object:
    """The value of the last line, if it is one."""
    *statements, last = tree.body or [ast.Pass()]
    if not isinstance(last, ast.Expr):
        _execute(compile(ast.Module(tree.body, []), _NAME, "exec", _AWAIT, dont_inherit=True), namespace)
        return None
    _execute(compile(ast.Module(statements, []), _NAME, "exec", _AWAIT, dont_inherit=True), namespace)
    return _execute(compile(ast.Expression(last.value), _NAME, "eval", _AWAIT, dont_inherit=True), namespace)


_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def _execute(code: CodeType, namespace: Namespace) -> object:
    made = eval(code, namespace)  # noqa: S307 - the instructor's own code
    if code.co_flags & 0x80:  # inspect.CO_COROUTINE: an await on the top level
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as pool:  # a thread of its own has no event loop yet, whoever calls us
            return pool.submit(asyncio.run, made).result()
    return made


def _number(value: object) -> float | None:
    """A number as Python knows them; True, text, None and everything else ask for no particular points."""
    torch: Any = sys.modules.get("torch")
    if is_proxy(value) or isinstance(value, bool):
        return None
    if torch is not None and isinstance(value, torch.Tensor) and value.dim() == 0 and not value.is_complex():
        value = value.item()
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        value = value.item()  # type: ignore[attr-defined]
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _failed(error: BaseException) -> TestRun:
    lines = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _NAME]
    if isinstance(error, SyntaxError) and not lines:
        lines = [error.lineno or 0]
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)
    except Exception:
        message = ""
    name = type(error).__name__
    return TestRun(False, None, name, message[:_MOST_MESSAGE], lines[0] if lines else 0, of_student(error))


class _Heard(io.StringIO):
    """What a test prints, up to a length."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, _MOST_PRINTED - self.tell())])
        return len(text)


@contextmanager
def _listening(heard: io.StringIO) -> Iterator[None]:
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = heard
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class _Main(ModuleType):
    """`__main__` as a test sees it: the names of its notebook."""

    def __init__(self, namespace: Namespace) -> None:
        super().__init__("__main__")
        self.__dict__["_namespace"] = namespace

    def __getattr__(self, name: str) -> object:
        try:
            return self.__dict__["_namespace"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __dir__(self) -> list[str]:
        return list(self.__dict__["_namespace"])


@contextmanager
def _as_main(namespace: Namespace) -> Iterator[None]:
    before = sys.modules.get("__main__")
    sys.modules["__main__"] = _Main(namespace)
    try:
        yield
    finally:
        if before is not None:
            sys.modules["__main__"] = before


@contextmanager
def _watching_unittest() -> Iterator[list[str]]:
    """unittest says what failed on stderr and raises nothing; the list holds a sentence for every run that failed."""
    unsuccessful = list[str]()
    original: Callable[..., Any] = unittest.TextTestRunner.run

    def run(self: Any, test: Any) -> Any:
        result = original(self, test)
        if not result.wasSuccessful() or not result.testsRun:
            wrong = [str(case).split()[0] for case, _ in (*result.failures, *result.errors)]
            unsuccessful.append(f"unittest: {', '.join(wrong)} failed." if wrong else "unittest found no tests.")
        return result

    unittest.TextTestRunner.run = run  # type: ignore[method-assign]
    try:
        yield unsuccessful
    finally:
        unittest.TextTestRunner.run = original  # type: ignore[method-assign]
