"""Data: What augmentation misses

One idea: a network stands what it was shown. Things in front, another ground and no focus are in none of the usual
ranges, bad exposure hardly, and each costs more than any turn.
"""

import numpy as np

from core.augment.generator import Ranges
from core.augment.limits import SCALES, stressed
from core.data.scenes import CLASSES
from pages._kit import lab
from pages._kit.pairs import pair_table, pairs
from pages._kit.pictures import pixels, png
from pages._kit.shots import Shot, shots
from pages._parts.limits import figures, views

lab.opening(
    __doc__,
    predict="The network names 99 of 100 things right. Hide a third of each: how many does it name then?",
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
    both = {"before": said[0], "after": said[1]}
    lab.chart(
        pairs(CLASSES, both, height=220),
        key="bars",
        alt=f"A {label}: before, {first} with {said[0].max():.0%}; after, {now} with {said[1].max():.0%}.",
        table=pair_table(CLASSES, both),
        quick=True,
    )
    views.measuring(stress)
found = {name: dict(shares) for name, shares in views.shelf().items() if shares}
worst = [f"{name} from {shares[min(shares)]:.0%} to {shares[max(shares)]:.0%}" for name, shares in found.items()]
lab.closing(
    notice=[
        f"To us this is still a {label}. The network learned from sharp, evenly lit things on calm grounds; "
        f"now it says {now}, {said[1].max():.0%} sure.",
        *([f"Measured on {views.SCENES} scenes nobody learned from: {'; '.join(worst)}."] if worst else []),
        "It does not say that it cannot see: it goes on naming things, often with confidence.",
        "Turning, shifting and mirroring the training pictures shows it nothing of this. Keras has a range for "
        "brightness; for the others there is none: overlap needs masks to cut things out, a ground other pictures.",
        "The way out is a function of your own that runs on every image, preprocessing_function in Keras: blur some, "
        "darken some, paste things in front. It is the same idea, written by hand.",
    ],
    shows=(stressed, Ranges),
    call="Ranges(rotation_range=20, preprocessing_function=lambda image: blurred(image, random.uniform(0, 3)))",
    answer="About half, 47 of 100 with 32 % hidden. Two pixels of blur leave 40, another ground 29, and turns up to "
    "upside down 88.",
    quiz=("Q226", "Q227"),
    exports={
        "after.png": lambda: png(pixels(after.image)),
        "measured.csv": lambda: figures.curve_table(found).to_csv(index=False),
    },
)
