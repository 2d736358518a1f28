"""Parts of the lab `pages/backprop.py`."""
