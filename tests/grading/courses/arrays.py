"""Assignment "arrays": numpy, partial credit, a class, and functions that may never return."""

from tests.grading.courses.building import Assignment, HandedIn, plain, read, solutions, solve, test

ARRAYS = (
    plain("# Arrays and a class", "markdown"),
    plain("import numpy as np"),
    solve(
        "normalise",
        '''
def normalise(table):
    """Every row divided by its sum: (N, M) -> (N, M). The table itself stays as it is."""
    ### BEGIN SOLUTION
    return table / table.sum(axis=1, keepdims=True)
    ### END SOLUTION
''',
    ),
    test(
        "normalise_example",
        1,
        "np.testing.assert_allclose(normalise(np.array([[1.0, 3.0], [2.0, 2.0]])), [[0.25, 0.75], [0.5, 0.5]])",
    ),
    test(
        "normalise_more",
        2,
        """
### BEGIN HIDDEN TESTS
drawn = np.random.default_rng(3).uniform(1, 2, size=(5, 7))
rows = normalise(drawn)
assert rows.shape == (5, 7)
np.testing.assert_allclose(rows.sum(axis=1), 1)
np.testing.assert_allclose(rows * drawn.sum(axis=1)[:, None], drawn)
### END HIDDEN TESTS
""",
    ),
    solve(
        "kinds",
        '''
def kind(number):
    """ "negative", "zero" or "positive"."""
    ### BEGIN SOLUTION
    return "negative" if number < 0 else "positive" if number else "zero"
    ### END SOLUTION
''',
    ),
    test(
        "kinds_by_case",
        3,
        """
# One point for each case: the last line is what nbgrader reads.
earned = 0
for number, expected in ((-2, "negative"), (0, "zero"), (5, "positive")):
    try:
        earned += kind(number) == expected
    except Exception:
        pass
earned
""",
    ),
    test(
        "kinds_by_share",
        2,
        """
answers = [kind(number) for number in range(-5, 5)]
share = sum(a == e for a, e in zip(answers, ["negative"] * 5 + ["zero"] + ["positive"] * 4))
round(2 * share / 10, 2)
""",
    ),
    solve(
        "pile",
        '''
class Pile:
    """Last in, first out."""

    ### BEGIN SOLUTION
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)
        return self

    def pop(self):
        if not self.items:
            raise IndexError("the pile is empty")
        return self.items.pop()

    def __len__(self):
        return len(self.items)
    ### END SOLUTION
''',
    ),
    test(
        "pile_order",
        2,
        """
pile = Pile()
pile.push("a")
pile.push("b")
assert len(pile) == 2
assert pile.pop() == "b"
assert pile.pop() == "a"
assert len(pile) == 0
assert Pile([1, 2, 3]).pop() == 3
""",
    ),
    test(
        "pile_empty",
        1,
        """
try:
    Pile().pop()
except IndexError as error:
    assert "empty" in str(error)
else:
    assert False, "an empty pile gave something"
""",
    ),
    read("limit", "LIMIT = 50"),
    solve(
        "primes",
        '''
def primes(limit):
    """All primes below limit, in order."""
    ### BEGIN SOLUTION
    return [n for n in range(2, limit) if all(n % d for d in range(2, n))]
    ### END SOLUTION
''',
    ),
    test("primes_values", 1, "assert primes(10) == [2, 3, 5, 7]\nassert len(primes(LIMIT)) == 15"),
    plain("# the end", "markdown"),
)

ANSWERS = solutions(ARRAYS)
NOTHING = {
    **{"normalise_example": 0, "normalise_more": 0, "kinds_by_case": 0, "kinds_by_share": 0},
    **{"pile_order": 0, "pile_empty": 0, "primes_values": 0},
}

HANDED_IN = (
    HandedIn("ada", ANSWERS),
    HandedIn(
        "bea-in-her-own-way",
        ANSWERS
        | {
            "normalise": "normalise = lambda t: np.asfortranarray((t.T / t.sum(1)).T.astype(np.float64))",
            "kinds": "def kind(number):\n    return ('zero', 'positive', 'negative')[int(np.sign(number))]",
            "pile": """
class Base(list):
    def push(self, item):
        self.append(item)


class Pile(Base):
    def pop(self):
        try:
            return super().pop()
        except IndexError:
            raise IndexError("nothing here, it is empty") from None
""",
            "primes": """
def primes(limit):
    sieve = np.ones(limit, bool)
    sieve[:2] = False
    for n in range(2, limit):
        sieve[2 * n :: n] = False
    return np.flatnonzero(sieve).tolist()
""",
        },
    ),
    HandedIn(
        "cem-wrong-axis",
        ANSWERS
        | {
            "normalise": "def normalise(table):\n    return table / table.sum(axis=0)",
            "kinds": "def kind(number):\n    return 'negative' if number < 0 else 'positive'",
        },
        {"normalise_example": 0, "normalise_more": 0, "kinds_by_case": 2, "kinds_by_share": 1.8},
    ),
    HandedIn(
        "dan-example-only",
        ANSWERS
        | {
            "normalise": "def normalise(table):\n    return table / np.array([[4.0], [4.0]])",
            "kinds": "def kind(number):\n    return {-2: 'negative', 0: 'zero'}[number]",
        },
        {"normalise_more": 0, "kinds_by_case": 2, "kinds_by_share": 0},
    ),
    HandedIn(
        "eli-wrong-way-round",
        ANSWERS
        | {
            "pile": """
class Pile:
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)

    def pop(self):
        return self.items.pop(0) if self.items else None

    def __len__(self):
        return len(self.items)
""",
            "kinds": "def kind(number):\n    print('thinking')",
        },
        {"pile_order": 0, "pile_empty": 0, "kinds_by_case": 0, "kinds_by_share": 0},
    ),
    HandedIn(
        "fay-endless",
        ANSWERS | {"primes": "def primes(limit):\n    while True:\n        limit += 1"},
        {"primes_values": 0},
    ),
    HandedIn(
        "gus-crashes",
        ANSWERS
        | {
            "normalise": "normalise = np.no_such_function",
            "pile": "class Pile:\n    def push(self, item):\n        raise RuntimeError('no')",
            "primes": "def primes(limit):\n    return primes(limit + 1)",
        },
        {"normalise_example": 0, "normalise_more": 0, "pile_order": 0, "pile_empty": 0, "primes_values": 0},
    ),
    HandedIn(
        "hal-slow",
        ANSWERS
        | {
            "primes": """
import time


def primes(limit):
    until = time.process_time() + 0.4
    while time.process_time() < until:
        pass
    return [n for n in range(2, limit) if all(n % d for d in range(2, n))]
"""
        },
    ),
    HandedIn("ivy-unanswered", {}, NOTHING),
)

ASSIGNMENT = Assignment("arrays", {"arrays": ARRAYS}, HANDED_IN)
