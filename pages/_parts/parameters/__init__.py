"""Parts of the lab `pages/parameters.py`."""
