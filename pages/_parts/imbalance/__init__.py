"""Parts of the lab `pages/imbalance.py`."""
