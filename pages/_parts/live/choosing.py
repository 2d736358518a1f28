"""A choice whose item stands in the address by its id, so that a reload and a link lead to the same one.

A bound control would put what it shows there, which for a question is all of it. As with a bound one, the address has
nothing until somebody chooses.
"""

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from pages._kit.look import by_address

ITEM = "item"  # what it is called in the address, in every view
AT = "item-of"  # in the session: the choice that was drawn last
GONE = "What this link led to is not here; it may have been deleted. The first of the list is shown instead."


def choose(label: str, titles: Mapping[str, str], *, key: str, besides: Callable[[], Collection[str]] = tuple) -> str:
    """The id of the one that is chosen among these; the first, where the address names none of them.

    If the address names one that is not `besides` either, where other words or another lecture would find it, that is
    said until somebody chooses.
    """
    asked, state = st.query_params.get(ITEM), st.session_state
    if asked not in titles:
        st.query_params.pop(ITEM, None)
        if asked is not None and _is_meant(key) and asked not in besides():
            state[f"{key}-gone"] = list(titles)
    elif key not in state or by_address():
        state[key] = asked
    if state.get(key) not in titles or (asked is None and by_address()):
        state.pop(key, None)
    if ITEM not in st.query_params and state.get(f"{key}-gone") == list(titles):
        st.info(GONE)
    state[AT] = key
    return st.selectbox(label, list(titles), format_func=titles.__getitem__, key=key, on_change=_chosen, args=(key,))


def _is_meant(key: str) -> bool:
    """Whether the item in the address is one of this view, not what is left of the view before."""
    return by_address() or st.session_state.get(AT, key) == key


def go(key: str, id: str) -> None:
    """Choose this one; for callbacks."""
    st.session_state[key] = st.query_params[ITEM] = id


def leave() -> None:
    """Choose nothing any more, so that the first is shown; for callbacks."""
    st.query_params.pop(ITEM, None)


def _chosen(key: str) -> None:
    st.query_params[ITEM] = st.session_state[key]
