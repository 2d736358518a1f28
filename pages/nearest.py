"""Features and retrieval: A classifier without training

One idea: the label of the nearest example is a good answer, if nearness is measured in a space that knows what matters.
"""

import streamlit as st

from core.errors import CoreError
from core.features.neighbours import accuracy_by_size, distances, nearest, voted
from pages._kit import lab
from pages._parts.nearest import views

lab.opening(__doc__, predict="One nearest neighbour on digits that lie anywhere: how many of 100 are named right?")
controls, stage = lab.columns()
try:
    with controls:
        setting = views.controls()
    with stage:
        found, table = views.stage(setting)
        st.markdown("## The lecture's lines and ours")
        theirs, ours = st.columns(2)
        theirs.code(views.LECTURES, language="python", wrap_lines=True)
        ours.code(
            "# the same in Fovea\n"
            f"image_features = vectors(net, test[i:i + 1], {setting.layer!r})\n"
            f"features = vectors(net, train, {setting.layer!r}, batch=512)\n"
            'far = distances(features, image_features, "l1")  # the mean, too\n'
            f'order = nearest(features, image_features, {setting.k}, "l1")\n'
            "voted(labels, order)",
            language="python",
            wrap_lines=True,
        )
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

lab.closing(
    notice=views.told(setting, found),
    shows=(nearest, distances, voted, accuracy_by_size),
    call=f"accuracy_by_size(order, train_labels, test_labels, {setting.k}, {list(setting.sizes)})",
    answer="By pixels 72 to 76 of 100, depending on the distance; in the layer before the classifier about 98. Chance "
    "would give 10.",
    quiz=("Q199",),
    prepares="ps4",
    exports={"accuracy.csv": lambda: table.to_csv()},
)
