"""Parts of the lab `pages/input_layers.py`."""
