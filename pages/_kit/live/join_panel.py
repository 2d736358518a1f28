"""How to join a class: its address, the class code, and a QR code that leads there."""

from urllib.parse import urlsplit

import segno
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.people import Person
from pages._kit import people

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def show(desk: Desk, who: Person) -> None:
    """Large enough to be read from the last row."""
    address = joining_address(st.context.url or "")
    code, words = st.columns([1, 2], vertical_alignment="center")
    with code:
        st.image(qr(address), width=260, alt=f"QR code that leads to {address}")
    with words:
        st.markdown(f"## {address.partition('://')[2]}")
        rules = people.rules()
        if rules is None or rules.local:
            st.markdown(f"## Class code {members.class_code(desk, who)}")
        if urlsplit(address).hostname in LOOPBACK:
            st.caption(
                "Other machines do not find this one by that name. Start Fovea with **\\-\\-address 0.0.0.0** and open "
                "it by the address that others know this machine by."
            )


def joining_address(url: str) -> str:
    """Where a class is joined, on the server of this page.

    >>> joining_address("https://vision.example.edu/convolution?stride=2")
    'https://vision.example.edu/live'
    """
    at = urlsplit(url)
    return f"{at.scheme}://{at.netloc}/live"


def qr(address: str) -> str:
    """The address as a QR code, as a drawing."""
    return str(segno.make(address, error="m").svg_inline(scale=8, border=2, light="#FFFFFF"))
