"""Parts of the lab `pages/layer.py`."""
