"""Data sets: what is in them, by the sets of core that stand for them."""

from core.data.aerial import KINDS
from core.models.patch_net import CLASSES
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value


@ours("N162")
def sea_lion_types() -> Value:
    """Classes of the patch classifier without background."""
    return len(KINDS)


@claim("N162")
def background_taken_for_a_type() -> Value:
    """All classes, background counted as a type."""
    return len(CLASSES)
