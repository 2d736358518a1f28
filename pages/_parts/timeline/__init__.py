"""Parts of the lab `pages/timeline.py`."""
