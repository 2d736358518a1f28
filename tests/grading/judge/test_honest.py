"""Correct work in every style passes: what a test usually does with a student's names works through the wall."""

import gc
import sys
import timeit
from typing import Any

import numpy as np
import pytest
import torch

from grading.judge.cells import run_test, set_up
from grading.judge.errors import ArgumentError, StudentError
from grading.judge.namespace import Namespace
from tests.grading.judge.links import namespace_of, student_of

NOTEBOOK = '''
import collections, dataclasses, functools
import numpy as np
import torch
from torch import nn

calls = 0
table = {"a": [1, 2]}
image = np.arange(12).reshape(3, 4)

def squares(n):
    """The squares up to n."""
    if n < 1:
        raise ValueError("n must be greater than or equal to 1")
    return [i ** 2 for i in range(1, n + 1)]

def sum_of_squares(n):
    return sum(squares(n))

def count():
    global calls
    calls += 1
    return calls

def gradient(f, x, eps=1e-5):
    return (f(x + eps) - f(x - eps)) / (2 * eps)

def apply(f, *args, **kwargs):
    return f(*args, **kwargs)

def evens(n):
    yield from range(0, n, 2)

def adder(n):
    def add(x):
        return x + n
    return add

def twice(f):
    @functools.wraps(f)
    def wrapped(*args):
        return f(f(*args))
    return wrapped

Pair = collections.namedtuple("Pair", "low high")

def bounds(x):
    return Pair(min(x), max(x))

def letters(text):
    found = collections.defaultdict(int)
    for letter in text:
        found[letter] += 1
    return found

def set_first(x):
    x[0] = 9
    return x

class Empty(IndexError):
    pass

class Stack:
    """Last in, first out."""
    made = 0

    def __init__(self, *items):
        self.items = list(items)
        Stack.made += 1

    def push(self, item):
        self.items.append(item)
        return self

    def pop(self):
        if not self.items:
            raise Empty("nothing there")
        return self.items.pop()

    @property
    def top(self):
        return self.items[-1]

    @staticmethod
    def of(text):
        return Stack(*text)

    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __getitem__(self, place): return self.items[place]
    def __setitem__(self, place, item): self.items[place] = item
    def __contains__(self, item): return item in self.items
    def __eq__(self, other): return isinstance(other, Stack) and self.items == other.items
    def __repr__(self): return f"Stack{tuple(self.items)}"
    def __call__(self): return "called"

class Deep(Stack):
    pass

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.body(x).flatten(1))

net = Net()
'''

