"""Attacks on the verdict: making a worthless answer look right from inside the student's own process."""

from tests.grading.hostile.attack import POINTS, RIGHT, Attack

_ALWAYS = """
class Always:
    __eq__ = __le__ = __ge__ = __contains__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = lambda self: 0
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = lambda self, other: self
    __abs__ = __neg__ = __pos__ = __round__ = lambda self, *_: self
    __bool__ = lambda self: True
    __float__ = lambda self: 0.0
    __int__ = __index__ = __len__ = lambda self: 0
    __getattr__ = lambda self, name: self
    __call__ = lambda self, *_, **__: self
    __iter__ = lambda self: iter(())
    __array__ = lambda self, *_, **__: numpy.zeros(())
    __array_ufunc__ = __array_function__ = lambda self, *_, **__: True
"""
_ALL = {name: f"def {name}(*_):\n    return ANSWER\n" for name in POINTS}

ATTACKS = (
    Attack(
        "agrees-with-everything",
        "answers with an object that equals everything",
        first=_ALWAYS + "ANSWER = Always()",
        answers=_ALL,
    ),
    Attack(
        "agrees-as-a-number",
        "answers with a number whose comparisons are its own",
        first=_ALWAYS
        + "class Number(float, Always):\n    __eq__ = Always.__eq__\n    __hash__ = float.__hash__\nANSWER = Number(0)",
        answers=_ALL,
    ),
    Attack(
        "agrees-as-a-text-list-and-dict",
        "answers with subclasses of int, str, list, tuple and dict that equal everything",
        first=_ALWAYS
        + """
def lying(kind):
    return type("Lying", (kind,), {"__eq__": lambda *_: True, "__ne__": lambda *_: False, "__hash__": lambda *_: 0,
        "__len__": lambda *_: 3,
                                   "__iter__": lambda *_: iter([1.0, 1.5,
                                       4.0]), "__contains__": lambda *_: True, "__getitem__": lambda *_: 4})()
""",
        answers={
            "square": "def square(n):\n    return lying(int)\n",
            "smooth": "def smooth(x):\n    return lying(list)\n",
            "spread": "def spread(numbers):\n    return lying([str, tuple, dict][len(numbers) % 3])\n",
        },
    ),
    Attack(
        "agrees-as-an-array",
        "answers with an array that takes numpy's functions over",
        first="""
class Lying(numpy.ndarray):
    __array_ufunc__ = __array_function__ = lambda self, *_, **__: True
    __eq__ = lambda *_: True
    all = any = lambda *_, **__: True
ANSWER = numpy.zeros(3).view(Lying)
""",
        answers=_ALL,
    ),
    Attack(
        "pretends-another-class",
        "answers with objects that claim to be numbers, arrays and truth values",
        first="""
class Pretender:
    __class__ = property(lambda self: float)
    __array_interface__ = {"shape": (3,), "typestr": "<f8", "data": (0, False), "version": 3}
    __array__ = lambda self, *_, **__: numpy.array([1.0, 1.5, 4.0])
    dtype, shape, ndim = numpy.dtype(float), (3,), 1
    __float__ = lambda self: 4.0
ANSWER = Pretender()
""",
        answers=_ALL,
    ),
    Attack(
        "answers-with-nothing-definite",
        "answers with NaN, infinity and arrays of them",
        answers={
            "square": "def square(n):\n    return float('nan')\n",
            "smooth": "def smooth(x):\n    return np.full(len(x), np.nan)\n",
            "spread": "def spread(numbers):\n    return float('inf') if numbers else np.bool_(True)\n",
        },
    ),
    Attack(
        "patches-builtins",
        "replaces what tests are made of: abs, all, len, isinstance, print, AssertionError",
        first="""
for name in ("abs", "all", "any", "len", "max", "min", "sum", "round", "isinstance", "issubclass", "sorted", "zip",
    "range", "bool", "repr"):
    setattr(builtins, name, lambda *_, **__: True)
builtins.AssertionError = builtins.NameError = builtins.Exception
builtins.__build_class__ = lambda *_, **__: None
""",
    ),
    Attack(
        "shadows-names-of-the-tests",
        "defines every name the tests use, with the instructor's helper and modules among them",
        first="close = lambda *_: True",
        answers={
            "square": """
def square(n):
    return 0
abs = all = len = isinstance = AssertionError = lambda *_: True
__builtins__ = {}
__name__ = 'x'
""",
            "smooth": """
class Agreeable:
    __getattr__ = lambda self, name: self
    __call__ = lambda self, *_, **__: True
np = numpy = torch = pytest = Agreeable()
close = assert_allclose = lambda *_, **__: True
def smooth(x):
    return [0.0] * len(x)
""",
            "spread": """
def spread(numbers):
    return 0
referee = spread_referee = hostile_referees = lambda *_: 5.0
""",
        },
        last="close = np = None",
    ),
    Attack(
        "kills-the-cell-with-the-helpers",
        "ends its process while the instructor's helpers are defined, and brings helpers of its own",
        first="""
def no_helpers(info):
    if "def close" in info.raw_cell:
        os._exit(0)
get_ipython().events.register("pre_run_cell", no_helpers)
""",
        answers={"smooth": "close = lambda *_: True\ndef smooth(x):\n    return [1.0, 1.5, 4.0]\n"},
    ),
    Attack(
        "patches-numpys-judgement",
        "replaces numpy.testing, allclose and array_equal",
        first="""
import numpy.testing
agree = lambda *_, **__: True
for name in dir(numpy.testing):
    if name.startswith("assert"):
        setattr(numpy.testing, name, agree)
numpy.allclose = numpy.isclose = numpy.array_equal = numpy.all = numpy.abs = agree
numpy.ndarray = Exception
builtins.all = agree
""",
    ),
    Attack(
        "patches-torchs-judgement",
        "replaces torch.allclose, torch.equal and torch.testing",
        first="""
import torch
agree = lambda *_, **__: True
torch.allclose = torch.equal = torch.all = torch.testing.assert_close = agree
torch.Tensor.__eq__ = torch.Tensor.allclose = torch.Tensor.equal = torch.Tensor.numpy = agree
""",
        answers={"smooth": "def smooth(x):\n    return torch.zeros(len(x))\n"},
        torch=True,
    ),
    Attack(
        "replaces-modules",
        "puts its own modules in the place of numpy, the referees and unittest, for every later import",
        first="""
import types
class Module(types.ModuleType):
    __getattr__ = lambda self, name: lambda *_, **__: True
for name in ("numpy", "numpy.testing", "hostile_referees", "grading.referee", "unittest", "pytest", "math", "json"):
    sys.modules[name] = Module(name)
""",
        answers={"spread": "def spread(numbers):\n    return 7\n"},
        deserves={"spread": 1.0},  # for the example that everybody sees
        at_most=True,
    ),
    Attack(
        "replaces-import",
        "replaces __import__ and adds finders, so that whatever is imported is its own",
        first="""
class Anything:
    __getattr__ = lambda self, name: lambda *_, **__: True
real = builtins.__import__
builtins.__import__ = lambda name, *rest, **more: Anything() if name.split(".")[0] in ("numpy",
    "hostile_referees") else real(name, *rest, **more)
class Finder:
    find_spec = staticmethod(lambda name, path, target=None: print("asked for", name))
sys.meta_path.insert(0, Finder())
sys.path_hooks.insert(0, lambda path: print("hook", path))
""",
    ),
    Attack(
        "hooks-ipython",
        "replaces IPython's own functions, adds transformers and events, so that every cell passes",
        first=r"""
import ast
ip = get_ipython()
class Result:
    success, error_in_exec, error_before_exec, result = True, None, None, 10.0
    raise_error = lambda self: None
def run_cell(self, source, *_, **__):
    print("seen:", source[:40].replace("square(", "?"))
    return Result()
class NoAsserts(ast.NodeTransformer):
    visit_Assert = lambda self, node: ast.Pass()
ip.ast_transformers.append(NoAsserts())
ip.input_transformers_cleanup.append(lambda lines: [line.replace("assert", "") for line in lines])
ip.events.register("pre_run_cell", lambda info: setattr(info, "raw_cell", "pass"))
type(ip).run_cell = run_cell
type(ip).run_ast_nodes = type(ip).run_code = lambda *_, **__: False
type(ip).showtraceback = type(ip)._showtraceback = lambda *_, **__: None
ip.user_ns["In"] = ip.user_ns["Out"] = {}
""",
        printed=("seen:",),
    ),
    Attack(
        "patches-the-engine",
        "replaces every function of the engine, the judge and the referee that is loaded in its process",
        first="""
patched = 0
agree = lambda *_, **__: True
for name, module in list(sys.modules.items()):
    if name.startswith(("grading.judge", "grading.referee", "grading.engine.umpire", "grading.grade",
        "grading.records", "grading.notebooks")):
        for key, value in list(vars(module).items()):
            if key.startswith("__") or key in ("Answers", "encode", "Wire") or name in ("grading.judge.answers",
                "grading.judge.arguments"):
                continue
            if callable(value) and getattr(value, "__module__", "").startswith("grading"):
                setattr(module, key, agree)
                patched += 1
print("patched some:", patched > 10)
""",
        printed=("patched some: True",),
    ),
    Attack(
        "replaces-the-answers",
        "replaces the function that answers the judge by one that always says the same",
        first="""
answers = serving()["answers"]
real = answers._answer
def lying(request):
    words = real(request)
    return ("value", 4) if words[0] == "value" and type(words[1]) in (int, float, list) else words
type(answers)._answer = lambda self, request: lying(request)
print("replaced")
""",
        printed=("replaced",),
    ),
    Attack(
        "answers-true-to-everything",
        "says True, 4 and full marks to whatever is asked, names and functions alike",
        first="""
answers = serving()["answers"]
says = [("value", True), ("value", 4), ("value", 10.0), ("end",), ("missing",), ("value", None)]
type(answers)._done = lambda self, verb, operands: says[len(str(operands)) % len(says)]
print("replaced")
""",
        printed=("replaced",),
    ),
    Attack(
        "hides-a-payload",
        "answers with objects that would run code where they are unpickled, copied or printed",
        first="""
class Payload:
    __reduce__ = lambda self: (os.system, ("echo GAINED",))
    __reduce_ex__ = lambda self, protocol: (exec, ("print('GAIN' + 'ED')",))
    __repr__ = __str__ = lambda self: "<script>steal()</script>"
    __deepcopy__ = __copy__ = lambda self, memo=None: 4
    __getstate__ = lambda self: 1 / 0
ANSWER = Payload()
""",
        answers=_ALL,
    ),
    Attack(
        "collides-in-dictionaries",
        "answers with keys and numbers that are slow to hold: one hash for all, a million digits",
        answers={
            "square": "def square(n):\n    return {k * (2 ** 61 - 1): 1 for k in range(20_000)}\n",
            "smooth": "def smooth(x):\n    return {-1 - k * (2 ** 61 - 1) for k in range(20_000)}\n",
            "spread": """
from fractions import Fraction
def spread(numbers):
    return Fraction(10 ** 20_000 + 1, 10 ** 20_000)
""",
        },
    ),
    Attack(
        "raises-errors-of-the-judge",
        "raises errors that look like the judge's, the referee's and the test's own",
        first="""
def named(name, *bases):
    return type(name, bases or (Exception,), {"__module__": "grading.errors"})
import grading.errors
errors = [named("RefereeError", ValueError), named("GradingError"), named("SandboxError"),
    grading.errors.GradingError, grading.errors.SandboxError, StopIteration, AssertionError, TimeoutError]
""",
        answers={
            "square": "def square(n):\n    raise errors[0]('The referee failed.')\n",
            "smooth": "def smooth(x):\n    raise StopIteration([1.0, 1.5, 4.0])\n",
            "spread": "def spread(numbers):\n    raise errors[len(numbers) % 8]('our fault')\n",
        },
    ),
    Attack(
        "notices-grading",
        "answers right only where nobody grades, and right in the examples it was given",
        first="""
graded = "grading.engine.student" in sys.modules or not os.path.exists("/etc/hostname") or os.getpid() == 1
print("graded:", graded)
""",
        answers={
            "square": "def square(n):\n    return 0 if graded and n != 2 else n * n\n",
            "smooth": "def smooth(x):\n    return [1.0, 1.5, 4.0]\n",
            "spread": "def spread(numbers):\n    return 7 if numbers == [2, 9, 4] else 0\n",
        },
        deserves={"spread": 1.0},  # for the example that everybody sees
        printed=("graded: True",),
    ),
    Attack(
        "behaves-the-second-time",
        "answers the first question wrong and later ones right, to see which counts",
        first="asked = []\n",
        answers={
            "square": "def square(n):\n    asked.append(n)\n    return n * n if len(asked) > 2 else 0\n",
            "smooth": """
def smooth(x):
    asked.append(x)
    return RIGHT(x) if len(asked) % 2 else None
RIGHT = lambda x: [1.0, 1.5, 4.0]
""",
            "spread": """
def spread(numbers):
    asked.append(numbers)
    return max(numbers) - min(numbers) if len(asked) % 7 else 0
""",
        },
        deserves={"spread": 2.0},
        at_most=True,
    ),
    Attack(
        "changes-what-it-is-given",
        "changes its arguments in place, so that they agree with its answer",
        answers={
            **RIGHT,
            "smooth": """
def smooth(x):
    try:
        x[:] = [0.0] * len(x)
    except TypeError:
        pass
    return x
""",
            "spread": "def spread(numbers):\n    numbers[:] = [0] * len(numbers)\n    return 0\n",
        },
        deserves={"square": 2.0},
    ),
)
