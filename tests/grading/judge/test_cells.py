"""Test cells and the points they earn; the instructor's other cells, as far as they run without the student."""

import json
from dataclasses import asdict

import nbformat.v4 as v4
import pytest
from nbgrader.utils import determine_grade

from grading.judge.cells import TestRun, points_of, run_test, set_up
from tests.grading.judge.links import namespace_of

STUDENT = "def double(x): return 2 * x\ndef fail(): raise ValueError('no')\nscore = 1.5"


def run(source: str, notebook: str = STUDENT) -> TestRun:
    return run_test(source, namespace_of(notebook))


PASSING = {
    "an assert": "assert double(2) == 4",
    "an empty cell": "",
    "a comment": "# nothing",
    "a line magic": "%matplotlib inline\nassert double(2) == 4",
    "a timed cell": "%%time\nassert double(2) == 4",
    "a shell command": "!true\nassert double(2) == 4",
    "a help question": "double?\nassert double(2) == 4",
    "a warning": "import warnings, sys\nsys.stderr.write('careful')\nassert double(2) == 4",
    "an await": "import asyncio\nawait asyncio.sleep(0)\nassert double(2) == 4",
    "a future import": "from __future__ import annotations\nassert double(2) == 4",
    "type hints": "x: int = 3\ndef f(a: 'Nothing') -> None: ...\nassert double(x) == 6",
    "a dataclass": "import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: 'int'\nassert double(A(2).x) == 4",
    "a decorated test": "import functools\n@functools.lru_cache\ndef case(x): return double(x)\nassert case(2) == 4",
    "a subtest": "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n        for n in range(3):\n"
    "            with self.subTest(n=n): self.assertEqual(double(n), 2 * n)\nunittest.main(argv=[''], exit=False)",
    "its own main": "import __main__\nassert __main__.double(2) == 4",
}
FAILING = {
    "an assert": ("assert double(2) == 5", "AssertionError", 1),
    "a timed assert": ("%time assert double(2) == 5", "AssertionError", 1),
    "a measured assert": ("%timeit -n 1 -r 1 assert double(2) == 5", "AssertionError", 1),
    "an assert in a timed cell": ("%%time\nassert double(2) == 5", "AssertionError", 1),
    "an error of the student's": ("x = 1\nfail()", "ValueError", 2),
    "a name nobody has": ("assert triple(2) == 6", "NameError", 1),
    "sys.exit": ("import sys\nsys.exit(0)", "SystemExit", 2),
    "exit": ("raise SystemExit", "SystemExit", 1),
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt", 1),
    "a skip of pytest": ("import pytest\npytest.skip('later')", "Skipped", 2),
    "a failure of pytest": ("import pytest\npytest.fail('no')", "Failed", 2),
    "a skip of unittest": ("import unittest\nraise unittest.SkipTest", "SkipTest", 2),
    "a generator that stops": ("raise StopIteration", "StopIteration", 1),
    "no Python": ("assert double(2) ==", "SyntaxError", 1),
    "another language": ("%%bash\ntrue", "SyntaxError", 0),
    "unittest without a word": (
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(double(2), 5)\n"
        "unittest.main(argv=[''], exit=False)\nprint('done')",
        "AssertionError",
        0,
    ),
    "unittest without tests": ("import unittest\nunittest.main(argv=[''], exit=False)", "AssertionError", 0),
    "unittest that exits": (
        "import unittest\nclass T(unittest.TestCase):\n    def test(self): pass\nunittest.main(argv=[''])",
        "SystemExit",
        4,
    ),
    "an error whose text is an error": (
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
        "E",
        3,
    ),
}


@pytest.mark.parametrize("name", PASSING)
def test_it_passes(name: str) -> None:
    assert run(PASSING[name]).passed, run(PASSING[name])


@pytest.mark.parametrize("name", FAILING)
def test_it_fails(name: str) -> None:
    source, error, line = FAILING[name]
    ended = run(source)
    assert (ended.passed, ended.error, ended.line) == (False, error, line)
    assert points_of(ended, 3).earned == 0


def test_it_tells_whose_error_it_was() -> None:
    assert run("fail()").by_student
    assert not run("raise ValueError").by_student
    assert not run("assert double(2) == 5").by_student


