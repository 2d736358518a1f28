"""Parts of the lab `pages/augmentation.py`."""
