"""Parts of the lab `pages/average_precision.py`."""
