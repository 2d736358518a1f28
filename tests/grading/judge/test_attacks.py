"""What a hostile student's process may try with its answers, and what a test makes of it: no point is gained."""

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from grading.judge.cells import run_test
from grading.judge.codec import encode
from grading.judge.errors import ForgedAnswer, StudentError
from grading.judge.handles import Table
from grading.judge.namespace import Namespace
from grading.limits import DEFAULT
from grading.messages import Message
from tests.grading.judge.links import liar, namespace_of, student_of

LIES = """
class Lie:
    asked = []
    def __getattr__(self, name):
        if name.startswith('__'): raise AttributeError(name)
        return lambda *a, **k: self
    def agree(self, *args):
        Lie.asked.append(args)
        return True
    def zero(self, *args):
        Lie.asked.append(args)
        return 0.0
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = agree
    __ne__ = lambda self, other: False
    __hash__ = None
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __abs__ = __float__ = zero
    __int__ = __index__ = __len__ = lambda self: 0
    __bool__ = lambda self: True
    __array__ = lambda self, *a, **k: __import__('numpy').zeros(3)
    def __array_ufunc__(self, *args, **kwargs): return True
    __array_priority__ = 1e9
    @classmethod
    def __torch_function__(cls, *args, **kwargs): return True
def answer(*args): return Lie()
def asked(): return len(Lie.asked)
"""

COMPARISONS = [
    "assert answer(1) == 3",
    "assert 3 == answer(1)",
    "assert not answer(1) != 3",
    "assert answer(1) in [3, 4]",
    "assert abs(answer(1) - 3) < 1e-6",
    "assert answer(1) <= 3",
    "assert 3 >= answer(1)",
    "assert float(answer(1)) == 0",
    "assert int(answer(1)) == 0",
    "assert round(answer(1)) == 0",
    "assert -answer(1) == 0",
    "assert answer(1) * 2 == 6",
    "import math\nassert math.isclose(answer(1), 0.0)",
    "import numpy as np\nassert np.allclose(answer(1), np.zeros(3))",
    "import numpy as np\nnp.testing.assert_allclose(answer(1), np.zeros(3))",
    "import numpy as np\nnp.testing.assert_array_equal(answer(1), [1, 2, 3])",
    "import numpy as np\nassert np.array_equal(answer(1), np.zeros(3))",
    "import numpy as np\nassert (np.zeros(3) == answer(1)).all()",
    "import numpy as np\nassert np.max(np.abs(np.asarray(answer(1)) - 1)) < 2",
    "import torch\nassert torch.allclose(answer(1), torch.zeros(3))",
    "import torch\nassert torch.equal(answer(1), torch.zeros(3))",
    "import torch\ntorch.testing.assert_close(answer(1), torch.zeros(3))",
    "import torch\nassert (torch.zeros(3) == answer(1)).all()",
    "import pytest\nassert answer(1) == pytest.approx(3)",
    "import unittest\nunittest.TestCase().assertEqual(answer(1), 3)",
    "import unittest\nunittest.TestCase().assertAlmostEqual(answer(1), 3)",
    "import pandas as pd\npd.testing.assert_frame_equal(answer(1), pd.DataFrame({'a': [1]}))",
    "assert {3: 'x'}[answer(1)] == 'x'",
    "assert [1, 2, 3][answer(1)] == 1",
    "assert sorted([3, answer(1)])[0] == 3",
    "assert max(answer(1), 3) == 3",
    "assert sum([answer(1)]) == 0",
    "assert isinstance(answer(1), (int, float, np.ndarray, torch.Tensor))",
]


@pytest.mark.parametrize("test", COMPARISONS)
def test_it_never_asks_a_liar_whether_it_is_right(test: str) -> None:
    namespace = namespace_of(LIES)
    dict.update(namespace, np=np, torch=torch)
    run = run_test(test, namespace)
    assert not run.passed, run
    assert namespace["asked"]() == 0


def test_it_asks_no_function_of_the_student_to_stand_in_for_pythons_own() -> None:
    run = run_test(
        "assert abs(answer() - 3) < 1 and len('abc') == 4", namespace_of("answer = lambda: 9\nlen = abs = max")
    )
    assert not run.passed
    assert run.error == "AssertionError"


def test_it_takes_no_module_from_the_student() -> None:
    notebook = "import types\nnp = types.ModuleType('np')\nnp.allclose = lambda *a: True\nanswer = lambda: 9"
    run = run_test("assert np.allclose(answer(), 3)", namespace_of(notebook))
    assert run.error == "NameError"
    assert "imports its modules itself" in run.message


