"""Who is looking, and the page that stands in for one they may not open."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import COOKIE, NotLetIn
from pages._kit import people
from pages._kit.discovery import Lab
from pages._kit.words import plain


@dataclass(frozen=True)
class Arrival:
    """Whoever looks at a page: a person of the course, or what keeps them from being one, or nobody at all."""

    person: Person | None = None
    refusal: str = ""
    by_provider: bool = False  # signed in there, whoever they are here


def arrival() -> Arrival:
    """Who looks at this page, as the provider and the course know them now."""
    rules, refusal = people.rules(), ""
    vouched = rules is not None and bool(st.user.get("is_logged_in"))
    if rules and vouched:
        try:
            if person := people.by_provider(rules).person(st.user.to_dict()):
                return Arrival(person, by_provider=True)
        except NotLetIn as refused:
            refusal = str(refused)
    if rules and not rules.local:
        return Arrival(None, refusal, vouched)
    person = people.sign_in.person(st.context.cookies.get(COOKIE))
    return Arrival(person, "" if person else refusal, vouched)


def visitor() -> Person | None:
    """The person of the course who looks at this page, if they are one."""
    return arrival().person


def sign_out(came: Arrival, *, key: str) -> None:
    """The way out again, by which somebody came in."""
    if came.by_provider:
        st.button("Sign out", key=key, on_click=_leave)
    else:
        link("Sign out", "/sign-out")


def _leave() -> None:
    """End the sign-in for good, here and in other tabs, and let Streamlit take leave of the provider."""
    if rules := people.rules():
        people.by_provider(rules).end(st.user.to_dict())
    people.sign_in.end(st.context.cookies.get(COOKIE))
    st.logout()


def way_in(name: str) -> str:
    """The sign-in page, which leads back to the page of this name as it stands in the address now."""
    asked = urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)])
    return f"/sign-in?{urlencode({'next': f'/{name}?{asked}' if asked else f'/{name}'})}"


FRAME = "display: inline-block; padding: 0.4rem 1rem; border: 1px solid; border-radius: 0.5rem; text-decoration: none"


def link(label: str, address: str, *, framed: bool = False) -> None:
    """A link to an address of the server that is no page, in the same tab: Streamlit's own open a new one."""
    style = f"color: inherit; {FRAME if framed else 'font-size: 0.875rem'}"
    st.html(f'<a href="{escape(address)}" style="{style}">{label}</a>', width="content")


def page(lab: Lab, came: Arrival) -> st.Page:
    """The lab itself, or its guard at the same address."""
    role = came.person.role if came.person else Role.VISITOR
    if role.may_open(lab.role):
        return copy(_made(lab.path, lab.title, lab.name))
    return st.Page(guard(lab, came), title=lab.title, url_path=lab.name)


class _Known(st.Page):
    """A page that is copied fast and remembers its hash: for each run Streamlit asks three times for that of each."""

    def __init__(self, path: Path, title: str, name: str) -> None:
        super().__init__(path, title=title, url_path=name)
        self._remembered = super()._script_hash

    @property
    def _script_hash(self) -> str:
        return self._remembered

    def __copy__(self) -> "_Known":
        twin = object.__new__(_Known)
        twin.__dict__.update(self.__dict__)
        return twin


@lru_cache(maxsize=1000)
def _made(path: Path, title: str, name: str) -> st.Page:
    """Streamlit looks every file up when it makes its page, which for all labs takes longer than many a lab."""
    return _Known(path, title, name)


def guard(lab: Lab, came: Arrival) -> Callable[[], None]:
    """A page with the address of `lab` and nothing of its content."""
    audience = f"{lab.role.name.lower()}s"

    def sign_in_first() -> None:
        st.title("Sign in to open this page", anchor=False)
        st.write(f"This page is for the **{audience}** of the course. You come back here when you have signed in.")
        if st.context.is_embedded:  # a frame of another site gets no cookie, and may not show our form
            st.link_button("Sign in", way_in(lab.name))
        else:
            link("Sign in", way_in(lab.name), framed=True)
        rules = people.rules()
        if lab.role is Role.INSTRUCTOR and (rules is None or rules.local):
            st.caption("On a laptop, open the link that Fovea printed when it started; it works once.")

    def for_members() -> None:
        st.title("You are not a member of this course", anchor=False)
        st.text(came.refusal)  # Markdown would make a link of an address
        sign_out(came, key="guard-sign-out")

    def for_others() -> None:
        st.title(f"This page is for {audience}", anchor=False)
        if came.person:
            name, role = plain(came.person.name), came.person.role.name.lower()
            st.write(f"You are signed in as **{name}**, {role}. Ask your instructor.")

    return for_others if came.person else for_members if came.refusal else sign_in_first
