"""Fovea's entry: one ASGI application, the labs and a few routes of our own beside them.

`fovea app` and `streamlit run app.py` start it, and so does any ASGI server. Nothing heavy is imported here.
The script lies in pages/_kit/, not here: a server that finds a folder `pages` beside its script would run those
files directly for whoever asks first, past the guard.
"""

import streamlit as st

from pages._kit.server import lifespan, middleware, report, routes

app = st.App(
    "pages/_kit/shell.py",
    lifespan=lifespan,
    routes=routes(),
    middleware=middleware(),
    on_script_error=report,
)
