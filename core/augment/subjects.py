"""Examples to try augmentation on, each with its truth: a drawn scene, a photo, a digit, a clock, animals from above.

A photo has boxes that somebody marked, and no masks. The clock is drawn here: it has hands and no numerals.
"""

from functools import lru_cache
from math import cos, pi, sin
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.augment.example import Example, boxes_around, example_of
from core.augment.geometric import warped
from core.augment.matrices import crop
from core.data.aerial import WIDTHS, aerial
from core.data.digits import specimen
from core.data.photos import photo
from core.data.scenes import draw, sketch
from core.errors import CoreError
from core.types import Floats, Mask

Subject: TypeAlias = Literal["drawn scene", "cat", "digit", "clock", "sea lions"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
SIDE, CAT = 160, (160, 240)  # pixels; the cat is wider than high
EYES = (("right eye", (135, 83, 208, 150)), ("left eye", (293, 108, 343, 165)))  # its own right, in the photo's pixels
MOST = 1000


@lru_cache(maxsize=16)
def subject(name: Subject, number: int = 0) -> Example:
    """One of the subjects; scenes, digits and coasts are numbered, the number is the time of the clock.

    >>> [len(subject(name).labels) for name in ("cat", "digit", "clock")]
    [2, 1, 1]
    """
    if name not in SUBJECTS or not 0 <= number < MOST:
        raise CoreError(f"a subject is one of {', '.join(SUBJECTS)}, its number 0 to {MOST - 1}; got {name}, {number}")
    if name == "drawn scene":
        plan = sketch("train", number, objects=(2, 4), sizes=(0.13, 0.24), name="augmented")
        return example_of(draw(plan, side=SIDE))
    if name == "cat":
        return _cat()
    if name == "digit":
        return _digit(number)
    return _clock(number) if name == "clock" else _coast(number)


def clock(minutes: int, *, side: int = SIDE) -> Floats:
    """A clock face without numerals, so many minutes after twelve: -> (side, side, 3).

    >>> clock(180).shape, float(clock(0).min()) < 0.2 < float(clock(0).max())
    ((160, 160, 3), True)
    """
    from PIL import Image, ImageDraw

    fine = 4 * side  # drawn four times as large, for smooth edges
    middle, radius = fine / 2, 0.42 * fine
    image = Image.new("RGB", (fine, fine), "#AEB9C4")
    pen = ImageDraw.Draw(image)
    ring = (middle - radius, middle - radius, middle + radius, middle + radius)
    pen.ellipse(ring, fill="#F7F5EF", outline="#2B2F36", width=fine // 60)
    for hour in range(12):
        angle = hour * pi / 6
        ends = [(middle + far * radius * sin(angle), middle - far * radius * cos(angle)) for far in (0.84, 0.93)]
        pen.line(ends, fill="#2B2F36", width=fine // 80)
    hands = ((2 * pi * minutes / 720, 0.5, fine // 32), (2 * pi * (minutes % 60) / 60, 0.76, fine // 56))
    for angle, reach, thick in hands:
        end = (middle + reach * radius * sin(angle), middle - reach * radius * cos(angle))
        pen.line([(middle, middle), end], fill="#15181C", width=thick)
    pen.ellipse((middle - fine / 40, middle - fine / 40, middle + fine / 40, middle + fine / 40), fill="#D55E00")
    pixels: Floats = np.asarray(image.resize((side, side), Image.Resampling.BOX), dtype=np.float64) / 255
    return pixels


def _cat() -> Example:
    from PIL import Image

    whole = photo("cat")
    down, across = CAT[0] / whole.shape[0], CAT[1] / whole.shape[1]
    small = Image.fromarray(whole).resize((CAT[1], CAT[0]), Image.Resampling.LANCZOS)
    boxes = np.array([box for _, box in EYES]) * [across, down, across, down]
    return Example(np.asarray(small, dtype=np.float64) / 255, tuple(name for name, _ in EYES), boxes)


def _digit(number: int) -> Example:
    """Digit number % 10, the next specimen of it every ten numbers, made larger and smooth."""
    from PIL import Image

    digit = number % 10
    small = Image.fromarray((255 * specimen(digit, number // 10)).astype(np.uint8)).resize(
        (SIDE - 60, SIDE - 60), Image.Resampling.BICUBIC
    )
    ink = np.pad(np.asarray(small, dtype=np.float64) / 255, 30)
    mask = ink[None] > 0.35
    return Example(np.repeat(ink[..., None], 3, axis=2), (str(digit),), boxes_around(mask), mask)


def _clock(number: int) -> Example:
    minutes, far = (180 + 5 * number) % 720, 0.42 * SIDE
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5 - SIDE / 2
    face = (x**2 + y**2 <= far**2)[None]
    return Example(clock(minutes), (spoken(minutes),), boxes_around(face), face)


def spoken(minutes: float) -> str:
    """A time as digits.

    >>> spoken(185), spoken(0)
    ('3:05', '12:00')
    """
    hours, rest = divmod(round(minutes) % 720, 60)
    return f"{hours or 12}:{rest:02}"


def _coast(number: int) -> Example:
    """The animals around the first one, seen twice as near; a mask is the ellipse of a body, less what lies on it."""
    picture = aerial("train", number, side=SIDE, animals=(6, 9))
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    masks = list[Mask]()
    for each in picture.animals:
        c, s = cos(each.angle), sin(each.angle)
        along, beside = (x - each.x) * c + (y - each.y) * s, (y - each.y) * c - (x - each.x) * s
        body = (along / (each.length / 2)) ** 2 + (beside / (WIDTHS[each.kind] * each.length / 2)) ** 2 <= 1
        for mask in masks:
            mask &= ~body
        masks.append(body)
    together = np.array(masks, dtype=np.bool_).reshape(-1, SIDE, SIDE)
    labels = tuple(animal.kind for animal in picture.animals)
    whole = Example(picture.image.astype(np.float64), labels, boxes_around(together), together)
    left, top = (
        float(np.clip(where - SIDE / 4, 0, SIDE / 2)) for where in (picture.animals[0].x, picture.animals[0].y)
    )
    near = warped(whole, crop((left, top, left + SIDE / 2, top + SIDE / 2), (SIDE, SIDE)))
    if near.masks is None:
        return near
    names = tuple(label for label, seen in zip(labels, near.seen, strict=True) if seen)
    return Example(near.image, names, near.boxes[near.seen], near.masks[near.seen])
