"""Parts of the lab `pages/nearest.py`."""