@pytest.mark.parametrize(
    "raising", ["StopIteration", "StopAsyncIteration", "GeneratorExit", "KeyboardInterrupt", "SystemExit"]
)
@pytest.mark.parametrize(
    "test",
    [
        "assert all(map(lambda x: stop(x) == x, [1, 2, 3]))",
        "assert all(stop(x) == x for x in [1, 2, 3])",
        "for x, y in zip([1, 2], map(stop, [1, 2])): assert x == y",
        "assert [stop(x) for x in [1]] == [1]",
        "stop(1)",
    ],
)
def test_it_is_not_ended_early_by_an_exception_that_steers(raising: str, test: str) -> None:
    run = run_test(test, namespace_of(f"class Mine({raising}): pass\ndef stop(x): raise {raising}"))
    assert not run.passed
    assert run.by_student
    assert run.error in ("StudentError", "RuntimeError")
    again = run_test(test, namespace_of(f"class Mine({raising}): pass\ndef stop(x): raise Mine"))
    assert not again.passed


def test_it_is_not_ended_by_a_skip_of_the_students() -> None:
    run = run_test(
        "skipped()", namespace_of("import unittest\ndef skipped(): raise unittest.SkipTest('no test today')")
    )
    assert not run.passed
    assert run.error == "SkipTest"
    assert run.by_student


PAYLOAD = """
import os
class Payload:
    def __reduce__(self): return (os.mkdir, ({path!r},))
    def __reduce_ex__(self, protocol): return (os.mkdir, ({path!r},))
    def __getstate__(self): os.mkdir({path!r})
def answer(): return [Payload(), {{'k': Payload()}}]
"""


def test_it_runs_no_payload_of_a_pickle(tmp_path: Any) -> None:
    made = tmp_path / "made"
    run = run_test("assert answer() == 3", namespace_of(PAYLOAD.format(path=str(made))))
    assert not run.passed
    assert not made.exists()


def test_it_copies_no_object_of_the_students_into_the_judge() -> None:
    import copy
    import pickle

    student, _ = student_of("class Thing:\n    def __init__(self): self.n = 1\nthing = Thing()")
    thing = student.name("thing")
    with pytest.raises(TypeError, match="stays"):
        pickle.dumps(thing)
    copied = copy.deepcopy(thing)
    assert copied is not thing
    assert copied.n == 1


@pytest.mark.parametrize(
    ("notebook", "words"),
    [
        ("def answer():\n    x = []\n    for _ in range(10**5): x = [x]\n    return x", "nested"),
        ("def answer():\n    x = []\n    x.append(x)\n    return x", "nested"),
        ("import torch\ndef answer(): return torch.zeros(200 * 2**18)", "larger than"),
        ("def answer(): return list(range(2 * 10**6))", "more than"),
        ("def answer(): return 'a' * (100 * 2**20)", "larger than"),
        ("def answer(): return answer()", "recursion"),
        ("import torch\ndef answer(): return torch.eye(3).to_sparse()", "sparse"),
        ("class E(Exception):\n    def __str__(self): raise KeyError\ndef answer(): raise E(3)", "3"),
        (
            "class M(type):\n    def __getattribute__(c, n): raise OSError\n"
            "class E(metaclass=M): pass\ndef answer(): return E()",
            "",
        ),
    ],
    ids=[
        "deep",
        "cycle",
        "large tensor",
        "many items",
        "long text",
        "recursion",
        "sparse",
        "angry error",
        "angry class",
    ],
)
def test_it_survives_an_answer_that_is_too_much(notebook: str, words: str) -> None:
    run = run_test("assert answer() == 3", namespace_of(notebook))
    assert not run.passed
    assert words in run.message


def test_it_stops_an_iterator_without_end() -> None:
    limits = replace(DEFAULT, answer_items=500)
    run = run_test("assert list(endless()) == [1]", namespace_of("import itertools\nendless = itertools.count", limits))
    assert run.error == "StudentError"
    assert "did not end after 500" in run.message


def test_it_lets_a_property_that_raises_hurt_only_its_test() -> None:
    notebook = "class A:\n    @property\n    def x(self): raise ValueError('no x')\nmade = A()"
    namespace = namespace_of(notebook)
    assert run_test("made.x", namespace).error == "ValueError"
    assert run_test("assert made is not None", namespace).passed


