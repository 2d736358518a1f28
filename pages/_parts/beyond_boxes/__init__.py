"""Parts of the lab `pages/beyond_boxes.py`."""
