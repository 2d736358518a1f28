"""Parts of the lab `pages/detection_studio.py`."""