ANSWERS: dict[str, Callable[[int], Any]] = {
    "another number": lambda number: (number + 1, "value", 3, "", ""),
    "the number as a truth": lambda number: (number == 1, "value", 3, "", ""),
    "no envelope": lambda number: 3,
    "a list for a tuple": lambda number: [number, "value", 3, "", ""],
    "an unknown word": lambda number: (number, "passed", 3, "", ""),
    "an empty tuple": lambda number: (),
    "too much in it": lambda number: (number, "value", 3, 4, "", ""),
    "printed numbers": lambda number: (number, "value", 3, 1, 2),
    "an error that is no class": lambda number: (number, "error", 3, "E", (), "", "", ""),
    "an error that is no exception": lambda number: (number, "error", int, "int", (), "", "", ""),
    "a shortcut nobody forbade": lambda number: (number, "shortcut", "torch.nn", "", ""),
}


@pytest.mark.parametrize("forged", ANSWERS)
def test_it_refuses_an_envelope_with(forged: str) -> None:
    def answer(question: Message) -> Message:
        return encode(ANSWERS[forged](int.from_bytes(question.head[:8], "little")), DEFAULT, Table().keep)

    student = liar(answer)
    with pytest.raises(ForgedAnswer):
        student.name("squares")
    assert student.forged


def test_it_refuses_an_answer_that_was_given_before() -> None:
    kept: list[Message] = []

    def answer(question: Message) -> Message:
        kept.append(encode((1, "value", 3, "", ""), DEFAULT, Table().keep))
        return kept[0]

    student = liar(answer)
    assert student.name("first") == 3
    with pytest.raises(ForgedAnswer, match="another question"):
        student.name("second")


def test_it_does_not_pass_a_test_that_swallows_a_forgery() -> None:
    student = liar(lambda question: b'["list",[]]')
    run = run_test("try: f(0)\nexcept Exception: pass", Namespace(student))
    assert not run.passed
    assert run.error == "ForgedAnswer"
    assert run.by_student


def test_it_refuses_a_handle_that_changes_what_it_stands_for() -> None:
    kinds = iter(["object", "class"])

    def answer(question: Message) -> Message:
        number = int.from_bytes(question.head[:8], "little")
        handle = ["handle", 1, next(kinds), 0, "Thing", "__main__", "Thing"]
        return Message(json.dumps(["tuple", number, "value", handle, "", ""]).encode())

    student = liar(answer)
    kept = student.name("thing")
    with pytest.raises(ForgedAnswer, match="changed"):
        student.name("thing")
    assert kept is not None


@pytest.mark.parametrize(
    "answer",
    [
        lambda number: (number, "value", "3", "", ""),
        lambda number: (number, "value", 4, "", ""),
        lambda number: (number, "value", True, "", ""),
        lambda number: (number, "end", "", ""),
        lambda number: (number, "missing", "", ""),
        lambda number: (number, "refused", "no", "", ""),
        lambda number: (number, "unread", "no", "", ""),
    ],
)
def test_it_gives_no_point_for_an_answer_of_another_meaning(answer: Callable[[int], Any]) -> None:
    def said(question: Message) -> Message:
        return encode(answer(int.from_bytes(question.head[:8], "little")), DEFAULT, Table().keep)

    assert not run_test("x = f\nassert x == 3", Namespace(liar(said))).passed


def test_it_answers_no_callback_that_no_test_gave() -> None:
    student, _ = student_of("")
    honest = student._carry

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        on_callback(encode((99, (), {}), DEFAULT, Table().keep))
        return honest(question, on_callback)

    student._carry = ask
    with pytest.raises(ForgedAnswer, match="callback"):
        student.name("f")
    assert student.forged


def test_it_tells_the_student_nothing_about_an_error_in_a_callback() -> None:
    student, own = student_of(
        "said = []\ndef call(f):\n    try: f(1)\n    except ValueError as error: said.append(str(error))"
    )

    def secret(x: object) -> None:
        raise ValueError("the expected value is 42")

    student.name("call")(secret)
    assert own["said"]
    assert "42" not in own["said"][0]


