"""Parts of the lab `pages/densenet.py`."""
