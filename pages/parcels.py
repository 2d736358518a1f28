"""Features and retrieval: Parcels by hand or by network

One idea: an expert's features need few examples and can be argued about; learned ones need many and no expert.
"""

from pages._kit import lab
from pages._parts.parcels import views

VIEWS = {"Measure one": views.measure, "Draw the lines": views.lines, "Let networks decide": views.networks}

lab.opening(
    __doc__,
    predict="60 parcels to learn from, five kinds. Who is wrong less often: seven measured numbers into a small "
    "network, or a CNN on the height map?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="The measured numbers: about one in five wrong, the CNN about half. With 240 parcels it is one in ten "
    "against two in five: both gain, and the CNN is still behind.",
    quiz=("Q207", "Q208"),
    prepares="ps4",
)
