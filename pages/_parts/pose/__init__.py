"""Parts of the lab `pages/pose.py`."""
