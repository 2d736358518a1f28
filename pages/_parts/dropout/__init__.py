"""Parts of the lab `pages/dropout.py`."""
