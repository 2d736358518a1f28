"""Parts of the lab `pages/sliding.py`."""
