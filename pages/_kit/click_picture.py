"""The browser component in which a visitor points at a place in a picture: by pointer, by touch, or with a cross.

    place = click_picture(address, (320, 320), base="scene 7, first vote", alt="...", key="place")

A place is a pair of shares, from the left and from the top. Arrows move the cross, Enter takes where it is.
Nothing that arrives is trusted: `received` checks that it is two numbers from 0 to 1. The place is kept in the session,
under the key with _ before it, as long as `base` stays the same.
"""

from collections.abc import Sequence

import streamlit as st

from core.errors import CoreError
from core.types import Pair
from pages._kit.component import component

Place = tuple[float, float]
Region = tuple[float, float, float, float]  # left, top, right, bottom


def click_picture(
    picture: str,
    size: Pair,
    *,
    base: str,
    alt: str,
    key: str,
    start: Place | None = None,
    locked: bool = False,
    regions: Sequence[Region] = (),
    points: Sequence[Place] = (),
) -> Place | None:
    """Show a picture, given by its address, of `size` (H, W), and return the place that was taken on it, or `start`.

    A `locked` one is only looked at. `regions` are framed, `points` are what others took.
    """
    now = place(key, base, start)
    mount = component("click", html='<div class="click"></div>', base=("elements",))
    mount(
        data={
            "picture": picture,
            "size": [size[1], size[0]],
            "place": now and list(now),
            "locked": locked,
            "regions": [list(region) for region in regions],
            "points": [list(point) for point in points],
            "base": base,
            "alt": alt,
        },
        key=key,
        on_taken_change=lambda: _take(key, base),
    )
    return now


def place(key: str, base: str, start: Place | None = None) -> Place | None:
    """The place that was taken on `base`, or its start."""
    of, kept = st.session_state.get(f"_{key}", (None, None))
    return kept if of == base and kept is not None else start


def received(sent: object) -> Place:
    """The place that a browser sent; anything else is refused.

    >>> received([0.25, 1])
    (0.25, 1.0)
    """
    if not isinstance(sent, list) or len(sent) != 2 or not all(map(_is_share, sent)):
        raise CoreError("a place in a picture is two numbers from 0 to 1")
    return float(sent[0]), float(sent[1])


def _take(key: str, base: str) -> None:
    """Keep what was taken; a click on another picture, which came too late, is dropped, and so is any nonsense."""
    sent = st.session_state[key].taken
    if not isinstance(sent, dict) or sent.get("base") != base:
        return
    try:
        st.session_state[f"_{key}"] = base, received(sent.get("place"))
    except CoreError:
        return


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1  # and no NaN
