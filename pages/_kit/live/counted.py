"""How the class voted: bars, or on a picture the places that were taken, one picture for each round."""

from collections.abc import Sequence
from itertools import zip_longest

import streamlit as st

from classroom.live.answers import Tally
from pages._kit.click_picture import Place, Region, click_picture
from pages._kit.live.bars import ROUNDS, bars
from pages._kit.live.fields import place_of, shown
from syllabus.questions import Kind


def looked_for(kind: Kind) -> str:
    """What to call the answer once it is out."""
    return "The wrong line" if kind == "slide" else "Right"


def counted(
    kind: Kind,
    rounds: Sequence[Tally],
    picture: str,
    *,
    key: str,
    marked: bool,
    regions: Sequence[Region] = (),
    mine: Sequence[object] = (),
) -> None:
    """How the class voted, in one round or in both; what is right is `marked` once it is out.

    What is `mine` in each round is marked where the votes lie on a picture.
    """
    if kind != "click":
        st.html(bars(rounds, marked=looked_for(kind) if marked else ""))
        return
    columns = st.columns(len(rounds)) if len(rounds) > 1 else [st.container()]
    for column, tally, given in zip_longest(columns, rounds, mine[: len(rounds)]):
        with column:
            _places(tally, picture, key=f"{key}-{tally.round}", regions=regions, mine=place_of(given))
            st.caption(_placed(tally, marked=marked, of=len(rounds)))


def _places(tally: Tally, picture: str, *, key: str, regions: Sequence[Region], mine: Place | None) -> None:
    address, size = shown(picture)
    alt = f"Picture: {picture}, with {tally.votes} places that were taken{' and what is right' if regions else ''}."
    click_picture(
        address, size, base=key, alt=alt, key=key, start=mine, locked=True, regions=regions, points=tally.points
    )


def _placed(tally: Tally, *, marked: bool, of: int) -> str:
    """What stands below the picture of a round.

    >>> _placed(Tally(1, 8, 5), marked=True, of=1), _placed(Tally(2, 8, 5), marked=False, of=2)
    ('5 of 8 inside.', 'Second vote: 8 places.')
    """
    found = f"{tally.right} of {tally.votes} inside." if marked else f"{tally.votes} places."
    return f"{ROUNDS[tally.round - 1].title()} vote: {found}" if of > 1 else found
