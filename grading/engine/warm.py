"""What every hand-in would otherwise pay for once: first calls of IPython, numpy, torch and the way to the judge.

All of it is our own code on made-up values, before the first fork.
"""

import sys
from collections.abc import Callable

from grading.engine import shell as shells
from grading.judge.answers import Answers
from grading.judge.cells import run_test, set_up
from grading.judge.student import Namespace, Student
from grading.limits import DEFAULT
from grading.messages import Message

_CELLS = ("x = 1\nprint(x)\nx", "import sys\nprint(x, file=sys.stderr)", "def f():\n    raise ValueError\nf()")
_PLAIN = "def same(value): return value"
_TEST = "assert same([1, 2.5, 'a', None, {'b': (True,)}]) == [1, 2.5, 'a', None, {'b': (True,)}]"
_NUMPY = """
import numpy as np
import numpy.testing
np.testing.assert_allclose(same(np.ones((2, 3))), np.ones((2, 3)))
assert np.isclose(same(np.float64(1.0)), 1.0)
assert np.array_equal(same(np.arange(3)), np.random.default_rng(0).permutation(1) + np.arange(3))
"""
_TORCH = """
import torch
layer = torch.nn.Conv2d(1, 2, 3)
assert same(torch.ones(2, 2) @ torch.ones(2, 2)).shape == (2, 2)
assert torch.allclose(same(layer(torch.ones(1, 1, 4, 4))).detach(), layer(torch.ones(1, 1, 4, 4)))
assert sum(p.numel() for p in same(torch.nn.Linear(2, 2)).parameters()) == 6
"""


def up(shell: shells.Shell) -> None:
    """Run everything once that students and tests usually need first."""
    for cell in _CELLS:
        shells.run(shell, cell, seconds=30.0, size=10_000, count=10)
    shell.reset(new_session=True)  # type: ignore[no-untyped-call]
    tests = [_TEST, *(test for name, test in (("numpy", _NUMPY), ("torch", _TORCH)) if name in sys.modules)]
    own: dict[str, object] = {"__name__": "__main__"}
    exec(_PLAIN, own)  # noqa: S102 - four words of ours
    answers = Answers(own, DEFAULT)

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        return answers.reply(question, on_callback)

    namespace = Namespace(Student(ask, DEFAULT))
    for test in tests:
        set_up([test.splitlines()[0]], namespace)
        run_test(test, namespace)
