"""Data: What augmentation misses

One idea: a network stands what it was shown. Things in front, another ground, no focus and bad light are in none of the
usual ranges, and cost more than any turn.
"""

import numpy as np

from core.augment.generator import Ranges
from core.augment.limits import SCALES, stressed
from core.data.scenes import CLASSES
from pages._kit import lab
from pages._kit.pictures import pixels, png
from pages._kit.shots import Shot, shots
from pages._parts.limits import figures, views

lab.opening(
    __doc__,
    predict="The network names 99 of 100 things. Blur the pictures by two pixels: how many does it name then?",
)
controls, stage = lab.columns()
with controls:
    number, stress, strength = views.controls()
before, after = views.scene(number), views.changed(number, stress, strength)
said = views.answer(np.stack([before.image, after.image]))
label, first, now = before.labels[0], *(CLASSES[each.argmax()] for each in said)
with stage:
    shots(
        [
            Shot(
                before.image, f"a {label}, as it was drawn", f"A {label}. The network says {first}, {said[0].max():.0%}"
            ),
            Shot(
                after.image,
                f"the same with {SCALES[stress].spoken(strength)}",
                f"{SCALES[stress].spoken(strength).capitalize()}. The network says {now}, {said[1].max():.0%}",
            ),
        ],
        least=150,
        most=300,
    )
    lab.chart(
        figures.bars(CLASSES, *said),
        key="bars",
        alt=f"A {label}: before, {first} with {said[0].max():.0%}; after, {now} with {said[1].max():.0%}.",
        table=figures.bar_table(CLASSES, *said),
        quick=True,
    )
    views.measuring(stress)
found = {name: dict(shares) for name, shares in views.shelf().items() if shares}
worst = [f"{name} from {shares[min(shares)]:.0%} to {shares[max(shares)]:.0%}" for name, shares in found.items()]
lab.closing(
    notice=[
        f"To us this is still a {label}. The network learned from sharp, evenly lit things on calm grounds, and says "
        f"{now} with {said[1].max():.0%}.",
        *([f"Measured on {views.SCENES} scenes nobody learned from: {'; '.join(worst)}."] if worst else []),
        "It does not say that it cannot see: it goes on naming things, often with confidence.",
        "Turns, shifts and mirrors would not have helped. What a network is to stand it has to be shown, and these "
        "have no range in the usual tools: overlap needs masks to cut things out, a ground needs other pictures.",
        "The way out is a function of your own that runs on every image, preprocessing_function in Keras: blur some, "
        "darken some, paste things in front. It is the same idea, written by hand.",
    ],
    shows=(stressed, Ranges),
    call="Ranges(rotation_range=20, preprocessing_function=lambda image: blurred(image, random.uniform(0, 3)))",
    answer="About half, or fewer: measure it. Fine edges are what it goes by, and blur takes exactly those.",
    exports={
        "after.png": lambda: png(pixels(after.image)),
        "measured.csv": lambda: figures.curve_table(found).to_csv(index=False),
    },
)
