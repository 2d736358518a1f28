"""Assignment "numbers": assertions, errors that must be raised, printing, helpers, and questions for a person."""

from tests.grading.courses.building import Assignment, HandedIn, manual, plain, read, solutions, solve, task, test

SUMS = (
    plain("# Sums\n\nSmall functions about whole numbers. Do not rename them.", "markdown"),
    plain("import math\nfrom contextlib import redirect_stdout\nfrom io import StringIO"),
    read("about", "Each function is tested in the cell below it.", "markdown"),
    solve(
        "triangular",
        '''
def triangular(n):
    """The sum 1 + 2 + ... + n; a negative n is a ValueError."""
    ### BEGIN SOLUTION
    if n < 0:
        raise ValueError("n must not be negative")
    return n * (n + 1) // 2
    ### END SOLUTION
''',
    ),
    plain("triangular(4)"),
    test(
        "triangular_values",
        2,
        '''
"""Several values, small and large."""
assert triangular(0) == 0
assert triangular(1) == 1
assert triangular(4) == 10
### BEGIN HIDDEN TESTS
assert triangular(100) == 5050
assert [triangular(n) for n in range(5, 9)] == [15, 21, 28, 36]
### END HIDDEN TESTS
''',
    ),
    test(
        "triangular_refuses",
        1,
        """
for wrong in (-1, -10):
    try:
        triangular(wrong)
    except ValueError:
        pass
    else:
        raise AssertionError("a negative number was accepted")
""",
    ),
    solve(
        "tetrahedral",
        '''
def tetrahedral(n):
    """The sum of the first n triangular numbers, by means of triangular."""
    ### BEGIN SOLUTION
    return sum(triangular(number) for number in range(1, n + 1))
    ### END SOLUTION
''',
    ),
    test("tetrahedral_values", 1.5, "assert tetrahedral(3) == 10\nassert tetrahedral(10) == 220"),
    test(
        "tetrahedral_uses_triangular",
        0.5,
        '''
"""Without its helper the function must fail."""
kept = triangular
del triangular
try:
    tetrahedral(2)
except NameError:
    pass
else:
    raise AssertionError("tetrahedral does not call triangular")
finally:
    triangular = kept
''',
    ),
    read("close", "def close(a, b, by=1e-9):\n    return abs(a - b) <= by"),
    solve(
        "harmonic",
        '''
def harmonic(n):
    """1 + 1/2 + ... + 1/n."""
    ### BEGIN SOLUTION
    return sum(1 / number for number in range(1, n + 1))
    ### END SOLUTION
''',
    ),
    test(
        "harmonic_values",
        1,
        """
assert close(harmonic(1), 1)
assert close(harmonic(4), 25 / 12)
assert close(harmonic(1000) - math.log(1000), 0.5777155815682065)
""",
    ),
    solve(
        "greet",
        '''
def greet(name):
    """Prints a greeting."""
    ### BEGIN SOLUTION
    print(f"Hello, {name}!")
    ### END SOLUTION
''',
    ),
    test(
        "greet_prints",
        1,
        """
printed = StringIO()
with redirect_stdout(printed):
    greet("Ada")
assert printed.getvalue() == "Hello, Ada!\\n"
""",
    ),
)

THOUGHTS = (
    plain("# Thoughts", "markdown"),
    manual("why_floor", 1, "n (n + 1) is even, so halving it leaves nothing over."),
    manual("own_example", 2, "assert triangular_by_hand(3) == 6 if 'triangular_by_hand' in dir() else True", "code"),
    task("explore", 3, "Find out how fast the harmonic numbers grow. Add cells below."),
)

ANSWERS = solutions(SUMS, THOUGHTS)
BLANK = {"why_floor": 0, "own_example": 0}

HANDED_IN = (
    HandedIn("ada", ANSWERS, below={"explore": "sum(1 / n for n in range(1, 100))"}),
    HandedIn(
        "bea-in-her-own-way",
        ANSWERS
        | {
            "triangular": """
from functools import reduce


class Refused(ValueError):
    pass


def triangular(n):
    if n < 0:
        raise Refused(n)
    return reduce(int.__add__, range(n + 1))
""",
            "tetrahedral": "tetrahedral = lambda n: 0 if n == 0 else tetrahedral(n - 1) + triangular(n)",
            "harmonic": "import numpy as np\n\n\ndef harmonic(n):\n    return (1 / np.arange(1, n + 1)).sum()",
            "greet": "import sys\n\n\ndef greet(name):\n    sys.stdout.write('Hello, ')\n    print(name, end='!\\n')",
        },
    ),
    HandedIn(
        "cem-off-by-one",
        ANSWERS
        | {"triangular": "def triangular(n):\n    if n < 0:\n        raise ValueError\n    return sum(range(n))"},
        {"triangular_values": 0, "tetrahedral_values": 0},
    ),
    HandedIn(
        "dan-refuses-nothing",
        ANSWERS | {"triangular": "def triangular(n):\n    return n * (n + 1) // 2"},
        {"triangular_refuses": 0},
    ),
    HandedIn(
        "eli-without-helper",
        ANSWERS | {"tetrahedral": "def tetrahedral(n):\n    return n * (n + 1) * (n + 2) // 6"},
        {"tetrahedral_uses_triangular": 0},
    ),
    HandedIn(
        "fay-syntax-error",
        ANSWERS | {"triangular": "def triangular(n)\n    return n"},
        {"triangular_values": 0, "triangular_refuses": 0, "tetrahedral_values": 0, "tetrahedral_uses_triangular": 0},
    ),
    HandedIn(
        "gus-crashes-after-the-answer",
        ANSWERS
        | {"harmonic": "def harmonic(n):\n    return sum(1 / k for k in range(1, n + 1))\n\n\nharmonic(3) / 0"}
        | {"greet": "def greet(name):\n    return f'Hello, {name}!\\n'"},
        {"greet_prints": 0},
    ),
    HandedIn(
        "hal-slow",
        ANSWERS
        | {
            "harmonic": """
def harmonic(n):
    total = 0.0
    for _ in range(5000):  # again and again
        total = 0.0
        for number in range(1, n + 1):
            total += 1 / number
    return total
"""
        },
    ),
    HandedIn(
        "ivy-unanswered",
        {},
        {
            "triangular_values": 0,
            "triangular_refuses": 0,
            "tetrahedral_values": 0,
            "tetrahedral_uses_triangular": 0,
            "harmonic_values": 0,
            "greet_prints": 0,
            **BLANK,
        },
    ),
    HandedIn(
        "jon-half-of-it",
        {id: answer for id, answer in ANSWERS.items() if id in ("triangular", "harmonic", "why_floor")},
        {"tetrahedral_values": 0, "tetrahedral_uses_triangular": 0, "greet_prints": 0, "own_example": 0},
    ),
)

NUMBERS = Assignment("numbers", {"sums": SUMS, "thoughts": THOUGHTS}, HANDED_IN)
