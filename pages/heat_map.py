"""Segmentation: From classifier to heat map

One idea: a dense layer is a convolution as large as its input. Written so, a classifier of small windows slides over
any image, and gives in one pass what it would say of every window.
"""

from pages._kit import lab
from pages._parts.heat_map.bugs import bugs
from pages._parts.heat_map.maps import heat, larger
from pages._parts.heat_map.padding import padding
from pages._parts.heat_map.work import work

VIEWS = {
    "A larger image": larger,
    "The heat map": heat,
    "What padding changes": padding,
    "What it costs": work,
    "Find the mistakes": bugs,
}

lab.opening(
    __doc__,
    predict="A net classifies windows of 16x16 pixels. It gets an image of 28x28. Which layer is the first that fails?",
)
said = lab.one_of(VIEWS)

lab.closing(
    notice=said.notice,
    shows=said.shows,
    call=said.call,
    answer="The first dense layer. All layers before it slide and make larger maps; it has one weight for each value "
    "of a volume that is now larger. Written as a convolution of the volume's size it slides, too.",
    quiz=("Q09", "E24", "Q321", "Q29"),
    errata=("N116", "D25"),
    prepares="ps3",
    exports=said.exports,
)
