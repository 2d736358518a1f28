"""Parts of the lab `pages/residual.py`."""
