"""Who is looking, and the page that stands in for one they may not open."""

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import streamlit as st

from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import COOKIE
from pages._kit.discovery import Lab
from pages._kit.people import sign_in
from pages._kit.words import plain


def visitor() -> Person | None:
    """Who looks at this page, as the course knows them now."""
    return sign_in.person(st.context.cookies.get(COOKIE))


def way_in(name: str) -> str:
    """The sign-in page, which leads back to the page of this name as it stands in the address now."""
    asked = urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)])
    return f"/sign-in?{urlencode({'next': f'/{name}?{asked}' if asked else f'/{name}'})}"


FRAME = "display: inline-block; padding: 0.4rem 1rem; border: 1px solid; border-radius: 0.5rem; text-decoration: none"


def link(label: str, address: str, *, framed: bool = False) -> None:
    """A link to an address of the server that is no page, in the same tab: Streamlit's own open a new one."""
    style = f"color: inherit; {FRAME if framed else 'font-size: 0.875rem'}"
    st.html(f'<a href="{escape(address)}" style="{style}">{label}</a>', width="content")


def guard(lab: Lab, who: Person | None = None) -> Callable[[], None]:
    """A page with the address of `lab` and nothing of its content."""
    audience = f"{lab.role.name.lower()}s"

    def sign_in_first() -> None:
        st.title("Sign in to open this page", anchor=False)
        st.write(f"This page is for the **{audience}** of the course. You come back here when you have signed in.")
        if st.context.is_embedded:  # a frame of another site gets no cookie, and may not show our form
            st.link_button("Sign in", way_in(lab.name))
        else:
            link("Sign in", way_in(lab.name), framed=True)
        if lab.role is Role.INSTRUCTOR:
            st.caption("On a laptop, open the link that Fovea printed when it started; it works once.")

    def for_others() -> None:
        st.title(f"This page is for {audience}", anchor=False)
        if who:
            st.write(f"You are signed in as **{plain(who.name)}**, {who.role.name.lower()}. Ask your instructor.")

    return for_others if who else sign_in_first
