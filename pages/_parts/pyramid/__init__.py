"""Parts of the lab `pages/pyramid.py`."""
