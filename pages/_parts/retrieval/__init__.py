"""Parts of the lab `pages/retrieval.py`."""
