"""Parts of the lab `pages/test_time.py`."""
