"""Parts of the lab `pages/regression.py`."""
