"""The figures of the lectures, worked out again from core: one file for each topic."""

from syllabus.recompute import architectures, course, fields, filters, operations, parameters, shapes, upsampling
from syllabus.recompute.registry import CLAIMS, OURS

__all__ = [
    "CLAIMS",
    "OURS",
    "architectures",
    "course",
    "fields",
    "filters",
    "operations",
    "parameters",
    "shapes",
    "upsampling",
]