TESTS = {
    "plain asserts": """
assert squares(3) == [1, 4, 9]
assert sum_of_squares(10) == 385
""",
    "try and except": """
try:
    squares(0)
except ValueError as error:
    assert 'greater' in str(error)
else:
    raise AssertionError
""",
    "pytest": """
import pytest
with pytest.raises(ValueError, match='greater'):
    squares(-4)
""",
    "unittest": """
import unittest
class T(unittest.TestCase):
    def test_a(self):
        self.assertEqual(squares(2), [1, 4])
        self.assertRaises(ValueError, squares, 0)
unittest.main(argv=[''], exit=False);
""",
    "nbgrader's own example": """
orig_squares = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError('does not use squares')
finally:
    squares = orig_squares
assert sum_of_squares(2) == 5
""",
    "autotest's hash of a type": """
from hashlib import sha1
assert sha1(str(type(squares(1))).encode()).hexdigest() == sha1(b"<class 'list'>").hexdigest()
""",
    "a helper with a lambda": """
def throws(f, kind):
    try: f()
    except kind: return True
    return False
assert throws(lambda: squares(0), ValueError)
""",
    "names in functions, comprehensions and classes": """
def outer():
    def inner(): return [squares(n) for n in (1, 2)]
    return inner()
assert outer() == [[1], [1, 4]]
class C:
    x = squares(1)
    y = [squares(n) for n in (1,)]
assert (C.x, C.y) == ([1], [[1]])
assert (lambda: squares(1))() == [1]
""",
    "values": """
assert calls == 0
count(); count()
assert calls == 2
assert table['a'] == [1, 2]
assert image.shape == (3, 4)
""",
    "globals": """
assert 'squares' in globals() and 'cubes' not in globals()
assert globals()['squares'](1) == [1]
""",
    "numerical gradient": """
assert abs(gradient(lambda x: x ** 3, 2.0) - 12) < 1e-4
""",
    "callbacks on arrays": """
import numpy as np
assert np.allclose(apply(lambda x, axis: x.sum(axis=axis), image, axis=0), image.sum(0))
""",
    "callbacks that call back": """
assert apply(lambda n: squares(n), 3) == [1, 4, 9]
assert apply(lambda f: f(3), squares) == [1, 4, 9]
""",
    "callbacks that raise": """
def bad(x): raise KeyError(x)
try: apply(bad, 3)
except KeyError: pass
else: raise AssertionError
""",
    "functions by name": """
import math
import numpy as np
assert apply(math.sqrt, 9) == 3
assert apply(np.sum, [1, 2]) == 3
assert apply(len, 'abc') == 3
""",
    "a generator": """
assert list(evens(7)) == [0, 2, 4, 6]
g = evens(5)
assert next(g) == 0 and next(g) == 2 and list(g) == [4]
assert next(g, 'end') == 'end'
""",
    "a generator as argument": """
assert apply(sum, (n for n in range(4))) == 6
assert apply(list, iter([1, 2])) == [1, 2]
""",
    "closures and decorators": """
assert adder(3)(4) == 7
@twice
def add_one(x): return x + 1
assert add_one(1) == 3
assert twice(adder(2))(0) == 4
""",
    "a named tuple": """
b = bounds([3, 1, 2])
assert b == (1, 3) and b.low == 1
low, high = b
assert high == 3 and isinstance(b, tuple)
""",
    "a defaultdict": """
assert letters('aab') == {'a': 2, 'b': 1}
assert letters('a')['z'] == 0
""",
    "an argument changed and returned": """
import numpy as np
x = np.zeros(3)
y = set_first(x)
assert y[0] == 9 and x[0] == 0
""",
    "a tensor changed and returned": """
import torch
assert set_first(torch.zeros(3))[0] == 9
assert set_first([1, 2]) == [9, 2]
""",
    "an object": """
s = Stack()
assert len(s) == 0 and not s
assert s.push(3) is s
assert s.items == [3] and s.top == 3 and s[0] == 3 and 3 in s
assert list(s) == [3] and [x for x in s] == [3]
s[0] = 5
assert s.pop() == 5
assert s() == 'called' and callable(s)
""",
    "its own exception": """
import pytest
with pytest.raises(Empty, match='nothing'): Stack().pop()
with pytest.raises(IndexError): Stack().pop()
try: Stack().pop()
except Empty as error: assert str(error) == 'nothing there'
""",
    "a class": """
assert Stack.made == 0
assert Stack.of('ab').items == ['a', 'b']
assert Stack.made == 1 and Stack.__name__ == 'Stack'
assert Stack.__doc__ == 'Last in, first out.'
""",
    "isinstance": """
s = Deep(1)
assert isinstance(s, Stack) and isinstance(s, Deep) and not isinstance(Stack(), Deep) and not isinstance(3, Stack)
assert issubclass(Deep, Stack) and not issubclass(Stack, Deep) and issubclass(Empty, IndexError)
""",
    "objects that are equal": """
assert Stack(1) == Stack(1) and Stack(1) != Stack(2) and not Stack(1) == [1]
s = Stack()
assert s == s and s in [s]
""",
    "its text": """
assert str(Stack(1, 2)) == 'Stack(1, 2)' and repr(Stack()) == 'Stack()' and f'{Stack(1)}' == 'Stack(1,)'
""",
    "attributes set": """
s = Stack()
s.items = [1, 2]
assert s.pop() == 2
assert hasattr(s, 'items') and not hasattr(s, 'nothing')
assert getattr(s, 'x', 7) == 7
""",
    "objects as arguments": """
s = Stack(1)
assert apply(lambda x: x, s) is s
assert apply(len, [s, s]) == 2
assert apply(isinstance, s, Stack)
""",
    "a signature": """
import inspect
p = inspect.signature(gradient).parameters
assert list(p) == ['f', 'x', 'eps'] and p['eps'].default == 1e-5
assert squares.__doc__.startswith('The squares') and squares.__name__ == 'squares' and callable(squares)
""",
    "a network": """
import torch, torch.nn as nn
assert isinstance(net, nn.Module) and not isinstance(net, nn.Sequential)
assert isinstance(net.body, nn.Sequential) and isinstance(net.body[0], nn.Conv2d)
assert not isinstance(net.body[0], nn.Linear)
assert issubclass(Net, nn.Module) and net(torch.zeros(2, 1, 4, 4)).shape == (2, 2)
assert sum(p.numel() for p in net.parameters()) == 20 + 18
assert [n for n, _ in net.named_parameters()][0] == 'body.0.weight'
assert all(isinstance(p, nn.Parameter) and p.requires_grad for p in net.parameters())
assert sum(isinstance(m, nn.Conv2d) for m in net.modules()) == 1 and len(list(net.children())) == 2
assert net.eval() is net and not net.training and net.train().training
assert set(net.state_dict()) == {'body.0.weight', 'body.0.bias', 'head.weight', 'head.bias'}
assert net.head.weight.shape == (2, 8) and len(net.body) == 2 and [type(m).__name__ for m in net.body]
import copy
other = copy.deepcopy(net)
other.load_state_dict(net.state_dict())
x = torch.ones(1, 1, 4, 4)
torch.testing.assert_close(other(x), net(x))
assert sum(p.numel() for p in Net().parameters()) == 38 and 'Net' in repr(net)
""",
    "a network in a network": """
import torch, torch.nn as nn
both = nn.Sequential(nn.Identity(), nn.ReLU())
assert apply(lambda m: m, net) is net
assert apply(type, both) is not None and apply(both, torch.tensor([-1.0])).item() == 0
assert sum(p.numel() for p in apply(nn.Linear, 2, 3).parameters()) == 9
""",
    "random numbers of its own": """
import numpy as np
rng = np.random.default_rng(0)
assert apply(lambda r: r.random(), rng) == np.random.default_rng(0).random()
""",
    "printed text": """
import io, contextlib
heard = io.StringIO()
with contextlib.redirect_stdout(heard): apply(print, 'hello', 3)
assert heard.getvalue() == 'hello 3\\n'
""",
    "mocks of the test": """
from unittest.mock import Mock, call
f = lambda x: seen.append(x)
seen = []
apply(f, 3)
assert seen == [3]
""",
}


