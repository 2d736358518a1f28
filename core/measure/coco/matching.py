"""COCO's matching of all images, classes, thresholds and sizes at once.

Ten thresholds and four sizes are forty matchings that go the same way most of the time. So they are the bits of one
whole number, and one step of all forty is a handful of operations on such numbers:

    bit = size * 10 + threshold
    got = reached & ~(matched | taken | ignored)        what this detection takes of that thing, in all forty

What is left to do one after the other is little: the detections of one class in one image take their things in the
order of their confidence. The n-th of every image and class can be done together, since they never meet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.measure.coco.order import by_columns, by_confidence, falling, grouped, within
from core.measure.coco.overlap import box_overlaps, overlaps
from core.measure.coco.plain import NEARLY
from core.measure.coco.records import THRESHOLDS, Answers, Problem, Whole
from core.types import Floats

States = NDArray[np.uint64]  # one bit for every threshold and size
LEVELS = len(THRESHOLDS)
NONE, ONE = np.uint64(0), np.uint64(1)
BLOCK = 1 << 16  # pairs looked at together: as many as a processor keeps close
_Shares: TypeAlias = tuple[Whole, Whole, Floats]  # detections, things, what they share; only those that share enough


@dataclass(frozen=True)
class Matching:
    """Detections in their order, and what those that come near a thing were matched with, in every state."""

    answers: Answers  # by class, the most confident first, no more of an image than count
    rank: Whole  # (M,) among those of its image and class
    near: Whole  # (C,) the detections that overlap some thing enough, rising
    hit: States  # (C,) the states in which it found a thing that counts
    skipped: States  # (C,) the states in which it took a thing that does not count
    wanted: Whole  # (A, K) things to find, by size and class


@dataclass(frozen=True)
class _Pairs:
    """A detection and a thing of the same image and class that overlap enough at the lowest threshold."""

    answer: Whole  # (P,)
    truth: Whole  # (P,)
    reached: States  # (P,) thresholds that the overlap reaches, in every size


def match(problem: Problem) -> Matching:
    """Match the whole problem."""
    answers, rank, places, groups = _counted(problem)
    group_of = problem.truths.image + problem.truths.label * problem.images
    order = np.argsort(group_of, kind="stable")
    ignored = _ignored(problem)
    wanted = np.stack(
        [
            np.bincount(problem.truths.label[(ignored & _size(size)) == NONE], minlength=problem.classes)
            for size in range(len(problem.setting.sizes))
        ]
    )
    sorted_problem = Problem(problem.images, problem.classes, problem.truths, answers, problem.kind)
    pairs = _near(sorted_problem, places, groups, order, group_of)
    near, hit, skipped = _taken(sorted_problem, pairs, ignored)
    return Matching(answers, rank, near, hit, skipped, wanted)


def _counted(problem: Problem) -> tuple[Answers, Whole, Whole, Whole]:
    """The detections that count, in their order; their rank, and their places sorted by group with the groups."""
    order = by_confidence(problem.answers)
    places, groups, rank = grouped((problem.answers.image + problem.answers.label * problem.images)[order])
    counts = rank < problem.setting.most[-1]
    if not counts.all():
        kept = counts[places]
        places, groups = (np.cumsum(counts) - 1)[places[kept]], groups[kept]
        order, rank = order[counts], rank[counts]
    return problem.answers.taken(order), rank, places, groups


def _ignored(problem: Problem) -> States:
    """The states in which a thing does not count: (N,)."""
    truths, states = problem.truths, np.zeros(len(problem.truths.area), dtype=np.uint64)
    for place, (least, largest) in enumerate(problem.setting.sizes):
        states[truths.ignored | (truths.area < least) | (truths.area > largest)] |= _size(place)
    return states


def _near(problem: Problem, places: Whole, groups: Whole, order: Whole, group_of: Whole) -> _Pairs:
    """All pairs that overlap enough, the detections' in the order of image and class."""
    amounts = np.bincount(group_of, minlength=problem.images * problem.classes)
    first = np.cumsum(amounts) - amounts  # where a group's things begin in `order`
    shares_of = _box_shares(problem, places, order) if problem.kind == "bbox" else _shares(problem, places, order)
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
    ends = np.cumsum(amounts[groups])
    cuts = np.searchsorted(ends, np.arange(BLOCK, ends[-1] if len(ends) else 0, BLOCK))
    for start, end in pairwise([0, *cuts, len(places)]):
        many = amounts[groups[start:end]]
        mine = np.repeat(np.arange(start, end), many)
        theirs = np.arange(len(mine)) - np.repeat(np.cumsum(many) - many - first[groups[start:end]], many)
        found.append(shares_of(mine, theirs))
    mine, theirs, share = (np.concatenate(column) for column in zip(*found, strict=True))
    answer, truth, share = _preferred(places[mine], order[theirs], share)
    levels = np.searchsorted(np.minimum(THRESHOLDS, NEARLY), share, side="right").astype(np.uint64)
    reached = (ONE << levels) - ONE
    everywhere = sum((ONE << np.uint64(LEVELS * size) for size in range(len(problem.setting.sizes))), NONE)
    return _Pairs(answer, truth, reached * everywhere)


