"""Detection: What and where

One idea: one object takes five numbers, its class and four for its box, and one network can answer with all of them.
"""

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.boxes import intersection_over_union
from core.detect.single.joint import boxes_at, five_numbers, found, places_of
from pages._kit import lab
from pages._kit.scrolling import folded, scrolling
from pages._kit.shots import shots
from pages._parts.localize import figures
from pages._parts.localize.answers import PICTURES, SHOWN, answers, image

YOU, TRUTH, MODEL = "you", "truth", "model"
lab.opening(
    __doc__,
    predict="Two boxes of equal size, one moved to the side by a third of its width. How much do they share, as IoU?",
)
controls, stage = lab.columns()
with controls:
    number = st.slider("Picture", 0, PICTURES - 1, 6, key="picture", bind="query-params")
    label = st.selectbox("What is it?", CLASSES, 0, key="label", bind="query-params")
    x = st.slider("x, the middle", 0.0, 1.0, 0.5, 0.01, key="x", bind="query-params")
    y = st.slider("y, the middle", 0.0, 1.0, 0.5, 0.01, key="y", bind="query-params")
    h = st.slider("h, how high", 0.02, 1.0, 0.3, 0.01, key="h", bind="query-params")
    w = st.slider("w, how wide", 0.02, 1.0, 0.5, 0.01, key="w", bind="query-params")
    shown = st.pills(
        "Show as well", (TRUTH, MODEL), selection_mode="multi", default=(MODEL,), key="show", bind="query-params"
    )

known = answers()
mine = boxes_at(np.array([[x, y, w, h]]), 1.0)
truth, guess = known.truths[number : number + 1], known.boxes[number : number + 1]
all_boxes = {YOU: mine[0], MODEL: guess[0], TRUTH: truth[0]}
kinds = {YOU: CLASSES.index(label), MODEL: known.said[number], TRUTH: known.classes[number]}
owners = [owner for owner in all_boxes if owner == YOU or owner in shown]
overlap, model_overlap = (float(intersection_over_union(each, truth)[0, 0]) for each in (mine, guess))
wanted = np.array([kinds[TRUTH]])
hits = {who: bool(found(np.array([kinds[who]]), wanted, all_boxes[who][None], truth)[0]) for who in (YOU, MODEL)}
said = {owner: five_numbers(all_boxes[owner], kinds[owner], 1.0) for owner in owners}
share = float((known.right & (known.shared >= 0.5)).mean())

with stage:
    picture, readings = st.columns([3, 2], gap="medium")
    with picture:
        names = {owner: CLASSES[kinds[owner]] for owner in owners}
        shots([figures.picture(image(number), {owner: SHOWN * all_boxes[owner] for owner in owners}, names)])
    with readings:
        right = "right" if kinds[YOU] == kinds[TRUTH] else "wrong"
        st.metric("Your box, IoU", f"{overlap:.2f}", help="Shared area over joint area: 1 is the truth itself.")
        st.markdown(f"Your class is **{right}**: the object is **{'found' if hits[YOU] else 'not found'}**.")
        if MODEL in shown:
            st.metric("The model's box, IoU", f"{model_overlap:.2f}")
            st.markdown(
                f"It says **{CLASSES[kinds[MODEL]]}**, sure by {known.chances[number]:.0%}: "
                f"**{'found' if hits[MODEL] else 'not found'}**."
            )
    st.html(scrolling(figures.numbers(said), label="Five numbers of every answer"))
    alt = (
        f"IoU of the model on {PICTURES} test pictures, the worst {known.shared.min():.2f}, the mean "
        f"{known.shared.mean():.2f}; on picture {number} it is {model_overlap:.2f}."
    )
    values = pd.DataFrame({"IoU": known.shared.round(3), "class": np.where(known.right, "right", "wrong")})
    lab.chart(figures.many(known.shared, known.right, number), key="many", quick=True, alt=alt)
    folded("The numbers behind this chart", values.rename_axis("picture"), key="many-numbers")
    st.caption(f"Dotted: this picture. Above the dashed line at 0.5 a box counts: {share:.0%} are found.")

lab.closing(
    notice=[
        "Five numbers say it all: x and y of the middle, h and w, and the class. For two objects it would be ten, and "
        "nobody knows beforehand how many objects there are. That is the next task, detection.",
        "An object counts as found if its class is right and its box has an IoU of 0.5 or more; so it was judged at "
        "ImageNet. The one without the other counts for nothing.",
        f"IoU is strict. A box with the right middle, a fifth too wide and a fifth too high, has {1 / 1.44:.2f}.",
        f"The model's boxes have {known.shared.mean():.2f} on average, and {known.right.mean():.0%} of its classes are "
        "right. It has one trunk and two heads: the class head averages every map, since a class may stand anywhere; "
        "the box head may not, since an average has forgotten where.",
        "To learn this, every picture needs its label and a box that somebody has drawn. The lab on weak boxes asks "
        "what can be done without.",
    ],
    shows=(five_numbers, places_of, boxes_at, found),
    call=f"five_numbers(np.array({mine[0].round(3).tolist()}), {kinds[YOU]}, 1.0)  # {said[YOU].round(3).tolist()}",
    answer="One half. Two thirds of each are shared, and together they cover four thirds: 2/3 over 4/3.",
    quiz=("Q381", "Q382"),
    exports={"model.csv": lambda: values.to_csv(index_label="picture")},
    prepares="ps6",
)
