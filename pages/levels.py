"""Features and retrieval: Low, middle and high features

One idea: the first layers of a network look for colours and edges, the next for corners and textures, the last for
parts of things.
"""

from core.models.levels import middle, responses
from pages._kit import lab
from pages._parts.levels import views

lab.opening(
    __doc__,
    predict="Which excites a channel in the middle of a network: a colour, an edge, a row of dots, or a cat's eye?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
with stage:
    table = views.stage(setting)
lab.closing(
    notice=views.notice(setting),
    shows=(responses, middle),
    call=f"responses(gallery)[{setting.depth}].strongest({setting.first}, {views.PATCHES})  # {setting.part}",
    answer="Dots, stripes and arcs are what the middle is about. Eyes come towards the end, colours and edges at the "
    "beginning.",
    quiz=("Q230", "Q231"),
    exports={"patches.csv": lambda: table.to_csv(index=False)},
)
