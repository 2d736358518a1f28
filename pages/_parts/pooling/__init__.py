"""Parts of the lab `pages/pooling.py`."""
