"""Parts of the lab `pages/pixel_detection.py`."""
