"""Our own browser components: a script and a style sheet per name in components/, nothing from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent / "components"


@cache
def component(name: str, *, html: str) -> Any:
    """Mount components/NAME.js with components/NAME.css under the name `fovea-NAME`."""
    script = (FOLDER / f"{name}.js").read_text(encoding="utf-8")
    style = (FOLDER / f"{name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(f"fovea-{name}", html=html, js=script, css=style)
