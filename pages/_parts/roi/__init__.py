"""Parts of the lab `pages/roi.py`."""
