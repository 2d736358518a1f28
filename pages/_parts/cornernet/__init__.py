"""Parts of the lab `pages/cornernet.py`."""
