"""The figures of the lectures, worked out again from core: one file for each topic."""

from syllabus.recompute import (
    activations,
    architectures,
    course,
    fields,
    filters,
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
    "course",
    "fields",
    "filters",
    "operations",
    "parameters",
    "shapes",
    "upsampling",
    "zoo",
]
