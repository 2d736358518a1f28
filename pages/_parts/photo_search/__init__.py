"""Parts of the lab `pages/photo_search.py`."""
