"""Parts of the lab `pages/localize.py`."""
