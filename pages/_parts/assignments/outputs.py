"""What a cell put out, shown as text and pictures. Nothing of it is ever taken for HTML or Markdown."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from pages._kit.discovery import open_to_all

MOST_SHOWN = 20_000  # letters of one output; a browser needs no more
_ADDRESS = re.compile(r"https?://[^/\s]+/(?P<lab>\w+)(?:\?(?P<setting>\S*))?")
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # a terminal's


def show(outputs: Iterable[Mapping[str, Any]], *, key: str) -> None:
    """Outputs of nbformat's shape, one below the other."""
    for number, output in enumerate(outputs):
        kind, data = output.get("output_type"), output.get("data", {})
        if kind == "stream":
            plain(output.get("text", ""))
        elif kind == "error":
            lines = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
            plain("\n".join(map(str, lines)))
        elif picture := _picture(data):
            said = f"Picture {number + 1} that the cell shows"
            with st.container(key=f"{key}-picture-{number}"):
                st.image(picture, alt=said)
        elif "text/plain" in data and not _lab(data["text/plain"]):
            plain(data["text/plain"])


def plain(text: str) -> None:
    """Text as it is."""
    clean = _COLOURS.sub("", text)
    if len(clean) > MOST_SHOWN:
        clean = f"{clean[:MOST_SHOWN]}\n... and {len(clean) - MOST_SHOWN:,} letters more"
    if clean.strip():
        st.code(clean.rstrip("\n"), language=None, wrap_lines=True)


def _lab(text: str) -> bool:
    """The address of one of our labs becomes a button that opens it; says whether it was one."""
    found = _ADDRESS.fullmatch(text.strip())
    titles = {lab.name: lab.title for lab in open_to_all()} if found else {}
    if found is None or found["lab"] not in titles:
        return False
    setting = urlencode(parse_qsl(found["setting"] or ""))
    name = found["lab"]
    st.link_button(f"Lab: {titles[name]}", f"/{name}?{setting}" if setting else f"/{name}")
    return True


def _picture(data: Mapping[str, str]) -> str | None:
    """Its own bytes as an address. Only the browser opens it: a broken picture would break the page here."""
    for mime in ("image/png", "image/jpeg"):
        try:
            if mime in data and b64decode(data[mime], validate=True):
                return f"data:{mime};base64,{data[mime]}"
        except (Error, ValueError):
            continue
    return None
