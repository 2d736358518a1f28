"""Reading test cells: what a second process cannot do is found, and ordinary tests raise no alarm."""

import pytest

from grading.judge.examine import definitions, examine
from tests.grading.judge.test_honest import NOTEBOOK

SOLUTION = definitions(
    [NOTEBOOK, "import math\nfor i in range(3): pass\nwith open('x') as file: pass\nif True: late = 1"]
)

FOUND = {
    "code": ("x = 1\nassert squares.__code__.co_argcount == 1", 2, "looks inside squares"),
    "globals": ("assert 'np' in squares.__globals__", 1, "looks inside"),
    "source": ("import inspect\nassert 'for' not in inspect.getsource(squares)", 2, "reads the source of squares"),
    "type equality": ("assert type(made) == Stack", 1, "isinstance"),
    "type identity": ("assert type(Stack()) is Stack", 1, "isinstance"),
    "inheritance": ("class Mine(Stack): pass\nMine()", 1, "inherits from Stack"),
    "patched main": (
        "from unittest.mock import patch\nwith patch('__main__.print') as p:\n    squares(1)",
        2,
        "__main__.print",
    ),
    "patched builtins": (
        "from unittest import mock\nwith mock.patch('builtins.sum'):\n    squares(1)",
        2,
        "builtins.sum",
    ),
    "patched object": ("from unittest import mock\nwith mock.patch.object(Stack, 'push'):\n    squares(1)", 2, "Stack"),
    "assigned builtins": ("import builtins\nbuiltins.sum = None", 2, "builtins.sum"),
    "replaced function": ("squares = lambda n: []\nassert sum_of_squares(2) == 0", 1, "another meaning"),
    "redefined function": ("def squares(n): return []\nassert sum_of_squares(2) == 0", 1, "another meaning"),
    "In": ("assert 'for' in In[3]", 1, "session"),
    "get_ipython": ("get_ipython().user_ns", 1, "session"),
    "in place": ("x = [3, 1]\nset_first(x)\nassert x == [9, 1]", 2, "copy of x"),
    "identity": ("x = [1]\nassert set_first(x) is x", 2, "=="),
    "identity of a variable": ("x = [1]\ny = set_first(x)\nassert y is not x", 3, "=="),
    "backward": ("loss = apply(len, [])\nloss.backward()", 2, "gradient"),
    "autograd": ("import torch\ntorch.autograd.grad(squares(x), x)", 2, "gradient"),
    "arithmetic": ("assert Stack(1) + Stack(2)", 1, "operators"),
    "order": ("s = Stack(1)\nassert s < Stack(2)", 2, "operators"),
    "a manager": ("with Stack() as s:\n    pass", 1, "with"),
    "a test nobody calls": ("def test_squares():\n    assert squares(1) == [1]", 1, "Nothing calls"),
    "a comparison for an assertion": ("squares(2) == [1, 4]", 1, "asserts nothing"),
    "an answer for a mark": ("assert True\nlen(squares(1))\nsum_of_squares(1)", 3, "student's answer"),
    "no Python": ("assert (", 1, "does not run"),
}


@pytest.mark.parametrize("name", FOUND)
def test_it_finds(name: str) -> None:
    source, line, words = FOUND[name]
    assert any(finding.line == line and words in finding.problem for finding in examine(["", source], SOLUTION)), name
    assert {finding.cell for finding in examine(["", source], SOLUTION)} == {1}


FINE = [
    "assert squares(3) == [1, 4, 9]",
    "x = squares(3)\nassert x is not None and type(x) is list",
    "orig = squares\ndel squares\ntry:\n    sum_of_squares(1)\nexcept NameError: pass\nfinally:\n    squares = orig",
    "import torch\nx = torch.ones(1, requires_grad=True)\n(x * 2).backward()\nassert x.grad == 2",
    "s = Stack(1)\ns.push(2)\nassert len(s) == 2 and s == Stack(1, 2) and isinstance(s, Stack)",
    "def test_squares():\n    assert squares(1) == [1]\ntest_squares()",
    "import numpy as np\nx = np.zeros(3)\nnp.testing.assert_allclose(set_first(x), [9, 0, 0])",
    "total = 0\ntotal += sum_of_squares(2) == 5\ntotal / 2",
    "for _ in range(3):\n    assert squares(1)",
    "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(squares(1), [1])\n"
    "unittest.main(argv=[''], exit=False)",
    "assert -1 < sum_of_squares(2) - 4 < 2",
]


@pytest.mark.parametrize("source", FINE)
def test_it_raises_no_alarm_over(source: str) -> None:
    assert examine([source], SOLUTION) == []


def test_it_knows_what_a_solution_defines() -> None:
    assert {"squares", "Stack", "table", "net", "i", "file", "late"} <= SOLUTION.names
    assert {"np", "math", "n", "self", "found"}.isdisjoint(SOLUTION.names)
    assert SOLUTION.classes == {"Empty", "Stack", "Deep", "Net"}
