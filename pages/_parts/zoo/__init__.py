"""Parts of the lab `pages/zoo.py`."""
