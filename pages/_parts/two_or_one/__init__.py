"""Parts of the lab `pages/two_or_one.py`."""
