"""Parts of the lab `pages/limits.py`."""
