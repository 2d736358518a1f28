"""The ways in which tests compare, each against answers that agree with everything: not one may pass.

A lying object is what most cheating comes down to. Every idiom is also tried with a right and with a wrong answer.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from grading.engine.engine import Engine, Job
from grading.engine.environment import Environment
from tests.grading.hostile.attack import QUICK

LIAR = """
class Liar:
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: hash(3)
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __xor__ = __rxor__ = lambda self, other: self
    __abs__ = __neg__ = __round__ = lambda self, *_: self
    __bool__ = lambda self: True
    __float__ = lambda self: 0.0
    __int__ = __index__ = lambda self: 0
    __len__ = lambda self: 1
    __iter__ = lambda self: iter([self])
    __getitem__ = lambda self, key: self
    __call__ = lambda self, *_, **__: True
    __str__ = __repr__ = __format__ = lambda self, *_: "liar"
    __getattr__ = lambda self, name: self
    __instancecheck__ = __subclasscheck__ = lambda self, other: True
    __class__ = property(lambda self: float)
"""
_NUMBER = """
class Number(float):
    pass
for name, lie in vars(Liar).items():
    if callable(lie) and name.startswith("__"):
        setattr(Number, name, lie)
Number.__hash__ = float.__hash__
f = g = lambda: Number(0)
"""
_ITEMS = """
class Items(list):
    __eq__ = __contains__ = Liar.__eq__
    __hash__ = None
    index = count = equals = issuperset = allclose = lambda *_, **__: True
f = g = lambda: Items([0])
"""
_CLASS = """
class Meta(type):
    __eq__ = __contains__ = lambda self, other: True
    __hash__ = type.__hash__
    __getattr__ = lambda self, name: lambda *_, **__: True
class Answer(metaclass=Meta):
    pass
f = g = lambda: Answer
"""
_ITERATOR = """
class Drawn:
    left = 3
    __iter__ = lambda self: self
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return 1
    __contains__ = __eq__ = lambda self, other: True
    __len__ = lambda self: 3
    __getitem__ = lambda self, key: 1
    __getattr__ = lambda self, name: lambda *_, **__: True
