"""Parts of the lab `pages/tasks.py`."""
