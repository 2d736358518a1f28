"""Parts of the lab `pages/overfitting.py`."""
