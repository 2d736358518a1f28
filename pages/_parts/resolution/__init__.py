"""Parts of the lab `pages/resolution.py`."""
