"""Parts of the lab `pages/sea_lions.py`."""
