"""Parts of the lab `pages/fractal.py`."""
