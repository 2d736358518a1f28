"""Pictures that a question shows, by a name that draws the same one everywhere: "scene 7", "cells 3", "photo cat"."""

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
SIDE = 320
MOST = 9999  # the largest number of a picture


class UnknownPicture(ValueError):
    """There is no picture of this name; the message says which names there are."""


def picture(name: str) -> Pixels:
    """The picture of this name: (H, W, 3) from 0 to 255.

    >>> picture("scene 7").shape, picture("photo cat").shape
    ((320, 320, 3), (300, 451, 3))
    """
    check_name(name)
    kind, _, which = name.partition(" ")
    if kind == "photo":
        from core.data.photos import photo

        return photo(which)
    return DRAWN[kind](int(which))


def check_name(name: str) -> None:
    """Raise if no picture has this name; nothing is drawn.

    >>> check_name("cells 3")
    """
    from core.data.photos import NAMES

    kind, _, which = name.partition(" ")
    if kind == "photo":
        if which not in NAMES:
            raise UnknownPicture(f"there is no photo {which[:40]!r}; there are {', '.join(NAMES)}")
    elif kind not in DRAWN or not re.fullmatch("0|[1-9][0-9]{0,3}", which):
        kinds = ", ".join(f'"{kind} 0" to "{kind} {MOST}"' for kind in DRAWN)
        raise UnknownPicture(f'there is no picture {name[:40]!r}; there are {kinds}, and "photo cat" and other photos')


def _scene(number: int) -> Pixels:
    from core.data.scenes import draw, sketch

    return _bytes(draw(sketch("train", number), side=SIDE).image)


def _cells(number: int) -> Pixels:
    from core.data.cells import cells

    image = cells("train", number, side=SIDE).image
    return _bytes(np.repeat(image[:, :, np.newaxis], 3, axis=2))


def _aerial(number: int) -> Pixels:
    from core.data.aerial import aerial

    return _bytes(aerial("train", number, side=SIDE).image)


def _bytes(image: NDArray[np.float32]) -> Pixels:
    return np.round(image * 255).astype(np.uint8)


DRAWN: dict[str, Callable[[int], Pixels]] = {"scene": _scene, "cells": _cells, "aerial": _aerial}
