"""Explaining: A box that nobody drew

One idea: a network that learned names only also knows roughly where: cut its map at a threshold, keep the largest
piece, and put a box around it.
"""

import pandas as pd

from core.explain.ending import recorded, rerun
from core.explain.heads import heard
from core.explain.weak import above, box_overlap, pieces, weak_box
from pages._kit import lab
from pages._parts.weak_boxes import views

lab.opening(
    __doc__,
    predict="The lecture keeps what is above 20% of the maximum. Are the boxes too large then, too small, or right?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
with stage:
    table = views.stage(setting)
lab.closing(
    notice=views.notice(setting),
    shows=(above, pieces, weak_box, box_overlap, heard, rerun),
    call=f"weak_box(enlarged(map, 64), {setting.share:g})",
    answer="Too large: the map fades out slowly. On these scenes a threshold of about half the maximum does best, and "
    "even then the boxes are rough.",
    quiz=("Q304", "Q305"),
    exports={
        "overlaps.csv": lambda: table.to_csv(index=False),
        "endings.csv": lambda: pd.DataFrame(map(vars, recorded())).to_csv(index=False),
    },
    prepares="ps6",
)
