"""Parts of the lab `pages/fcn.py`."""
