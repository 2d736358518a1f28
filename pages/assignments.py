"""Course: Assignments

One idea: do the assignments here or in Jupyter, hand them in, and read within seconds what was found.

For: students
"""

import streamlit as st

from classroom import assignments
from pages._kit.course import desk, member, speaking
from pages._parts.assignments.facts import headline
from pages._parts.assignments.handing_in import file, typed
from pages._parts.assignments.listing import HERE, listing
from pages._parts.assignments.notebook import notebook
from pages._parts.assignments.publishing import publishing
from pages._parts.assignments.results import results

who, name = member(), st.query_params.get("set", "")
if name:  # a link that leads to another setting of its own page leaves the browser's address as it was
    st.query_params["set"] = name
elif not st.query_params:
    st.query_params.clear()
if who is None:
    st.stop()
card = None
with speaking():
    card = assignments.card(desk(), who, name) if name else None
with speaking():
    if card is None:
        st.title("Assignments", anchor=False)
        listing(assignments.cards(desk(), who), desk().clock())
        st.stop()
    st.page_link(HERE, label="All assignments", query_params={})
    st.title(card.title, anchor=False)
    st.markdown(headline(card, desk().clock()))
    publishing(desk(), who, card)
    view = st.segmented_control(
        "Look at",
        ["Notebook", "Hand in a file", "Results"],
        default="Notebook",
        key="view",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    if view == "Notebook":
        notebook(desk(), who, name)
        typed(desk(), who, card)
    elif view == "Hand in a file":
        file(desk(), who, card)
    else:
        results(desk(), who, name)
