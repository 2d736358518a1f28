"""Parts of the lab `pages/weak_boxes.py`."""
