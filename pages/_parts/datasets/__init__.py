"""Parts of the lab `pages/datasets.py`."""
