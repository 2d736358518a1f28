"""Parts of the lab `pages/invariance.py`."""
