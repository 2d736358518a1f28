"""All members, searchable; one of them can be given another role, leave, come back, or be deleted."""

import pandas as pd
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.people import Person
from classroom.permissions import may
from classroom.roles import Role
from pages._kit.course import speaking
from pages._kit.scrolling import scrolling
from pages._kit.words import plain


def show(desk: Desk, who: Person) -> None:
    """The table, and below it what can be decided about one person."""
    all_of_them = members.members(desk, who, everybody=True)
    words = st.text_input(
        "Find somebody", key="find", bind="query-params", placeholder="name, number, section ...", live=True
    )
    found = [one for one in all_of_them if matches(one, words)]
    st.caption(f"{len(found)} of {len(all_of_them)} people")
    if found:
        table = pd.DataFrame([row(one) for one in found]).set_index("Name")
        st.html(scrolling(table, label="Members of the course"))
    if may(who, "change people"):
        _one(desk, who, found)


def matches(person: Person, words: str) -> bool:
    """Every word occurs in what is known about somebody.

    >>> matches(Person("k", "Ada Lovelace", section="Monday"), "ada mon"), matches(Person("k", "Ada"), "ben")
    (True, False)
    """
    known = " ".join(
        (person.name, person.email, person.number, person.login, person.section, person.role.name)
    ).casefold()
    return all(word in known for word in words.casefold().split())


def row(person: Person) -> dict[str, str]:
    """A line of the table."""
    return {
        "Name": person.name,
        "Role": person.role.name.lower() if person.active else "has left",
        "Section": person.section,
        "Number": person.number,
        "E-mail": person.email,
        "Login": person.login,
    }


def _one(desk: Desk, who: Person, found: list[Person]) -> None:
    """Decisions about one person; the last asks once more."""
    with st.expander("Change somebody", key="change"), speaking():
        keys = {one.key: f"{one.name} ({one.section or 'no section'})" for one in found}
        key = st.selectbox("Who", list(keys), format_func=lambda key: keys[key], key="whom", index=None)
        person = next((one for one in found if one.key == key), None)
        if person is None:
            return
        roles = [role.name.lower() for role in Role if role > Role.VISITOR]
        chosen = st.segmented_control(
            "Role", roles, default=person.role.name.lower(), key=f"role-{person.key}", required=True
        )
        with st.container(horizontal=True, key="decisions"):
            if st.button("Save the role", key="save-role", disabled=chosen == person.role.name.lower()):
                members.change(desk, who, person.key, role=Role[chosen.upper()])
                st.rerun()
            if st.button("Has left" if person.active else "Is back", key="leave"):
                members.change(desk, who, person.key, active=not person.active)
                st.rerun()
            with st.popover("Delete ..."):
                st.markdown(
                    f"Name, addresses, PIN and drafts of **{plain(person.name)}** are deleted for good. Hand-ins and "
                    "points stay in the statistics under a key that names nobody."
                )
                if st.button("Delete for good", key="delete", type="primary"):
                    members.forget(desk, who, person.key)
                    st.rerun()