def _box_shares(problem: Problem, places: Whole, order: Whole) -> Callable[[Whole, Whole], _Shares]:
    """Boxes lie in the order in which they are asked for; most do not even stand above each other, and fall out first.

    What it gives back takes detections and things by their place in that order.
    """
    said = np.ascontiguousarray(problem.answers.boxes[places].T)  # (4, M)
    true, crowd = np.ascontiguousarray(problem.truths.boxes[order].T), problem.truths.crowd[order]
    ends, true_ends = said[0] + said[2], true[0] + true[2]

    def shares_of(mine: Whole, theirs: Whole) -> _Shares:
        near = np.minimum(ends.take(mine), true_ends.take(theirs)) > np.maximum(
            said[0].take(mine), true[0].take(theirs)
        )
        mine, theirs = mine.compress(near), theirs.compress(near)
        share = box_overlaps(said.take(mine, axis=1), true.take(theirs, axis=1), crowd.take(theirs))
        kept = share >= THRESHOLDS[0]
        return mine[kept], theirs[kept], share[kept]

    return shares_of


def _shares(problem: Problem, places: Whole, order: Whole) -> Callable[[Whole, Whole], _Shares]:
    """The same for masks and joints."""

    def shares_of(mine: Whole, theirs: Whole) -> _Shares:
        share = overlaps(problem, places[mine], order[theirs])
        kept = share >= THRESHOLDS[0]
        return mine[kept], theirs[kept], share[kept]

    return shares_of


def _preferred(answer: Whole, truth: Whole, share: Floats) -> tuple[Whole, Whole, Floats]:
    """The pairs of one detection, the thing it overlaps most first; of two alike the later one."""
    alone = np.ones(len(answer), dtype=np.bool_)
    same = answer[1:] == answer[:-1]
    alone[1:] &= ~same
    alone[:-1] &= ~same
    several = np.flatnonzero(~alone)
    which = np.cumsum(np.diff(answer, prepend=-1) != 0)
    several = several[::-1]  # the later one first
    order = several[by_columns(which[several], falling(share[several]))]
    several = several[::-1]
    for column in (answer, truth, share):
        column[several] = column[order]
    return answer, truth, share


def _taken(problem: Problem, pairs: _Pairs, ignored: States) -> tuple[Whole, States, States]:
    """Every detection takes its thing, in the order of confidence, in all states at once."""
    begins = np.flatnonzero(np.diff(pairs.answer, prepend=-1))
    near = pairs.answer[begins]  # (C,)
    candidate = np.repeat(np.arange(len(near)), np.diff(begins, append=len(pairs.answer)))  # (P,)
    turn = within(problem.answers.image[near] + problem.answers.label[near] * problem.images)  # (C,)
    choice = within(candidate)  # (P,) 0 for the thing a detection likes best
    order = by_columns(turn[candidate], choice)
    cuts = _cuts(turn[candidate][order], choice[order])
    hit, skipped = np.zeros(len(near), dtype=np.uint64), np.zeros(len(near), dtype=np.uint64)
    taken = np.zeros(len(ignored), dtype=np.uint64)
    again = np.where(problem.truths.crowd, ~NONE, NONE)
    for steps in cuts:
        now = [order[start:end] for start, end in steps]
        for step in now:  # the things that count first, in the order of preference
            who, thing = candidate[step], pairs.truth[step]
            got = pairs.reached[step] & ~(hit[who] | taken[thing] | ignored[thing])
            hit[who] |= got
            taken[thing] |= got
        for step in now:  # then those that do not; a crowd may be taken again
            who, thing = candidate[step], pairs.truth[step]
            got = pairs.reached[step] & ignored[thing] & ~(hit[who] | skipped[who]) & (~taken[thing] | again[thing])
            skipped[who] |= got
            taken[thing] |= got
    rising = np.argsort(near)
    return near[rising], hit[rising], skipped[rising]


def _cuts(turn: Whole, choice: Whole) -> list[list[tuple[int, int]]]:
    """Where the pairs of one turn and choice begin and end, turn by turn."""
    changes = np.flatnonzero((np.diff(turn, prepend=-1) != 0) | (np.diff(choice, prepend=-1) != 0))
    found = list[list[tuple[int, int]]]()
    for start, end in pairwise([*changes, len(turn)]):
        if choice[start] == 0:
            found.append([])
        found[-1].append((int(start), int(end)))
    return found


def _size(place: int) -> np.uint64:
    """All thresholds of one size."""
    return np.uint64(((1 << LEVELS) - 1) << (LEVELS * place))
