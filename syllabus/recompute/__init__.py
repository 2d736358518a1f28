"""The figures of the lectures, worked out again from core: one file for each topic."""

from syllabus.recompute import (
    activations,
    architectures,
    augmentation,
    course,
    data_sets,
    fields,
    filters,
    learning,
    operations,
    parameters,
    shapes,
    upsampling,
    zoo,
)
from syllabus.recompute.registry import CLAIMS, OURS

__all__ = [
    "CLAIMS",
    "OURS",
    "activations",
    "architectures",
    "augmentation",
    "course",
    "data_sets",
    "fields",
    "filters",
    "learning",
    "operations",
    "parameters",
    "shapes",
    "upsampling",
    "zoo",
]
