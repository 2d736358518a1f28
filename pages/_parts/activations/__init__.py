"""Parts of the lab `pages/activations.py`."""
