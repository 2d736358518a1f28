"""Features and retrieval: Find me more like this

One idea: to find pictures like a given one, compare what a network makes of them, not their pixels.
"""

import streamlit as st

from core.errors import CoreError
from core.features.latent import vectors
from core.features.neighbours import distances, nearest
from pages._kit import lab
from pages._parts.retrieval import views

lab.opening(__doc__, predict="Which of the two rows below the query will hold more pictures of its class?")
controls, stage = lab.columns()
table, found = None, None
try:
    with controls:
        setting, query = views.controls()
    with stage:
        if query is None:
            st.info("Choose a picture below the switch. It is shrunk to what the network takes, and both rows appear.")
        else:
            found = views.find(setting, query)
            table = views.stage(setting, query, found)
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

lab.closing(
    notice=views.told(setting, query, found),
    shows=(nearest, distances, vectors),
    call=f"nearest(train, query, {setting.k}, {setting.metric!r})"
    + ("" if found is None else f"  # {found[1].places.tolist()}"),
    answer="The row by features. By pixels drawn things are found hardly better than by chance, by the 64 averages "
    "before the classifier nearly always.",
    quiz=("Q198",),
    prepares="ps4",
    exports={} if table is None else {"found.csv": lambda: table.to_csv(index=False)},
)
