"""Parts of the lab `pages/mixup.py`."""
