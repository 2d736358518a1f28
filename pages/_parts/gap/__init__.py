"""Parts of the lab `pages/gap.py`."""
