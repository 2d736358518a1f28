"""Keeping a course: the whole of it as one file and back again, and letting go of what a deleted person left."""
