"""Data: What is in a data set?

One idea: a network can only learn what somebody wrote down, so look at the examples, and at what is known about each.
"""

from pages._kit import lab
from pages._parts.datasets import views

VIEWS = {"Examples": views.browse, "Work for each image": views.genome}

lab.opening(__doc__, predict="A colour image of 32x32 pixels is written as one vector. How long is it?")
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="3072: every pixel has three numbers, 32 · 32 · 3.",
    quiz=("Q211", "Q212", "Q213"),
)
