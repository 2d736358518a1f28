"""How members come in where no provider signs them in: the class code, and a PIN for each."""

import csv
import io

import pandas as pd
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.people import Person
from pages._kit.downloads import download
from pages._kit.scrolling import scrolling


def show(desk: Desk, who: Person) -> None:
    """The code, who has no PIN yet, and the PINs that were just drawn."""
    code = members.class_code(desk, who)
    st.markdown(
        f"The class code is **{code}**. Members open `/sign-in`, say the code, their number or name, and their PIN."
    )
    with st.popover("Another code ..."):
        st.markdown("The old one opens nothing any more. Whoever is signed in stays in.")
        if st.button("Draw another code", key="another-code"):
            members.another_code(desk, who)
            st.rerun()
    _draw(desk, who)
    drawn: tuple[tuple[Person, str], ...] = st.session_state.get("_pins", ())
    if not drawn:
        return
    st.warning("These PINs are shown now and never again: download or print them.", icon=":material/lightbulb:")
    rows = [{"Name": one.name, "Section": one.section, "Number": one.number, "PIN": pin} for one, pin in drawn]
    download("Download the PINs", as_csv(rows, code), file="pins.csv", key="pins-file", icon=None)
    st.html(scrolling(pd.DataFrame(rows).set_index("Name"), label="PINs"))
    if st.button("Put them away", key="put-away"):
        del st.session_state["_pins"]
        st.rerun()


def _draw(desk: Desk, who: Person) -> None:
    """For all who have none, or for one who has lost theirs."""
    waiting = [one for one in members.without_pin(desk, who) if one.key != who.key]
    if waiting and st.button(f"Draw PINs for the {len(waiting)} who have none", key="draw", type="primary"):
        st.session_state["_pins"] = members.give_pins(desk, who, [one.key for one in waiting])
        st.rerun()
    if not waiting:
        st.caption("Everybody has a PIN.")
    names = {one.key: f"{one.name} ({one.number or one.email or one.section})" for one in members.members(desk, who)}
    key = st.selectbox("Somebody lost theirs", list(names), format_func=lambda key: names[key], index=None, key="lost")
    if key and st.button("Draw another PIN", key="draw-one", help="The old one, and whoever is in with it, is out."):
        st.session_state["_pins"] = members.give_pins(desk, who, [key])
        st.rerun()


def as_csv(rows: list[dict[str, str]], code: str) -> str:
    """The PINs as a file, for a mail merge; nothing in it is taken for a formula.

    >>> as_csv([{"Name": "=Ada", "PIN": "271828"}], "abcdef").splitlines()
    ['Name,PIN,Class code', "'=Ada,271828,abcdef"]
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*rows[0], "Class code"])
    for each in rows:
        writer.writerow([*(f"'{value}" if value[:1] in "=+-@" and value else value for value in each.values()), code])
    return out.getvalue()
