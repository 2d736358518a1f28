"""Parts of the lab `pages/spoof.py`."""
