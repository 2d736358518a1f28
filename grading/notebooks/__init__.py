"""Notebooks as they are handed in and as they are graded: read with care, rebuilt from the instructor's own."""
