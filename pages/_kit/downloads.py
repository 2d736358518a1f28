"""A file to take along."""

from collections.abc import Callable

import streamlit as st

ICON = ":material/download:"


def download(
    label: str, data: bytes | str | Callable[[], bytes | str], *, file: str, key: str, icon: str | None = ICON
) -> None:
    """The button; what `data` has to be worked out is worked out when it is pressed.

    The page is not drawn anew for it: a new button would not know of the file the old one asked for.
    """
    st.download_button(label, data, file_name=file, key=key, icon=icon, on_click="ignore")
