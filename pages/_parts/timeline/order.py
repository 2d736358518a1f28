"""The exercise of the ImageNet timeline: put the networks in order, without dragging anything."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.data.imagenet import Entrant
from core.measure.ranking import share_in_order, wrong_pairs
from pages._parts.timeline.figures import Counted

ORDERS = ("year", "error", "layers", "parameters")
PLACES = ("first", "second", "third", "fourth")


def put_in_order(entrants: Sequence[Entrant], counts: Mapping[str, Counted]) -> None:
    """A field for each place, and as soon as all are filled, what is right and one pair that is not."""
    by = st.segmented_control(
        "From small to large, by",
        ORDERS,
        default="year",
        key="by",
        bind="query-params",
        required=True,
        on_change=lambda: st.session_state.update(dict.fromkeys(PLACES)),  # another order: an empty list again
    )
    names = sorted(each.name for each in entrants)
    given = [
        st.selectbox(place.capitalize(), names, None, key=place, bind="query-params", placeholder="choose one")
        for place in PLACES[: len(names)]
    ]
    placed = [name for name in given if name]
    twice = [name for name in placed if placed.count(name) > 1]
    if twice:
        st.warning(f"{twice[0]} stands in two places.", icon=":material/lightbulb:")
    elif len(placed) == len(names):
        _judge(placed, _keys(by, entrants, counts), by)


def _keys(by: str, entrants: Sequence[Entrant], counts: Mapping[str, Counted]) -> dict[str, float]:
    return {
        "year": {each.name: each.year for each in entrants},
        "error": {each.name: each.error for each in entrants},
        "layers": {name: each.depth for name, each in counts.items()},
        "parameters": {name: each.parameters for name, each in counts.items()},
    }[by]


def _judge(placed: Sequence[str], keys: Mapping[str, float], by: str) -> None:
    values = [keys[name] for name in placed]
    if wrong := wrong_pairs(values):
        before, after = (placed[place] for place in wrong[0])
        st.warning(
            f"{share_in_order(values):.0%} of the pairs stand right. For one, {after} belongs before {before}.",
            icon=":material/cancel:",
        )
        return
    told = ", ".join(f"{name} {keys[name]}" if by == "year" else f"{name} {keys[name]:,}" for name in placed)
    st.success(f"Right: {told}.", icon=":material/check_circle:")
