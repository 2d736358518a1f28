"""Parts of the lab `pages/unet.py`."""
