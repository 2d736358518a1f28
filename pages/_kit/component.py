"""Our own browser components: a script and a style sheet per name in components/, nothing from elsewhere.

Some share a base: its script and style sheet stand before their own.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent / "components"


@cache
def component(name: str, *, html: str, base: tuple[str, ...] = ()) -> Any:
    """Mount components/NAME.js with components/NAME.css under the name `fovea-NAME`, after those of its `base`."""
    parts = [*base, name]
    script = "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in parts)
    styles = [FOLDER / f"{part}.css" for part in parts]
    style = "\n".join(style.read_text(encoding="utf-8") for style in styles if style.exists())
    return st.components.v2.component(f"fovea-{name}", html=html, js=script, css=style)
