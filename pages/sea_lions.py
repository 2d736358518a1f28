"""Data: Counting sea lions

One idea: a classifier of small patches becomes a counter when it is asked everywhere, and its peaks are counted.
"""

import streamlit as st

from core.detect.single.counting import confusion, matched, peaks
from core.errors import CoreError
from core.models.patch_net import heat_maps, patches
from pages._kit import lab
from pages._parts.sea_lions import views

lab.opening(
    __doc__,
    predict="Peaks above a low threshold are counted, then above a high one. Which count is nearer to the truth?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
with stage:
    try:
        counted = views.count(setting)
    except CoreError as error:
        lab.impossible(error)
        st.stop()
    table = views.stage(setting, counted)

lab.closing(
    notice=views.told(setting, counted),
    shows=(heat_maps, peaks, matched, confusion, patches),
    call=f'peaks(heat_maps(load("patches"), aerial("test", {setting.coast}).image), '
    f"threshold={setting.threshold:g}, apart={setting.apart:g})  # {len(counted.found.places)} peaks",
    answer="Neither by itself: a low threshold invents animals, a high one misses them. The best one lies where both "
    "errors are about the same, and it must be found on pictures whose truth is known.",
    errata=("N162",),
    exports={"types.csv": lambda: table.to_csv(index=False)},
)
