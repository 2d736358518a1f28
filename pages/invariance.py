"""Learning: Is it invariant now?

One idea: training on turned images pushes a network to ignore the angle. How far it got can be measured; nothing
guarantees it.
"""

from typing import cast

import streamlit as st

from core.augment.invariance import flip_rate, stability
from core.data.digits import specimen
from core.learning.augment import turned, turned_at_random
from core.models.recipes.turned import MOST, TAUGHT, Taught
from pages._kit import lab
from pages._kit.shots import Shot, shots
from pages._parts.invariance import figures, views

lab.opening(
    __doc__,
    predict="One reader learned from upright digits only. Up to which angle does it still read most of them?",
)
controls, stage = lab.columns()
with controls:
    angle = st.slider("Turn the digit by, in degrees", -180, 180, 40, 5, key="angle", bind="query-params")
    taught = cast(Taught, st.segmented_control(
        "Ask the reader that learned from digits turned", TAUGHT, default="upright", key="taught", required=True,
        bind="query-params",
    ))  # fmt: skip
    digit = st.slider("Digit", 0, 9, 6, key="digit", bind="query-params")
    number = st.slider("Which one of it", 0, 25, 0, key="number", bind="query-params")
image, said = views.one(specimen(digit, number), taught, angle)
now = said[views.FINE.index(angle)]
found, steady, nines = views.accuracies(), views.steadiness(), views.upside_down()
place = min(range(len(views.ANGLES)), key=lambda each: abs(views.ANGLES[each] - angle))
with controls:
    shots(
        [
            Shot(
                image[..., None],
                f"a {digit}, turned by {angle} degrees",
                f"A {digit}, read as {now.argmax()} with {now.max():.0%}",
                sharp=True,
            )
        ],
        least=150,
        most=200,
    )
with stage:
    ends = "; ".join(f"{figures.LOOKS[name][2]}: {found[name][place]:.0%}" for name in TAUGHT)
    lab.chart(
        figures.accuracies(views.ANGLES, found, angle),
        key="accuracies",
        alt=f"Held-out digits read right at {views.ANGLES[place]} degrees, by what was learned from: {ends}.",
        table=figures.accuracy_table(views.ANGLES, found),
        quick=True,
    )
    lab.chart(
        figures.answers(views.FINE, said, angle),
        key="answers",
        alt=f"The reader taught {taught}: at {angle} degrees this {digit} is read as {now.argmax()} with "
        f"{now.max():.0%}; over all angles as {', '.join(str(each) for each in sorted(set(said.argmax(axis=1))))}.",
        table=figures.answer_table(views.FINE, said),
        quick=True,
    )
right = found["upright"]
lab.closing(
    notice=[
        f"Share of the 360 held-out digits that is read right, all turned by {views.ANGLES[place]} degrees"
        + (f", the angle nearest to {angle} that was measured" if views.ANGLES[place] != angle else "")
        + f": {ends}.",
        f"The one that saw upright digits reads {right[views.ANGLES.index(0)]:.1%} of them upright and "
        f"{right[views.ANGLES.index(90)]:.1%} on their side: a convolution moves along with a shift, not with a turn.",
        "In the lower picture every column is an angle and every row a digit; the brighter, the surer the reader is.",
        f"Taught up to {MOST['a little']:.0f} degrees, it stands that much and little more. Augmentation teaches what "
        "it shows.",
        f"Taught any angle, it reads {found['any way'].min():.1%} to {found['any way'].max():.1%} right at each, yet "
        f"only {steady['any way']:.0%} of the digits get one answer all the way around: invariance is pushed for, not "
        "built in.",
        f"A 6 upside down is a 9, to people too. The reader taught upright calls {nines['upright']:.0%} of such sixes "
        f"nines, the one taught any angle {nines['any way']:.0%}: it found small habits of these writers to tell by.",
        f"It has its price: {found['any way'][views.ANGLES.index(0)]:.1%} of the upright digits in place of "
        f"{right[views.ANGLES.index(0)]:.1%}, with the same network and the same digits.",
    ],
    shows=(turned, turned_at_random, stability, flip_rate),
    call=f"turned_at_random(images, {MOST[taught]:g}, generator)  # every batch, while it learned",
    answer=f"About 30 degrees: there it reads {right[views.ANGLES.index(30)]:.0%}, at 60 "
    f"{right[views.ANGLES.index(60)]:.0%}, upside down {right[0]:.0%}.",
    quiz=("Q145",),
    exports={"accuracy.csv": lambda: figures.accuracy_table(views.ANGLES, found).to_csv(index=False)},
)
