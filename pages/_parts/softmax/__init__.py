"""Parts of the lab `pages/softmax.py`."""
