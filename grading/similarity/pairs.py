"""Pairs of answers that share code: how much, and which lines.

Left out is what says nothing about a pair: code that was handed out, and what many of the class have (an idiom, or the
one obvious answer). What remains is a question to ask, never an answer: two may have learnt from the same page.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from grading.similarity.tokens import LONGEST, tokens
from grading.similarity.winnowing import LENGTH, WINDOW, hashes, winnowed

COMMON = 0.25  # share of the class: what more have is an idiom
FEW = 4  # people who may have something in common in however small a class
LEAST = 4  # fingerprints that a pair shares: fewer are a line or two
CANDIDATES = 20  # places of the other text that are tried for one run


@dataclass(frozen=True)
class Text:
    """One student's code: the hash of every k-gram, its lines, and which are kept as fingerprints, by place."""

    hashes: tuple[int, ...]
    lines: tuple[tuple[int, int], ...]  # first and last
    kept: Mapping[int, int]

    @property
    def fingerprints(self) -> frozenset[int]:
        """What it is known by."""
        return frozenset(self.kept.values())


@dataclass(frozen=True)
class Pair:
    """Two who share fingerprints, and which share of each one's own that is."""

    one: str
    other: str
    shared: int
    of_one: float
    of_other: float

    @property
    def likeness(self) -> float:
        """From 0 to 1: the mean of both shares."""
        return (self.of_one + self.of_other) / 2


@dataclass(frozen=True)
class Compared:
    """A class: its pairs, the most alike first; how many fingerprints were left out since many have them."""

    pairs: tuple[Pair, ...]
    common: int
    fingerprints: int


@dataclass(frozen=True)
class Part:
    """Lines of one text, first to last, that say the same as lines of the other."""

    one: tuple[int, int]
    other: tuple[int, int]


def text(pieces: Sequence[str], *, given: Iterable[int] = (), length: int = LENGTH, window: int = WINDOW) -> Text:
    """Some cells of code as fingerprints, without the k-grams that were given.

    Lines are counted through all cells, with an empty one between two of them.
    """
    every: list[int] = []
    lines: list[tuple[int, int]] = []
    start, letters = 1, LONGEST
    for piece in pieces:
        found = tokens(piece[:letters], line=start)
        here = hashes([token.text for token in found], length)
        every += here
        lines += [(found[place].line, found[place + length - 1].line) for place in range(len(here))]
        start, letters = start + piece.count("\n") + 2, max(0, letters - len(piece))
    return Text(tuple(every), tuple(lines), winnowed(every, window, without=frozenset(given)))


def given(sources: Iterable[str], length: int = LENGTH) -> frozenset[int]:
    """The k-grams of what was handed out, cell by cell."""
    return frozenset(one for source in sources for one in hashes([each.text for each in tokens(source)], length))


def compare(texts: Mapping[str, Text], *, common: float = COMMON, least: int = LEAST) -> Compared:
    """All pairs that share at least so many fingerprints, of those that no more than this share of the class has."""
    people: dict[int, list[str]] = {}
    for name in sorted(texts):
        for one in texts[name].fingerprints:
            people.setdefault(one, []).append(name)
    most = max(FEW, common * len(texts))
    rare = {one: names for one, names in people.items() if len(names) <= most}
    own = Counter(name for names in rare.values() for name in names)
    shared = Counter(pair for names in rare.values() for pair in combinations(names, 2))
    pairs = [
        Pair(one, other, number, number / own[one], number / own[other])
        for (one, other), number in shared.items()
        if number >= least
    ]
    pairs.sort(key=lambda pair: (-pair.likeness, -pair.shared, pair.one, pair.other))
    return Compared(tuple(pairs), len(people) - len(rare), len(people))


def parts(one: Text, other: Text, *, without: frozenset[int] = frozenset()) -> tuple[Part, ...]:
    """What two texts share, run by run in the order of the first; each run as long as it goes on in both."""
    places: dict[int, list[int]] = {}
    for place, found in enumerate(other.hashes):
        if found not in without:
            places.setdefault(found, []).append(place)
    runs, place = [], 0
    while place < len(one.hashes):
        starts = places.get(one.hashes[place], [])[:CANDIDATES]
        if not starts:
            place += 1
            continue
        lengths = [_run(one.hashes, place, other.hashes, start, without) for start in starts]
        steps = max(lengths)
        runs.append(Part(_lines(one, place, steps), _lines(other, starts[lengths.index(steps)], steps)))
        place += steps
    return tuple(runs)


def _run(one: Sequence[int], place: int, other: Sequence[int], start: int, without: frozenset[int]) -> int:
    """How many k-grams go on alike from two places on."""
    steps, most = 0, min(len(one) - place, len(other) - start)
    while steps < most and one[place + steps] == other[start + steps] and one[place + steps] not in without:
        steps += 1
    return steps


def _lines(text: Text, place: int, steps: int) -> tuple[int, int]:
    return text.lines[place][0], text.lines[place + steps - 1][1]
