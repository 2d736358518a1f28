"""Detection: Beyond boxes

One idea: a box and a class are the beginning. A picture can also be told in sentences, as a graph of things and
relations, or in space; each says more, and each asks for more numbers.
"""

from pages._kit import lab
from pages._parts.beyond_boxes import further, graph, shapes, space, words

VIEWS = {
    "A box in space": space.view,
    "A shape in space": shapes.view,
    "Scene graph": graph.view,
    "Dense captions": words.dense,
    "Word by word": words.decoding,
    "Read on": further.view,
}

lab.opening(
    __doc__,
    predict="A box in a picture has four numbers. How many does a car on a street have, as a box in space?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="Seven: three for the place, three for the sides, and one angle. With roll and pitch it would be nine.",
    quiz=("Q495", "Q496", "Q497", "Q498", "Q499"),
)
