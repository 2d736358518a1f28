"""Parts of the lab `pages/cam.py`."""
