"""Parts of the lab `pages/losses.py`."""
