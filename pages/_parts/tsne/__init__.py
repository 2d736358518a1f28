"""Parts of the lab `pages/tsne.py`."""
