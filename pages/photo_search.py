"""Features and retrieval: Find photos by a word

One idea: a classifier makes a photo collection searchable, for exactly the words on its list.
"""

from core.errors import CoreError
from core.features.photo_search import matching, search
from pages._kit import lab
from pages._parts.photo_search import views

lab.opening(
    __doc__,
    predict="The gallery shows a cat, a cup of espresso, a blurred clock, and two people. Which of them does a network "
    "with ImageNet's 1000 classes not find?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
with stage:
    try:
        found = views.stage(setting)
    except CoreError as error:
        lab.impossible(error)
lab.closing(
    notice=views.notice(setting),
    shows=(search, matching),
    call=f"search(probabilities, imagenet_classes(), {setting.query!r}, least={setting.least:g})",
    answer="The people, at any setting: no class is called person. And the clock, unless you ask for very little: "
    "blurred as it is, it looks like a bubble.",
    quiz=("Q232", "Q233"),
    exports={"gallery.csv": lambda: views.results(setting).to_csv(index=False)},
)
