"""Data: Augmentation

One idea: a changed image is a new example for free, as long as its boxes, masks and joints move with it and its label
stays true.
"""

from pages._kit import lab
from pages._parts.augmentation import views

VIEWS = {"Places": views.places, "Values": views.values, "Smooth warp": views.smooth}

lab.opening(
    __doc__,
    predict="Choose the cat and turn it by 45 degrees. Does the box around its eye stay as large, or does it grow?",
)
said = lab.one_of(VIEWS, label="What changes")

lab.closing(
    said,
    answer="It grows: only its four corners are known, and a box around four turned corners is larger. With a mask the "
    "box would be drawn anew around the turned pixels.",
    quiz=("Q140", "Q141", "Q142", "Q08"),
    prepares="ps5",
)
