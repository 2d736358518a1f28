"""Parts of the lab `pages/connectivity.py`."""
