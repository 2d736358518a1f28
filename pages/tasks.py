"""Architectures: What is asked of a network?

One idea: the same picture can be asked many questions, and the shape of the answer decides what a network must look
like.
"""

import pandas as pd
import streamlit as st

from core.data.task_scene import MOST
from core.data.tasks import TASKS, detections, instance_map, label_map, task
from core.measure.top import top_classes
from pages._kit import lab
from pages._parts.tasks.figures import answer, bars, picture, shown
from pages._parts.tasks.map import lessons, table, task_map
from pages._parts.tasks.work import drawn

NAMES = [each.name for each in TASKS]
BOXED = ("Localization", "Detection", "Instance segmentation")


lab.opening(
    __doc__,
    predict="A picture of 150x200 pixels shows three things. How many numbers does a detector answer with, and how "
    "many a semantic segmentation?",
)
controls, stage = lab.columns()
with controls:
    name = st.selectbox("Task", NAMES, 0, key="task", bind="query-params")
    objects = st.slider("Things in the picture", 0, MOST, 3, key="objects", bind="query-params")
    seed = st.slider("Another picture", 0, 40, 6, key="seed", bind="query-params")
    k, instances = 2, False
    if name == "Classification":
        k = st.slider("Classes to show", 1, 6, 2, key="k", bind="query-params")
    if name == "Semantic segmentation":
        coloured = st.segmented_control(
            "A colour for each", ("class", "object"), default="class", key="colour", bind="query-params", required=True
        )
        instances = coloured == "object"

scene, chosen = drawn(objects, seed), task(name)
things = pd.DataFrame(detections(scene), columns=["x", "y", "h", "w", "label"]).astype(int)
things["label"] = [target.label for target in scene.targets]
told = ", ".join(target.label for target in scene.targets) or "nothing"
with stage:
    st.markdown(f"**{chosen.asks}** Answer: {chosen.answer}.")
    left, right = st.columns(2)
    with left:
        lab.chart(picture(scene.image), key="scene", alt=f"A drawn picture with {told}.")
    with right:
        if name == "Classification":
            with st.spinner("A small classifier learns its classes, once"):
                figure, words = bars(scene.image, k)
            lab.chart(figure, key="answer", quick=True, alt=f"Probabilities: {words}.")
        else:
            written, size = answer(scene, name, instances=instances)
            lab.chart(shown(scene, name, instances=instances), key="answer", alt=f"{name}: {size}. In it: {told}.")
    if name == "Classification":
        st.markdown(f"Its answer: {words}. A small classifier learned from other drawn pictures gives it.")
    else:
        st.markdown(f"The answer to this picture: **{size}**.")
        st.code(written, language="python", wrap_lines=True)
        order = " A box is x and y of its corner at the top left, height, width." if name in BOXED else ""
        st.caption(f"This is what a perfect answer looks like: the program that drew the picture knows it.{order}")
st.html(task_map(name))

lab.closing(
    notice=lessons(scene, [drawn(number, seed) for number in sorted({0, 1, objects if objects > 1 else 3})]),
    shows=(top_classes, detections, label_map, instance_map),
    call=f"detections(task_scene({objects}, seed={seed})).shape  # ({len(scene.targets)}, 5)",
    answer="15 and 30,000. A detector gives 5 numbers for each thing, a segmentation one label for every pixel.",
    quiz=("Q19",),
    exports={"tasks.csv": lambda: table().to_csv(index=False), "things.csv": lambda: things.to_csv(index=False)},
)
