"""Parts of the lab `pages/preprocessing.py`."""
