"""Parts of the lab `pages/parcels.py`."""
