"""Parts of the lab `pages/levels.py`."""