def test_it_notes_what_was_left_out() -> None:
    assert run("%matplotlib inline\n!ls").notes == (
        "A magic command was left out: %matplotlib inline",
        "A magic command was left out: !ls",
    )


def test_it_keeps_what_was_printed() -> None:
    assert run("print('seen')\nassert False").printed == "seen\n"
    assert len(run("for _ in range(10**4): print('x' * 100)").printed) == 100_000


def test_it_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(asdict(run("1.5"))))["value"] == 1.5


LAST_LINES = [
    "",
    "None",
    "'text'",
    "[1, 2]",
    "{}",
    "True",
    "False",
    "double",
    "0",
    "0.0",
    "1",
    "1.5",
    "2",
    "2.0",
    "1.5;",
]
LAST_LINES += [
    "x = 1",
    "print(1)",
    "(1)",
    "'0.5'",
    "1 if True else 0",
    "assert True",
    "1 + 0j",
    "[0.5]",
    "assert False",
]


@pytest.mark.parametrize("last", LAST_LINES)
def test_it_gives_the_points_that_nbgrader_gives(last: str) -> None:
    """nbgrader reads what IPython showed; so IPython runs the cell and nbgrader's own function marks it."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell()
    try:
        with capture_output() as captured:
            result = shell.run_cell("def double(x): return 2 * x\n" + last)
    finally:
        shell.history_manager.end_session()
        InteractiveShell.clear_instance()
    outputs = []
    if result.error_in_exec is not None:
        outputs = [v4.new_output("error", ename="E", evalue="", traceback=[])]
    elif result.result is not None and not last.endswith(";"):
        outputs = [v4.new_output("execute_result", data={"text/plain": repr(result.result)})]
    cell = v4.new_code_cell(last, outputs=outputs)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 2, "grade_id": "q"}
    assert captured is not None
    assert points_of(run(last), 2).earned == determine_grade(cell)[0]


@pytest.mark.parametrize("last", ["2.5", "-1", "float('nan')", "float('inf')", "-0.001", "10**400"])
def test_it_leaves_a_number_that_is_no_mark_to_a_person(last: str) -> None:
    points = points_of(run(last), 2)
    assert points.earned is None
    assert "out of 2" in points.problem


@pytest.mark.parametrize(
    ("last", "earned"),
    [
        ("import numpy as np\nnp.float32(0.5)", 0.5),
        ("import numpy as np\nnp.array(0.5)", 0.5),
        ("import torch\ntorch.tensor(0.5)", 0.5),
        ("from fractions import Fraction\nFraction(1, 2)", 0.5),
        ("import numpy as np\nnp.True_", 2),
        ("import torch\ntorch.tensor([0.5])", 2),
        ("score", 1.5),
    ],
)
def test_it_reads_every_kind_of_number(last: str, earned: float) -> None:
    assert points_of(run(last), 2).earned == earned


def test_it_runs_what_needs_no_student_and_skips_the_rest() -> None:
    namespace = namespace_of(STUDENT + "\nmade = 4")
    skipped = set_up(
        [
            "import math\nLIMIT = 3\n%matplotlib inline\nmade = double(2)\nraise SystemExit",
            "def helper(x):\n    return double(x) + LIMIT\n1 / 0\nAFTER = 1",
            "this is no Python",
        ],
        namespace,
    )
    assert [skip.error.partition(":")[0] for skip in skipped] == [
        *("NameError", "SystemExit", "ZeroDivisionError", "SyntaxError")
    ]
    run = run_test("assert helper(1) == 5 and made == 4 and math.pi > LIMIT and AFTER", namespace)
    assert run.passed, run


def test_it_takes_only_the_imports_of_a_solution() -> None:
    namespace = namespace_of("def f(): return 1")
    solution = (
        "import math as m\nfrom os import (\n    path,\n)\ntry:\n    import json\nexcept ImportError:\n    pass\n"
        "def f(): return 2"
    )
    set_up([], namespace, imports_of=[solution])
    assert run_test("assert m.pi and path and json and f() == 1", namespace).passed


def test_it_asks_the_student_nothing_while_it_sets_up() -> None:
    namespace = namespace_of("raise_if_called = []\ndef touch(): raise_if_called.append(1)")
    set_up(["touch()", "x = [touch() for _ in range(3)]", "class A:\n    y = touch()"], namespace)
    assert run_test("assert raise_if_called == []", namespace).passed
