"""Parts of the lab `pages/upsampling.py`."""
