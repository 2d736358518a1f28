"""Parts of the lab `pages/gradients.py`."""
