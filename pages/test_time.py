"""Learning: Test-time augmentation

One idea: a network that is unsure of an image is asked about several changed copies, and its answers are averaged.
"""

import streamlit as st

from core.augment.test_time import aggregated, view_matrices, views_of
from pages._kit import lab
from pages._kit.shots import Shot, shots
from pages._parts.test_time import figures, views

SHOWN = 16

lab.opening(
    __doc__,
    predict="The same 16 turned views: do they help every network, or can they make one worse?",
)
controls, stage = lab.columns()
with controls:
    setting, rank = views.controls()
images, said, label = views.looked(setting, rank)
together = aggregated(said, setting.how)
first = said[0]
with stage:
    shots(
        [
            Shot(
                image[..., None],
                f"view {number + 1}, read as {each.argmax()}",
                f"{each.argmax()}, {each.max():.0%}",
                sharp=True,
            )
            for number, (image, each) in enumerate(zip(images[:SHOWN], said[:SHOWN], strict=True))
        ],
        least=64,
        most=84,
    )
    st.caption("Below each view: what it is read as, and how sure. The first is the digit as it is.")
    lab.chart(
        figures.posteriors(first, together, label),
        key="posteriors",
        alt=f"A {label}. One look says {first.argmax()} with {first.max():.0%}; {len(said)} views together say "
        f"{together.argmax()} with {together.max():.0%}.",
        table=figures.posterior_table(said, together),
        quick=True,
    )
    views.all_digits(setting)
right = [bool(answer.argmax() == label) for answer in (first, together)]
change = {
    (True, True): "Right before, right after.",
    (False, True): "Wrong before, right after.",
    (True, False): "Right before, wrong after: the views have spoilt it.",
    (False, False): "Wrong before and after.",
}[right[0], right[1]]
found = views.measured(setting)
told = ", ".join(f"{share:.1%} with {count}" for count, share in found.items()) if found else ""
lab.closing(
    notice=[
        f"This is a {label}. One look says {first.argmax()} with {first.max():.0%}, {len(said)} together say "
        f"{together.argmax()} with {together.max():.0%}. {change}",
        *([f"Share of all 360 digits that is read right, by the number of views: {told}."] if told else []),
        f"One answer costs {len(said)} pass{'es' * (len(said) > 1)} through the network. That is why it is kept for "
        "images it is unsure of, and for where an error costs more than waiting.",
        "The views must be changes the network was taught to stand: the reader of digits turned any way gains from "
        "turned views. The one that saw only upright digits sees 16 images it knows nothing about, and is lost.",
        "Part of the gain is the views' own: pixels between pixels are means, so every turned view has less noise.",
        "They must keep the label, too. A mirror makes new digits of most, and a half turn makes a 9 of a 6.",
        "The lectures average; one of them allows any aggregation. The maximum listens to the surest view, and a sure "
        "view can be wrong. The geometric mean lets a single view say no.",
    ],
    shows=(aggregated, view_matrices, views_of),
    call=f"aggregated(said, {setting.how!r})  # said: {said.shape}",
    answer="They can make one worse. The reader that was taught turned digits goes from 78 % to 86 % right on these "
    "noisy ones; the one that knows upright digits only falls below 20 %.",
    quiz=("Q144",),
    errata=("D50",),
    exports={"posterior.csv": lambda: figures.posterior_table(said, together).to_csv(index=False)},
    prepares="ps5",
)
