"""Parts of the lab `pages/small_filters.py`."""
