"""Parts of the lab `pages/separable.py`."""
