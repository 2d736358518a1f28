"""Parts of the lab `pages/yolo.py`."""
