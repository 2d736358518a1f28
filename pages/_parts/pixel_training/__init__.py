"""Parts of the lab `pages/pixel_training.py`."""