@pytest.mark.parametrize("name", TESTS)
def test_it_passes(name: str) -> None:
    run = run_test(TESTS[name], namespace_of(NOTEBOOK))
    assert run.passed, run


ANSWERS = [
    "np.array([1.0, 2.0], dtype=np.float32)",
    "np.array([1.0, 2.0], dtype=np.float64)",
    "np.array([1.0, 2.0], dtype='>f8')",
    "np.array([[1.0, 9.0], [2.0, 9.0]])[:, 0]",
    "np.array([2.0, 1.0])[::-1]",
    "np.asfortranarray([[1.0, 2.0]])[0]",
    "np.broadcast_to(np.array([1.0, 2.0]), (2,))",
    "[np.float64(1), np.float32(2)]",
    "(1, 2)",
    "torch.tensor([1.0, 2.0], dtype=torch.float64)",
    "torch.tensor([[1.0, 2.0]], requires_grad=True)[0].detach()",
    "torch.tensor([2.0, 1.0]).flip(0)",
    "torch.tensor([[1.0, 5.0], [2.0, 5.0]]).T[0]",
    "torch.nn.Parameter(torch.tensor([1.0, 2.0])).data",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_it_gives_full_marks_for_the_answer(answer: str) -> None:
    namespace = namespace_of(f"import numpy as np, torch\ndef answer(): return {answer}")
    assert run_test("import numpy as np\nnp.testing.assert_allclose(answer(), [1, 2])", namespace).passed


def test_it_shows_the_students_name_where_the_solution_defines_one_of_pythons() -> None:
    notebook = "def filter(x): return x + 1\ndef max(x): return -1"
    namespace = namespace_of(notebook, defined=frozenset({"filter"}))
    assert run_test("assert filter(1) == 2 and max([1, 2]) == 2", namespace).passed


def test_it_prefers_the_students_value_to_one_an_earlier_test_left() -> None:
    student, own = student_of("result = 1")
    namespace = Namespace(student, defined={"result"})
    assert run_test("result = 7\nkept = 8\nassert result == 7", namespace).passed
    own["result"] = 2
    assert run_test("assert result == 2 and kept == 8", namespace).passed


def test_it_sees_what_later_cells_of_the_student_define() -> None:
    student, own = student_of("def f(): return 1")
    namespace = Namespace(student)
    assert run_test("assert f() == 1", namespace).passed
    own["f"] = lambda: 2
    assert run_test("assert f() == 2", namespace).passed


def test_it_passes_what_locked_cells_define_by_name() -> None:
    locked = "class Config:\n    def __init__(self, n): self.n = n\ndef half(x): return x / 2\nCONSTANT = Config(3)"
    namespace = namespace_of(locked + "\ndef read(c): return c.n, isinstance(c, Config)\ndef use(f): return f is half")
    assert set_up([locked], namespace) == []
    assert run_test("assert read(Config(4)) == (4, True) and read(CONSTANT)[0] == 3 and use(half)", namespace).passed


LOCKED = """
import dataclasses, enum, collections
@dataclasses.dataclass(frozen=True)
class Found:
    label: str
    scores: list
    def best(self): return max(self.scores)
class Colour(enum.Enum):
    RED = 1
Spot = collections.namedtuple("Spot", "x y")
@dataclasses.dataclass
class Link:
    next: object = None
"""


def test_it_takes_records_and_enumerations_of_locked_cells_by_value() -> None:
    namespace = namespace_of(
        LOCKED + "def find(): return [Found('cat', [1, 2]), Colour.RED, Spot(3, 4)]\n"
        "def chain(n):\n    link = Link()\n    for _ in range(n): link = Link(link)\n    return link\n"
        "def call(f): return f(Found('dog', [3]))"
    )
    set_up([LOCKED], namespace)
    test = """
found, colour, spot = find()
assert found == Found('cat', [1, 2]) and isinstance(found, Found) and found.best() == 2
assert colour is Colour.RED and isinstance(spot, Spot) and spot == Spot(3, 4) and spot._replace(x=0).x == 0
assert chain(2) == Link(Link(Link()))
assert chain(50).next.next.next is not None
assert call(lambda found: found == Found('dog', [3]))
"""
    run = run_test(test, namespace)
    assert run.passed, run


def test_it_fills_no_record_that_does_not_fit() -> None:
    notebook = (
        LOCKED
        + "class Lie(Found):\n    __eq__ = lambda *_: True\n    __hash__ = None\ndef find(): return Lie('cat', [])"
    )
    namespace = namespace_of(notebook)
    set_up([LOCKED], namespace)
    assert not run_test("assert find() == Found('dog', [1])", namespace).passed


def test_it_says_what_to_do_about_a_class_that_only_the_test_knows() -> None:
    run = run_test("class Secret: pass\nuse(Secret())", namespace_of("def use(x): return x"))
    assert run.error == "ArgumentError"
    assert "locked cell" in run.message


def test_it_says_that_the_student_cannot_read_a_module_of_the_judges(tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "only_here.py").write_text("class Case: pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    student, _ = student_of("def use(x): return x")
    import only_here  # type: ignore[import-not-found]

    honest = student._carry

    def elsewhere(*message: Any) -> Any:
        monkeypatch.setattr(sys, "path", sys.path[1:])
        kept = sys.modules.pop("only_here", None)
        try:
            return honest(*message)
        finally:
            sys.modules["only_here"] = kept  # type: ignore[assignment]

    use, case = student.name("use"), only_here.Case()
    student._carry = elsewhere
    try:
        with pytest.raises(ArgumentError, match="only_here"):
            use(case)
    finally:
        del sys.modules["only_here"]


def test_it_lets_go_of_objects_nobody_holds() -> None:
    import gc
    import weakref

    student, own = student_of(
        "import weakref\nalive = weakref.WeakSet()\nclass A:\n    def __init__(self): alive.add(self)\n"
        "def make(): return A()"
    )
    make = student.name("make")
    kept = make()
    for _ in range(20):
        make()
    student.name("make")
    gc.collect()
    assert len(own["alive"]) <= 2
    assert student.ask("call", make, (), {}) != kept
    assert isinstance(own["alive"], weakref.WeakSet)


def test_it_keeps_an_object_that_is_sent_again_while_it_is_let_go() -> None:
    student, _ = student_of("class A: n = 1\nmade = A()\ndef get(): return made")
    get = student.name("get")
    for _ in range(5):
        first = get()
        again = get()
        assert first is again
        del first, again
    assert get().n == 1


def test_it_names_an_exception_of_the_students() -> None:
    student, _ = student_of("class Odd(Exception): pass\ndef f(): raise Odd('three')")
    with pytest.raises(StudentError, match="three") as caught:
        student.name("f")()
    assert type(caught.value).__name__ == "Odd"


def test_it_raises_the_errors_of_libraries_as_themselves() -> None:
    student, _ = student_of("import numpy as np\ndef f(): return np.linalg.inv(np.zeros((2, 2)))")
    with pytest.raises(np.linalg.LinAlgError):
        student.name("f")()


def test_it_keeps_the_arguments_of_an_error() -> None:
    student, _ = student_of(
        "def f(): raise KeyError('a')\ndef g(): raise OSError(2, 'no file')\ndef h(): b'\\xff'.decode()"
    )
    for name, kind in (("f", KeyError), ("g", FileNotFoundError), ("h", UnicodeDecodeError)):
        with pytest.raises(kind) as caught:
            student.name(name)()
        assert caught.value.args
    with pytest.raises(KeyError, match=r"^'a'$"):
        student.name("f")()


def test_it_costs_well_under_a_millisecond_for_a_small_call() -> None:
    student, _ = student_of("def f(x, y=2): return [x, y]")
    f = student.name("f")
    assert min(timeit.repeat(lambda: f(3, y=4.5), number=200, repeat=5)) / 200 < 0.001


def test_it_shares_no_memory_with_what_it_sends() -> None:
    student, own = student_of("kept = []\ndef keep(x): kept.append(x)")
    sent = torch.zeros(3)
    student.name("keep")(sent)
    own["kept"][0] += 1
    assert sent.tolist() == [0, 0, 0]


def test_a_container_with_methods_of_its_own_keeps_them() -> None:
    notebook = """
class Pile(list):
    def push(self, x):
        self.append(x)
        return len(self)
class Plain(list): pass
def plain(): return Plain([1, 2])
"""
    test = "pile = Pile()\nassert pile.push(5) == 1\nassert len(pile) == 1 and pile[0] == 5\nassert plain() == [1, 2]"
    assert run_test(test, namespace_of(notebook)).passed


def test_a_generator_may_stand_where_the_solution_has_a_list() -> None:
    student, _ = student_of("def squares(n): return (i * i for i in range(n))", objects_from={"squares"})
    test = "assert list(squares(3)) == [0, 1, 4]\nassert 4 in squares(3)\nassert 5 not in squares(3)"
    assert run_test(test, Namespace(student)).passed


def test_an_iterator_that_claims_to_contain_everything_is_not_asked() -> None:
    notebook = """
class Liar:
    def __iter__(self): return self
    def __next__(self): raise StopIteration
    def __contains__(self, item): return True
def answer(): return Liar()
"""
    assert not run_test("assert 3 in answer()", namespace_of(notebook)).passed


def test_a_collection_amid_a_question_harms_nothing() -> None:
    """Proxies are forgotten whenever the collector comes, also while a question about the forgotten is written."""
    student, _ = student_of("class Thing: pass\ndef make(): return Thing()")
    before = gc.get_threshold()
    gc.set_threshold(1, 1, 1)
    try:
        for _ in range(50):
            things = [student.name("make")() for _ in range(30)]
            things.append(things)  # a ring, which only the collector ends
            del things
        assert student.name("make")() is not None
    finally:
        gc.set_threshold(*before)
