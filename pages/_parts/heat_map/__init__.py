"""Parts of the lab `pages/heat_map.py`."""
