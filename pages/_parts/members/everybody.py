"""All members, searchable; one of them can be given another role, leave, come back, or be deleted."""

import pandas as pd
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.keeping.erasing import farewell
from classroom.people import Person
from classroom.permissions import may
from classroom.roles import Role
from pages._kit.course import speaking
from pages._kit.scrolling import scrolling
from pages._kit.words import plain

UNLINK = "For somebody with a new account at the provider: the next one that is proven to be theirs counts."
DELETED = "_deleted"  # what is left to do after somebody was deleted, said on the page that is drawn next


def show(desk: Desk, who: Person) -> None:
    """The table, and below it what can be decided about one person."""
    _say_what_was_deleted()
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
        known = None if person.role is Role.VISITOR else person.role.name.lower()  # a visitor's is the provider's word
        chosen = st.segmented_control(
            "Role", roles, default=known, key=f"role-{person.key}", required=known is not None
        )
        with st.container(horizontal=True, key="decisions"):
            if st.button("Save the role", key="save-role", disabled=chosen in (None, known)):
                members.change(desk, who, person.key, role=Role[chosen.upper()])
                st.rerun()
            if st.button("Has left" if person.active else "Is back", key="leave"):
                members.change(desk, who, person.key, active=not person.active)
                st.rerun()
            if members.linked(desk, who, person.key) and st.button("Take off sign-ins", key="unlink", help=UNLINK):
                members.unlink(desk, who, person.key)
                st.rerun()
            with st.popover("Delete ..."):
                _delete(desk, who, person)


def _delete(desk: Desk, who: Person, person: Person) -> None:
    """What goes and what stays, before the button that does it."""
    what = farewell(desk, who, person.key)
    st.markdown(f"**{plain(person.name)}** is deleted for good. This cannot be taken back.")
    for title, sentences in (("What goes", what.goes), ("What stays", what.stays)):
        st.markdown(f"{title}:\n\n" + "\n".join(f"- {plain(sentence)}" for sentence in sentences))
    if st.button("Delete for good", key="delete", type="primary"):
        st.session_state[DELETED] = members.forget(desk, who, person.key)
        st.rerun()


def _say_what_was_deleted() -> None:
    left: tuple[str, ...] | None = st.session_state.pop(DELETED, None)
    if left is not None:
        st.success("Deleted.", icon=":material/check_circle:")
        for sentence in left:
            st.warning(plain(sentence), icon=":material/lightbulb:")
