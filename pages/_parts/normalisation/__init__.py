"""Parts of the lab `pages/normalisation.py`."""
