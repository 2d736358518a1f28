"""Noticing a forbidden call; every test in a process of its own, because a watch stays for a process's life."""

import subprocess
import sys

import pytest

START = """
import contextlib
from grading.errors import GradingError
from grading.judge.errors import ForbiddenShortcut, StudentError
from grading.judge.shortcuts import arm, watch
from tests.grading.judge.links import student_of

def raises(kind, call, *args):
    try:
        call(*args)
    except kind as error:
        return error
    raise AssertionError(f"{kind} was not raised")
"""

SCRIPTS = {
    "a function under all its names": """
watch(["torchvision.ops.nms"])
import torch, torchvision, torchvision.ops as ops
from torchvision.ops import nms
from torchvision.ops.boxes import nms as other
boxes, scores = torch.tensor([[0.0, 0, 1, 1], [0, 0, 1, 1]]), torch.tensor([1.0, 0.5])
assert nms(boxes, scores, 0.5).tolist() == [0]
for call in (nms, other, ops.nms, torchvision.ops.nms):
    with arm(["torchvision.ops.nms"]) as used:
        assert raises(ForbiddenShortcut, call, boxes, scores, 0.5).name == "torchvision.ops.nms"
        assert used == ["torchvision.ops.nms"]
with arm(["torchvision.ops.nms"]):
    raises(ForbiddenShortcut, ops.batched_nms, boxes, scores, torch.tensor([0, 0]), 0.5)
assert nms(boxes, scores, 0.5).tolist() == [0]
""",
    "one that is built in": """
watch(["torch.nn.functional.conv2d"])
import inspect, torch
from torch.nn import functional as F
x, w = torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2)
assert F.conv2d(x, w, padding=1).shape == (1, 1, 4, 4)
assert F.conv2d.__name__ == "conv2d" and F.conv2d.__doc__ and inspect.unwrap(F.conv2d) is not F.conv2d
layer = torch.nn.Conv2d(1, 1, 2)
with arm(["torch.nn.functional.conv2d"]):
    raises(ForbiddenShortcut, F.conv2d, x, w)
    raises(ForbiddenShortcut, torch.conv2d, x, w)
    raises(ForbiddenShortcut, layer, x)
    F.relu(x)
assert layer(x).shape == (1, 1, 2, 2)
""",
    "a class": """
watch(["torch.nn.Conv2d", "collections.Counter"])
import collections, torch
layer = torch.nn.Conv2d(1, 1, 2)
assert isinstance(layer, torch.nn.Conv2d) and collections.Counter("aa")["a"] == 2
with arm(["torch.nn.Conv2d", "collections.Counter"]):
    raises(ForbiddenShortcut, torch.nn.Conv2d, 1, 1, 2)
    raises(ForbiddenShortcut, collections.Counter, "aa")
    torch.nn.Linear(1, 1)
""",
    "a method": """
watch(["torch.Tensor.unfold"])
import torch
assert torch.arange(4).unfold(0, 2, 2).shape == (2, 2)
with arm(["torch.Tensor.unfold"]):
    raises(ForbiddenShortcut, lambda: torch.arange(4).unfold(0, 2, 2))
""",
    "a name that is none": """
assert "no numpy.nothing" in str(raises(GradingError, watch, ["numpy.nothing"]))
assert "no nowhere.nothing" in str(raises(GradingError, watch, ["nowhere.nothing"]))
assert "built into" in str(raises(GradingError, watch, ["numpy.ndarray.sort"]))
watch(["numpy.convolve"]); watch(["numpy.convolve"])
import numpy as np
assert np.convolve([1, 2], [1]).tolist() == [1, 2]
""",
    "a call across the wall": """
watch(["numpy.convolve", "numpy.sort"])
student, own = student_of('''
import numpy as np
from numpy import convolve
def honest(x): return [2 * n for n in x]
def lazy(x): return convolve(x, [2])
def sly(x):
    try: return convolve(x, [2])
    except Exception: return honest(x)
def other(x): return np.sort(x)
''')
for name in ("honest", "lazy", "sly", "other"):
    assert list(student.name(name)([1, 2]))
with student.forbidding(["numpy.convolve"]) as taken:
    assert student.name("honest")([1, 2]) == [2, 4]
    assert student.name("other")([2, 1]).tolist() == [1, 2]
    assert not taken
    assert raises(ForbiddenShortcut, student.name("lazy"), [1, 2]).name == "numpy.convolve"
    raises(ForbiddenShortcut, student.name("sly"), [1, 2])
    assert taken == ["numpy.convolve"]
    with student.forbidding(["numpy.sort"]) as inner:
        raises(ForbiddenShortcut, student.name("other"), [2, 1])
        assert inner == ["numpy.sort"] and taken == ["numpy.convolve", "numpy.sort"]
assert student.name("lazy")([1, 2]).tolist() == [2, 4]
with student.forbidding([]) as taken:
    student.name("lazy")([1, 2])
assert taken == []
""",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_notices(name: str) -> None:
    subprocess.run([sys.executable, "-c", START + SCRIPTS[name]], check=True, timeout=180)
