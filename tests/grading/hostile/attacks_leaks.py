"""Attacks on what is hidden: carrying hidden inputs, the seed or expected answers to where students read."""

from tests.grading.hostile.attack import RIGHT, Attack

# `square` is asked about a number that stands in its hidden test only; every attack here keeps it and lets it out.
_KEEPS = {**RIGHT, "square": "kept = []\ndef square(n):\n    kept.append(n)\n    return n * n\n"}

ATTACKS = (
    Attack(
        "prints-hidden-inputs",
        "prints the inputs of the hidden test while it is asked",
        answers={
            **RIGHT,
            "square": """
def square(n):
    print('asked for', n)
    sys.stderr.write(str(n))
    sys.__stdout__.write(str(n))
    return n * n
""",
        },
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "raises-hidden-inputs",
        "raises the inputs of the hidden test, in the text and in the name of an error",
        answers={
            **RIGHT,
            "square": """
def square(n):
    if n == 2:
        return 4
    raise type('Input%d' % n, (ValueError,), {})('input %d' % n)
""",
        },
        deserves={"smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "asserts-hidden-inputs",
        "fails inside itself with an assertion that tells the input",
        answers={**RIGHT, "square": "def square(n):\n    assert n == 2, f'input {n}'\n    return 4\n"},
        deserves={"smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "answers-with-hidden-inputs",
        "answers the hidden test with its input, in words, so that the comparison shows it",
        answers={**RIGHT, "square": "def square(n):\n    return 4 if n == 2 else 'input %d' % n\n"},
        deserves={"smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "prints-hidden-inputs-later",
        "keeps the inputs of the hidden test and prints them in a cell of its own further down",
        answers=_KEEPS,
        last="print('kept', kept)\nkept",
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "prints-hidden-inputs-in-the-next-answer",
        "keeps the inputs of the hidden test and prints them in the cell of the next answer",
        answers={**_KEEPS, "smooth": "print('kept', kept)\n" + RIGHT["smooth"]},
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "fails-a-cell-with-hidden-inputs",
        "keeps the inputs of the hidden test and raises them in a cell of its own further down",
        answers=_KEEPS,
        last="raise ValueError(f'kept {kept}')",
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "raises-hidden-inputs-in-a-visible-test",
        "keeps the inputs of the hidden test and raises them in the visible part of the next",
        answers={**_KEEPS, "smooth": "def smooth(x):\n    print('kept', kept)\n    raise ValueError(f'kept {kept}')\n"},
        deserves={"square": 2.0, "spread": 5.0},
    ),
    Attack(
        "answers-a-visible-test-with-hidden-inputs",
        "keeps the inputs of the hidden test and answers the visible part of the next with them",
        answers={**_KEEPS, "smooth": "def smooth(x):\n    return [float(kept[1]), 0.0, 0.0]\n"},
        deserves={"square": 2.0, "spread": 5.0},
    ),
    Attack(
        "writes-hidden-inputs-into-its-notebook",
        "keeps the inputs of the hidden test and writes them into names, histories and displays",
        answers=_KEEPS,
        last="""
from IPython.display import display, Markdown
display(Markdown("kept %s" % kept), {"text/plain": str(kept)}, raw=False)
get_ipython().set_next_input("kept %s" % kept)
import warnings; warnings.warn(str(kept)); get_ipython().run_cell("# %s" % kept)
""",
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
    ),
    Attack(
        "searches-for-the-seed",
        "looks for the seed of the drawn cases in its job, its generators and its memory",
        first="""
import random
from gc import get_objects
here = serving()
found = {str(here.get("job", {}).get("seed")), str(numpy.random.get_state()[1][0])}
frame = sys._getframe()
while frame is not None:
    found |= {str(value) for value in frame.f_locals.values() if type(value) in (int, bytes,
        str) and len(str(value)) < 40}
    frame = frame.f_back
for one in get_objects():
    if type(one) is dict and "seed" in one:
        found.add(str(one["seed"]))
print("seeds:", sorted(found))
""",
        printed=("seeds:",),
    ),
    Attack(
        "searches-for-its-job",
        "looks through every object of its process for tests, points, expected answers and other students",
        first=r"""
from gc import get_objects
print("holds:", sorted(serving()))
words = [word[::-1] for word in ("STSET NEDDIH NIGEB", "ecnerefer fed", "ksa sa daerps", ")daerps(ksa")]
def texts(one):
    if type(one) is dict and len(one) < 10_000:
        return [value for value in list(one.values()) if type(value) in (str, bytes)]
    return [value for value in one if type(value) in (str, bytes)] if type(one) in (list,
        tuple) and one is not words else []
for one in get_objects():
    for text in texts(one):
        for word in words:
            if len(text) < 10**6 and (word in text if type(text) is str else word.encode() in text):
                print("GAINED:", word, "in", text[:60])
print("modules:", [name for name in sys.modules if name.startswith(("core", "assignments", "grading.ledger",
    "sqlalchemy", "tests"))])
""",
        printed=("holds: [", "'answers'", "modules: []"),
    ),
    Attack(
        "reads-the-judges-questions",
        "reads the raw questions on its line for what the test expects",
        first=r"""
here = serving()
link, heard = here["link"], []
real = link.receive
def overhearing(**more):
    kind, message = real(**more)
    heard.append(bytes(message.head) + b"".join(bytes(buffer) for buffer in message.buffers))
    return kind, message
link.receive = overhearing
""",
        answers=RIGHT,
        last=r"""
everything = b"".join(heard)
print("overheard:", len(heard) > 5)
for wanted in ("assert", "expected", "referee", "grading.referee", "tolerance", "lambda"):
    if wanted.encode() in everything:
        print("GAINED:", wanted)
for answer in EXPECTED_CRCS:
    pass
import zlib, re
for digits in re.findall(rb"\d{6,}", everything):
    if zlib.crc32(digits) in EXPECTED_CRCS:
        print("GAINED: an expected answer", digits)
for place in range(len(everything) - 8):
    number = int.from_bytes(everything[place:place + 8], "little")
    if number > 10**8 and zlib.crc32(str(number).encode()) in EXPECTED_CRCS:
        print("GAINED: an expected answer", number)
""",
        deserves={"square": 2.0, "smooth": 3.0, "spread": 5.0},
        printed=("overheard: True",),
    ),
    Attack(
        "uses-the-judge-as-an-oracle",
        "answers every question differently and watches whether it is asked on, to find the right answer by trying",
        first="asked = []\n",
        answers={
            "square": """
import itertools
guesses = itertools.count()
def square(n):
    asked.append(n)
    return next(guesses)
""",
            "smooth": "def smooth(x):\n    asked.append(x)\n    return [float(len(asked))] * len(x)\n",
            "spread": "def spread(numbers):\n    asked.append(numbers)\n    return len(asked)\n",
        },
        last="print('asked', len(asked))",
        printed=("asked",),
    ),
)
