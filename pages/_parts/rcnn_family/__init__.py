"""Parts of the lab `pages/rcnn_family.py`."""
