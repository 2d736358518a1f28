"""Features and retrieval: Neighbours by pixels, neighbours by meaning

One idea: pictures of one class lie together in a deep layer and not in pixel space. A map of neighbours shows it, as
long as nobody reads more from the map than it knows.
"""

from pages._kit import lab
from pages._parts.tsne import views

VIEWS = {"Two maps": views.two_maps, "How honest is a map?": views.honesty}

lab.opening(
    __doc__,
    predict="Take a picture and its five nearest, once by pixels and once in a deep layer. How many share its class?",
)
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="With digits anywhere about one of five by pixels, and four or five in the layer before the classifier.",
    quiz=("Q196", "Q197"),
    prepares="ps4",
)
