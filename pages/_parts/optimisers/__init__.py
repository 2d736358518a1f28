"""Parts of the lab `pages/optimisers.py`."""
