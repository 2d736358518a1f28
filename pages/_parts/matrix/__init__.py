"""Parts of the lab `pages/matrix.py`."""
