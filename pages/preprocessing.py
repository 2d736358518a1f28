"""Learning: What a pretrained network expects

One idea: scaling, colour order and resizing belong to a network as much as its weights, and nothing warns you when they
are wrong.
"""

import streamlit as st

from core.models.pretrained import framed, prepared, scaled
from pages._kit import lab
from pages._parts.preprocessing import views

lab.opening(
    __doc__,
    predict="A network learned from pixels between -1 and 1, and is 95 % sure of a cup of espresso. How sure is it if "
    "it gets the same photo as bytes, from 0 to 255?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
if setting is None:
    stage.info("Choose a photo below the switch: it is framed and scaled as you set it, and shown to the network.")
    st.stop()
with stage:
    table = views.stage(setting)
lab.closing(
    notice=views.notice(setting),
    shows=(scaled, framed, prepared),
    call=f'prepared(framed({setting.call}, "{setting.fit}", blend="{setting.blend}")[None], '
    f'scaling="{setting.scaling}", order="{setting.order}")',
    answer="It no longer sees a cup at all: loudspeaker comes first, with 20 %. From 0 to 1 it would still be over "
    "80 % sure.",
    quiz=("Q228", "Q229"),
    exports={"answers.csv": lambda: table.to_csv(index=False)},
)
