"""Parts of the lab `pages/mask_rcnn.py`."""
