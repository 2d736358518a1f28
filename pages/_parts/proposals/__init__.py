"""Parts of the lab `pages/proposals.py`."""
