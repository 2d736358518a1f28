"""Data: Mixup

One idea: two images are blended, and their labels by the same share, so that the network learns what lies between.
"""

import numpy as np
import streamlit as st

from core.augment.mixup import mixed_loss, mixup, nearly_single, one_hot, share_density
from core.data.scenes import CLASSES
from pages._kit import lab
from pages._kit.pairs import pair_table, pairs
from pages._kit.pictures import pixels, png
from pages._kit.shots import Shot, shots
from pages._parts.mixup import figures
from pages._parts.mixup.views import answer, draw_share, example, named

lab.opening(
    __doc__,
    predict="A network that learned from single things sees two, blended by halves. Does it say half and half?",
)
controls, stage = lab.columns()
with controls:
    share = st.slider("Lambda: share of the first picture", 0.0, 1.0, 0.7, 0.05, key="share", bind="query-params")
    first = st.slider("First picture", 0, 39, 0, key="first", bind="query-params")
    second = st.slider("Second picture", 0, 39, 1, key="second", bind="query-params")
    alpha = st.slider(
        "Alpha of the distribution that lambda is drawn from", 0.1, 4.0, 0.4, 0.1, key="alpha", bind="query-params"
    )
    st.button("Draw a lambda", key="draw", on_click=draw_share)
(one, label), (other, partner) = example(first), example(second)
images, labels = mixup(
    np.stack([one, other]), one_hot(np.array([label, partner]), len(CLASSES)), share, np.array([1, 0])
)
said = answer(images[0])
both = {"mixed label": labels[0], "network": said}
loss, least = mixed_loss(said, labels[0]), mixed_loss(labels[0], labels[0])
with stage:
    shots(
        [
            Shot(one, f"{named(label)}, drawn", f"{share:.2f} times {named(label)}"),
            Shot(other, f"{named(partner)}, drawn", f"{1 - share:.2f} times {named(partner)}"),
            Shot(images[0], f"a blend of {share:.2f} and {1 - share:.2f}", "The blend"),
        ],
        least=150,
        most=240,
    )
    asked = ", ".join(f"{name} {value:.2f}" for name, value in zip(CLASSES, labels[0], strict=True) if value)
    lab.chart(
        pairs(CLASSES, both, height=250, written=True),
        key="targets",
        alt=f"The label asks for {asked}. The network says {CLASSES[said.argmax()]} with {said.max():.2f}.",
        table=pair_table(CLASSES, both),
        quick=True,
    )
    lab.chart(
        figures.density(alpha, share),
        key="density",
        alt=f"Density of Beta({alpha:.1f}, {alpha:.1f}): {share_density(np.array([0.5]), alpha)[0]:.2f} at one half, "
        f"{share_density(np.array([0.05]), alpha)[0]:.2f} at 0.05. Lambda is {share:.2f}.",
        table=figures.density_table(alpha),
        quick=True,
    )
lab.closing(
    notice=[
        f"The label is mixed as the image is: {asked}, which adds up to {labels[0].sum():.0f}.",
        f"This network never saw a blend while it learned. It says {CLASSES[said.argmax()]} with {said.max():.0%}; its "
        f"cross-entropy with the mixed label is {loss:.2f}, and the least there can be is {least:.2f}.",
        "Move lambda from 1 to 0: the answer jumps from one class to another somewhere on the way. Mixup asks it to "
        "change as the picture does, in a straight line.",
        "Nobody has to know what is in the images: it works for sounds and tables as well, unlike a mirror or a turn.",
        f"With alpha {alpha:.1f}, in {nearly_single(alpha):.0%} of the pairs one picture keeps more than nine tenths. "
        "The smaller alpha, the more pairs stay nearly as they are; a large one mixes by halves.",
    ],
    shows=(mixup, mixed_loss, share_density, nearly_single),
    call=f"mixup(images, labels, {share:g}, np.array([1, 0]))  # {labels[0].round(3).tolist()}",
    answer="Rarely. It mostly names one of the two, or a third thing, with confidence: between its examples nobody "
    "told it anything.",
    quiz=("Q143", "Q240"),
    exports={
        "blend.png": lambda: png(pixels(images[0])),
        "labels.csv": lambda: pair_table(CLASSES, both).to_csv(index=False),
    },
    prepares="ps5",
)
