"""Parts of the lab `pages/inception.py`."""
