"""Captions: words for a picture, one after the other, and a sentence for every box (lectures B and E).

A captioning network reads the picture once, by convolutions, and then says a word at a time: a recurrent part gives the
chance of every next word, knowing the picture and the words said so far. Here that part is a table: chances of the next
word, counted in sentences about scenes of the same class. What can be shown is the decoding, which is the same.
Sources: Karpathy and Fei-Fei, "Deep Visual-Semantic Alignments for Generating Image Descriptions", CVPR 2015; regions
with sentences: Johnson, Karpathy and Fei-Fei, "DenseCap: Fully Convolutional Localization Networks for Dense
Captioning", CVPR 2016.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import TypeAlias

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats

BEGIN, END = "<begin>", "<end>"
LONGEST = 20  # words of a sentence
Chances: TypeAlias = Mapping[str, Mapping[str, float]]  # of every next word, by the word before
HUES = ("red", "yellow", "green", "cyan", "blue", "magenta")


@dataclass(frozen=True)
class Said:
    """A sentence and its chance, and for every step the words that might have come, with their chances."""

    words: tuple[str, ...]
    chance: float
    steps: tuple[tuple[tuple[str, float], ...], ...] = ()


def counted(sentences: Sequence[str]) -> Chances:
    """How often each word follows each other one, as shares.

    >>> chances = counted(["a circle", "a circle", "a red star"])
    >>> {word: round(share, 2) for word, share in chances["a"].items()}
    {'circle': 0.67, 'red': 0.33}
    """
    follows: dict[str, Counter[str]] = {}
    for sentence in sentences:
        words = [BEGIN, *sentence.split(), END]
        for word, after in pairwise(words):
            follows.setdefault(word, Counter())[after] += 1
    return {word: {each: n / counts.total() for each, n in counts.most_common()} for word, counts in follows.items()}


def greedy(chances: Chances, *, longest: int = LONGEST) -> Said:
    """The likeliest word at every step, until the end is the likeliest.

        word_t = argmax over w of p(w | word_(t-1))

    >>> chances = {BEGIN: {"a": 0.6, "the": 0.4}, "a": {"star": 0.5, "circle": 0.5}, "the": {"star": 1.0},
    ...            "star": {END: 1.0}, "circle": {END: 1.0}}
    >>> greedy(chances).words, greedy(chances).chance
    (('a', 'star'), 0.3)
    """
    words, chance, steps, last = list[str](), 1.0, [], BEGIN
    while len(words) < longest:
        ordered = tuple(sorted(_next(chances, last).items(), key=lambda each: -each[1]))
        steps.append(ordered)
        last, share = ordered[0]
        chance *= share
        if last == END:
            break
        words.append(last)
    return Said(tuple(words), chance, tuple(steps))


def beam(chances: Chances, width: int, *, longest: int = LONGEST) -> list[Said]:
    """The likeliest sentences when the `width` best beginnings are kept at every step, the likeliest first.

    Greedy is a beam of one. In the example "a" begins better, and the better sentence begins with "the".

    >>> chances = {BEGIN: {"a": 0.6, "the": 0.4}, "a": {"star": 0.5, "circle": 0.5}, "the": {"star": 1.0},
    ...            "star": {END: 1.0}, "circle": {END: 1.0}}
    >>> [(said.words, round(said.chance, 2)) for said in beam(chances, 2)]
    [(('the', 'star'), 0.4), (('a', 'star'), 0.3)]
    """
    if not 1 <= width <= 50:
        raise CoreError(f"a beam keeps from 1 to 50 beginnings, got {width}")
    kept: list[tuple[tuple[str, ...], float]] = [((BEGIN,), 0.0)]
    for _ in range(longest):
        if all(words[-1] == END for words, _ in kept):
            break
        grown = [
            ((*words, after), score + log(share))
            for words, score in kept
            if words[-1] != END
            for after, share in _next(chances, words[-1]).items()
        ]
        grown += [each for each in kept if each[0][-1] == END]
        kept = sorted(grown, key=lambda each: -each[1])[:width]
    return [Said(words[1:-1] if words[-1] == END else words[1:], exp(score)) for words, score in kept]


def sentence(label: str, box: Floats, *, image: Floats, relation: str = "") -> str:
    """What is in a box, in words: its size, its colour as it is there, its class, and where it lies.

        "a large red circle at the top left"

    No network wrote this: it fills a form with what can be measured. A network for dense captions learns its sentences
    from people's, one for every region.

    >>> picture = np.zeros((96, 96, 3)); picture[4:40, 4:40, 0] = 0.9
    >>> sentence("circle", np.array([4.0, 4.0, 40.0, 40.0]), image=picture)
    'a large red circle at the top left'
    """
    if box.shape != (4,) or image.ndim != 3 or box[2] <= box[0] or box[3] <= box[1]:
        raise ShapeError(f"need a box (4,) with sides above 0 and a picture (H, W, 3), got {box} and {image.shape}")
    high, wide = image.shape[:2]
    share = (box[2] - box[0]) * (box[3] - box[1]) / (high * wide)
    size = "large " if share > 0.09 else "small " if share < 0.045 else ""
    colour = "" if label == "person" else f"{colour_of(image, box)} "
    where = place_of(box, high, wide)
    return f"a {size}{colour}{label} {where}" + (f", {relation}" if relation else "")


def colour_of(image: Floats, box: Floats) -> str:
    """The name of the colour in the middle of a box, the median of the middle ninth of its pixels.

    >>> colour_of(np.full((9, 9, 3), 0.5), np.array([0.0, 0.0, 9.0, 9.0]))
    'grey'
    """
    x1, y1, x2, y2 = box
    wide, tall = (x2 - x1) / 3, (y2 - y1) / 3
    rows = slice(int(y1 + tall), max(int(y2 - tall), int(y1 + tall) + 1))
    columns = slice(int(x1 + wide), max(int(x2 - wide), int(x1 + wide) + 1))
    red, green, blue = np.median(image[rows, columns].reshape(-1, 3), axis=0).tolist()
    most, least = max(red, green, blue), min(red, green, blue)
    if most - least < 0.15 * max(most, 1e-9) or most < 0.1:
        return "black" if most < 0.2 else "white" if least > 0.85 else "grey"
    hue = {red: (green - blue), green: 2 * (most - least) + blue - red, blue: 4 * (most - least) + red - green}[most]
    return HUES[round(hue / (most - least)) % 6]


def place_of(box: Floats, high: int, wide: int) -> str:
    """Where in a picture a box lies, by thirds.

    >>> place_of(np.array([40.0, 40.0, 60.0, 60.0]), 96, 96), place_of(np.array([70.0, 40.0, 90.0, 60.0]), 96, 96)
    ('in the middle', 'on the right')
    """
    x, y = (box[0] + box[2]) / 2 / wide, (box[1] + box[3]) / 2 / high
    across = "left" if x < 1 / 3 else "right" if x > 2 / 3 else ""
    down = "top" if y < 1 / 3 else "bottom" if y > 2 / 3 else ""
    if not across and not down:
        return "in the middle"
    return f"on the {across}" if not down else f"at the {down}{f' {across}' if across else ''}"


def _next(chances: Chances, word: str) -> Mapping[str, float]:
    after = chances.get(word)
    if not after:
        raise CoreError(f"no word is known to follow {word!r}")
    return after
