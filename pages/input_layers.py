"""Data: What stands before the network

One idea: some layers make up new images and act in training only, others bring images into form and act always.
"""

from pages._kit import lab
from pages._parts.input_layers import views

VIEWS = {"Layers": views.layers, "Ranges and fill": views.ranges, "Folders": views.folders}

lab.opening(__doc__, predict="RandomRotation(0.1) turns an image. By how many degrees at most?")
said = lab.one_of(VIEWS)

lab.closing(
    said,
    answer="36, either way: 0.1 of a full turn of 360 degrees.",
    quiz=("Q146", "Q147"),
)
