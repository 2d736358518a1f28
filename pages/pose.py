"""Detection: Where are the joints?

One idea: a pose is two numbers for every joint, or one map for every joint; hidden joints count for nothing, and in a
mirror left becomes right.
"""

from pages._kit import lab
from pages._parts.pose import views

VIEWS = {
    "Hidden joints": views.masked,
    "In the mirror": views.mirror,
    "Numbers or maps": views.models,
    "A map for each joint": views.maps,
}

lab.opening(
    __doc__,
    predict="A picture of a person is mirrored to have one more to learn from, and its 14 joints move along. How many "
    "of their names are wrong now?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Twelve: all but neck and head. What was the right hand is now a left one.",
    quiz=("Q385", "Q386", "Q387"),
    prepares="ps6",
)
