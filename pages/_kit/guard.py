"""Who is looking, and the page that stands in for one they may not open."""

from collections.abc import Callable

import streamlit as st

from classroom.local import COOKIE
from classroom.roles import Role
from pages._kit.discovery import Lab
from pages._kit.server import sign_in


def visitor() -> Role:
    """The role of whoever looks at this page."""
    return sign_in.role(st.context.cookies.get(COOKIE))


def guard(lab: Lab) -> Callable[[], None]:
    """A page with the address of `lab` and nothing of its content."""

    def sign_in_first() -> None:
        st.title("Sign in to open this page")
        st.write(
            f"This page is for **{lab.role.name.lower()}s**. On a laptop, open the instructor link that Fovea printed "
            "when it started; it works once, for this browser."
        )

    return sign_in_first