def test_it_sends_neither_tests_nor_expected_values() -> None:
    sent: list[bytes] = []
    student, _ = student_of("def double(x): return 2 * x\nclass A: pass\nmade = A()")
    honest = student._carry

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        sent.append(question.head + b"".join(bytes(memoryview(buffer)) for buffer in question.buffers))
        return honest(question, on_callback)

    student._carry = ask
    test = "expected = 'EXPECTED' * 3\nresult = double('ab')\nassert result != expected\nassert made != expected"
    assert run_test(test + "\ndouble = expected\nmade = expected", Namespace(student)).passed
    assert sent
    assert not any(b"EXPECTED" in message or b"assert" in message for message in sent)


def test_it_writes_what_the_student_prints_where_the_test_listens() -> None:
    student, _ = student_of("import sys\ndef hello():\n    print('hello')\n    print('oh', file=sys.stderr)")
    heard = io.StringIO()
    with redirect_stdout(heard):
        student.name("hello")()
    assert heard.getvalue() == "hello\n"


def test_it_keeps_only_so_much_of_what_is_printed() -> None:
    student, _ = student_of(
        "def flood():\n    for _ in range(10**5): print('x' * 100)", replace(DEFAULT, output_bytes=1000)
    )
    heard = io.StringIO()
    with redirect_stdout(heard):
        student.name("flood")()
    assert len(heard.getvalue()) == 1000


def test_it_keeps_the_student_from_reading_the_shells_own_names() -> None:
    namespace = namespace_of("In = Out = [1]\nget_ipython = lambda: 3\n_ = 4")
    for name in ("In", "Out", "get_ipython", "_", "__builtins_of_mine__"):
        assert run_test(name, namespace).error == "NameError"


def test_it_sets_no_attribute_to_what_a_test_worked_out_in_code() -> None:
    namespace = namespace_of("class A: pass\nmade = A()")
    assert run_test("made.x = [1, 2]\nassert made.x == [1, 2]", namespace).passed
    assert run_test("made.x = lambda: 3", namespace).error == "ArgumentError"


def test_it_leaves_the_interpreter_as_it_was() -> None:
    before = sys.stdout, sys.stderr, sys.modules["__main__"]
    run_test("import sys; sys.exit(1)", namespace_of(""))
    assert (sys.stdout, sys.stderr, sys.modules["__main__"]) == before
    with pytest.raises(StudentError):
        raise StudentError


AGREEING = [
    "assert 3 in answer(1)",
    "assert answer(1).equals([1, 2])",
    "assert answer(1).startswith('abc')",
    "x = answer(1)\nassert x.allclose(x)",
    "assert value.equals(3)",
    "assert [x.equals(3) for x in answers(1)] == [True]",
    "s = Stack()\nassert 3 in answer(1)",
    "assert Stack().values().equals([1])",
]


@pytest.mark.parametrize("test", AGREEING)
def test_it_takes_no_object_where_the_solution_has_plain_values(test: str) -> None:
    """Methods of objects may be asked, and a liar's agree: so an object may only come from where one is expected."""
    honest = (
        "answer = lambda x: [3]\nvalue = [3]\nanswers = lambda x: [[3]]\n"
        "class Stack:\n    def values(self): return [1]\n    def push(self, x): return self"
    )
    solution, _ = student_of(honest)
    uses = "len(answer(1)); len(value); len(answers(1)); s = Stack(); s.values(); s.push(3)"
    assert run_test(uses, Namespace(solution)).passed
    assert solution.objects == {"answer", "answers", "Stack", "Stack()", ".values", ".push", ".push()"}
    lies = LIES.replace("class Lie:", "class Stack:").replace("Lie", "Stack")
    lies = lies.replace("return lambda *a, **k: self", "return lambda *a, **k: True if name != 'values' else self")
    lies += (
        "value = answer()\nanswers = lambda x: [answer()]\nanswer = Stack\nStack.__init__ = lambda self, *args: None"
    )
    assert run_test("assert 3 in answer(1)", namespace_of(LIES)).passed  # what the record is for
    student, _ = student_of(lies, objects_from=solution.objects)
    run = run_test(test, Namespace(student))
    assert not run.passed
    assert "plain value is expected" in run.message


def test_it_takes_objects_from_where_the_solution_has_them() -> None:
    notebook = "class Stack:\n    def push(self, x): return self\ndef make(): return Stack()"
    test = "assert Stack().push(1).push(2) != make().push(3)"
    solution, _ = student_of(notebook)
    assert run_test(test, Namespace(solution)).passed
    student, _ = student_of(notebook, objects_from=solution.objects)
    assert run_test(test, Namespace(student)).passed
