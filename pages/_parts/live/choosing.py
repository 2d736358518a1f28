"""A choice whose item stands in the address by its id, so that a reload and a link lead to the same one.

A bound control would put what it shows there, which for a question is all of it. As with a bound one, the address has
nothing until somebody chooses.
"""

from collections.abc import Mapping

import streamlit as st

from pages._kit.look import by_address

ITEM = "item"  # what it is called in the address, in every view


def choose(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """The id of the one that is chosen among these; the first, where the address names none of them."""
    asked, state = st.query_params.get(ITEM), st.session_state
    if asked not in titles:
        st.query_params.pop(ITEM, None)
    elif key not in state or by_address():
        state[key] = asked
    if state.get(key) not in titles or (asked is None and by_address()):
        state.pop(key, None)
    return st.selectbox(label, list(titles), format_func=titles.__getitem__, key=key, on_change=_chosen, args=(key,))


def go(key: str, id: str) -> None:
    """Choose this one; for callbacks."""
    st.session_state[key] = st.query_params[ITEM] = id


def _chosen(key: str) -> None:
    st.query_params[ITEM] = st.session_state[key]
