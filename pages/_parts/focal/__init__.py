"""Parts of the lab `pages/focal.py`."""
