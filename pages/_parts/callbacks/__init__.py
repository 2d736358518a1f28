"""Parts of the lab `pages/callbacks.py`."""
