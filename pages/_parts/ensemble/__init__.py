"""Parts of the lab `pages/ensemble.py`."""
