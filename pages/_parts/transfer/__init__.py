"""Parts of the lab `pages/transfer.py`."""
