"""The script behind every page: find the labs, guard the protected ones, draw the one that was asked for."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from classroom.roles import Role  # noqa: E402
from pages._kit.bare import bare, large  # noqa: E402
from pages._kit.discovery import discover  # noqa: E402
from pages._kit.guard import arrival, page  # noqa: E402
from pages._kit.home import home  # noqa: E402
from pages._kit.live.frame import above  # noqa: E402
from pages._kit.look import arrive, menu, readable  # noqa: E402
from pages._kit.turns import turns  # noqa: E402

st.set_page_config(page_title="Fovea", page_icon="/app/static/icon.png", layout="wide")
with turns.mine():
    came = arrival()
    role = came.person.role if came.person else Role.VISITOR
    labs = discover()
    pages = {lab.name: page(lab, came) for lab in labs}
    mine = [lab for lab in labs if role.may_open(lab.role)]
    front = st.Page(lambda: home(mine, pages), title="Fovea", url_path="home", default=True)
    chosen = st.navigation([front, *pages.values()], position="hidden")
    arrive(chosen)
    readable()
    large()
    if not bare():
        menu(front, labs, pages, at=chosen, came=came)
    if not st.context.is_embedded:
        above(came, chosen.url_path)
    chosen.run()
