"""Boxes and shapes in space: how many numbers each takes."""

from core.detect.beyond.shapes3d import sizes
from core.detect.beyond.solid import Solid
from syllabus.recompute.registry import ours
from syllabus.tables import Value


@ours("N156")
def numbers_of_a_box_in_space() -> Value:
    """All, and those of a box without roll and pitch."""
    box = Solid(0.0, 0.0, 10.0, 1.8, 1.5, 4.0)
    return len(box.numbers()), len(box.numbers(level=True))


@ours("N157")
def numbers_of_shapes_in_space() -> Value:
    """Voxels, points and a mesh, for D = 32, V = 1024 and F = 2044."""
    return tuple(sizes(side=32, corners=1024, triangles=2044).values())
