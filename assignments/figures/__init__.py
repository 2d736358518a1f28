"""The figures that the problem sets open with; `python -m assignments.figures` draws them into the notebooks."""
