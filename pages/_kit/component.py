"""Our own browser components: a script and a style sheet per name in components/, nothing from elsewhere.

Some share a base: its script and style sheet stand before their own.
"""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent / "components"


@cache
def component(name: str, *, html: str, base: str | None = None) -> Any:
    """Mount components/NAME.js with components/NAME.css under the name `fovea-NAME`, after those of `base`."""
    parts = [name] if base is None else [base, name]
    script = "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in parts)
    style = "\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in parts)
    return st.components.v2.component(f"fovea-{name}", html=html, js=script, css=style)