f = g = lambda: Drawn()
"""
LIES = {
    "an-object": LIAR + "f = g = lambda: Liar()\n",
    "a-float": LIAR + _NUMBER,
    "a-list": LIAR + _ITEMS,
    "a-class": _CLASS,
    "an-iterator": _ITERATOR,
}
RIGHT = "f = lambda: 3\ng = lambda: [1, 2, 3]"
# A number (`f` is to give 3) and a list (`g` is to give [1, 2, 3]), compared as people do it.
IDIOMS = {
    "equal": "assert f() == 3",
    "equal-the-other-way": "assert 3 == f()",
    "not-unequal": "assert not f() != 3",
    "if-unequal": "if f() != 3:\n    raise ValueError('wrong')",
    "is": "assert f() is not None and type(f()) in (int, float) and f() == 3",
    "near": "assert abs(f() - 3) < 1e-9",
    "between": "assert 2.9 <= f() <= 3.1",
    "isclose": "import math\nassert math.isclose(f(), 3)",
    "rounded": "assert round(f(), 3) == 3",
    "a-float-of-it": "assert float(f()) == 3.0",
    "in-a-list": "assert f() in [3, 5]",
    "in-a-set": "assert f() in {3, 5}",
    "a-key": "assert {3: 'three'}[f()] == 'three'",
    "a-case": "match f():\n    case 3:\n        pass\n    case _:\n        raise AssertionError",
    "an-operator": "import operator\nassert operator.eq(f(), 3)",
    "a-method-of-ours": "assert (3).__eq__(f()) is True",
    "its-own-eq": "assert f().__eq__(3) is True",
    "a-text": "assert str(f()) in ('3', '3.0')",
    "a-format": "assert f'{f():.1f}' == '3.0'",
    "a-list": "assert g() == [1, 2, 3]",
    "a-list-of-it": "assert list(g()) == [1, 2, 3]",
    "sorted": "assert sorted(g()) == [1, 2, 3]",
    "a-set-of-it": "assert set(g()) == {1, 2, 3}",
    "nothing-else": "assert not set(g()) ^ {1, 2, 3}",
    "pairwise": "assert all(a == b for a, b in zip(g(), [1, 2, 3], strict=True))",
    "item-by-item": "for place, wanted in enumerate([1, 2, 3]):\n    assert g()[place] == wanted",
    "the-largest": "assert max(g()) == 3",
    "the-sum": "assert sum(g()) == 6",
    "numpy-equal": "assert np.array_equal(g(), [1, 2, 3])",
    "numpy-allclose": "assert np.allclose(g(), [1, 2, 3])",
    "numpy-all": "assert np.all(np.asarray(g()) == np.array([1, 2, 3])) and len(g()) == 3",
    "numpy-elementwise": "assert (np.array([1, 2, 3]) == g()).all()",
    "numpy-norm": "assert np.linalg.norm(np.asarray(g(), dtype=float) - [1, 2, 3]) < 1e-9",
    "numpy-isclose": "assert np.isclose(f(), 3)",
    "numpy-testing-equal": "np.testing.assert_equal(g(), [1, 2, 3])",
    "numpy-testing-array-equal": "np.testing.assert_array_equal(g(), [1, 2, 3])",
    "numpy-testing-allclose": "np.testing.assert_allclose(g(), [1, 2, 3])",
    "numpy-testing-almost": "np.testing.assert_almost_equal(f(), 3)",
    "unittest-equal": "import unittest\nunittest.TestCase().assertEqual(f(), 3)",
    "unittest-almost": "import unittest\nunittest.TestCase().assertAlmostEqual(f(), 3)",
    "unittest-true": "import unittest\nunittest.TestCase().assertTrue(f() == 3)",
    "unittest-items": "import unittest\nunittest.TestCase().assertCountEqual(g(), [3, 2, 1])",
    "unittest-list": "import unittest\nunittest.TestCase().assertListEqual(g(), [1, 2, 3])",
    "an-equal-copy": "import copy\nassert copy.deepcopy(g()) == [1, 2, 3]",
    "as-json": "import json\nassert json.dumps(g()) == '[1, 2, 3]'",
    "as-words": "assert ','.join(map(str, g())) == '1,2,3'",
}
# Here the test asks the answer itself whether it is right, which lying objects affirm.
ASKED_THEMSELVES = {
    "contains": ("assert 3 in g() and 1 in g()", "[1, 2, 3]"),
    "unittest-in": ("import unittest\nunittest.TestCase().assertIn(3, g())", "[1, 2, 3]"),
    "is-a-superset": ("assert g().issuperset({1, 3})", "{1, 2, 3}"),
    "starts-with": ("assert g().startswith('ab')", "'abc'"),
    "is-all-equal": ("assert (g() == np.array([1, 2, 3])).all()", "np.array([1, 2, 3])"),
    "counts": ("assert g().count(3) == 1 and g().index(3) == 2", "[1, 2, 3]"),
    "has-an-item": ("assert g().get(3)", "{3: True}"),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Environment(imports=("numpy",))) as engine:
        yield engine


def _earned(engine: Engine, test: str, answers: Mapping[str, str], objects: frozenset[str] | None) -> dict[str, float]:
    """What each of these answers earns, one after the other in one session."""
    job = Job(imports_of=("import numpy as np",), objects_from=objects, limits=QUICK)
    earned = {}
    with engine.session(job, seed=1) as session:
        assert session.run("import numpy as np").error is None
        for name, source in answers.items():
            assert session.run(source).error is None
            tested = session.test(test, out_of=1.0)
            earned[name] = tested.points["earned"] if tested.ending == "finished" else 0.0
    return earned


def _believed(engine: Engine, right: str, test: str) -> list[str]:
    """The lies that pass, where it is known what a right answer looks like."""
    with engine.session(Job(imports_of=("import numpy as np",), limits=QUICK), seed=1) as session:
        session.run("import numpy as np\n" + right)
        solution = session.test(test, out_of=1.0)
    assert solution.points["earned"] == 1.0
    return [lie for lie, points in _earned(engine, test, LIES, solution.objects).items() if points != 0.0]


@pytest.mark.xdist_group("hostile-idioms")
@pytest.mark.parametrize("idiom", IDIOMS)
def test_it_passes_a_right_answer_and_no_wrong_or_lying_one_by(engine: Engine, idiom: str) -> None:
    wrong = {"wrong": "f = lambda: 4\ng = lambda: [1, 2, 4]"}
    assert _believed(engine, RIGHT, IDIOMS[idiom]) == []
    unknown = _earned(engine, IDIOMS[idiom], {**wrong, **LIES}, None)
    assert unknown == dict.fromkeys(unknown, 0.0), "where nobody knows what a right answer looks like"


@pytest.mark.xdist_group("hostile-idioms")
@pytest.mark.parametrize("idiom", ASKED_THEMSELVES)
def test_it_does_not_take_an_answers_own_word_for_it_where_a_test_asks_whether_it(engine: Engine, idiom: str) -> None:
    test, right = ASKED_THEMSELVES[idiom]
    assert _believed(engine, f"g = lambda: {right}", test) == []


def test_the_lies_would_be_believed_in_one_process(tmp_path: Path) -> None:
    """The control: the same tests among the student's own code."""
    names: dict[str, object] = {}
    exec(LIES["an-object"], names)
    for idiom in ("equal", "not-unequal", "near", "between", "in-a-set", "unittest-equal"):
        exec(IDIOMS[idiom], names)
