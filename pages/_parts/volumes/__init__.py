"""Parts of the lab `pages/volumes.py`."""
