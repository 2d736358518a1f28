"""Parts of the lab `pages/errata.py`."""
