"""Detection: Intersection over union

One idea: how well a box fits is what two boxes share over what they cover together, if both are written the same way.
"""

from pages._kit import lab
from pages._parts.overlap import views

VIEWS = {
    "Two boxes": views.two,
    "Ways to write a box": views.forms,
    "Offsets from a base box": views.offsets,
    "Where a box ends": views.ends,
}

lab.opening(__doc__, predict="Two boxes of equal size, one moved to the side by half of its width. What is their IoU?")
said = lab.one_of(VIEWS)
lab.closing(
    said,
    answer="One third: half a box is shared, and together they cover one and a half. It would not count as a hit.",
    prepares="ps7",
    quiz=("Q401", "Q402", "Q403", "Q404", "Q405"),
)
