"""Parts of the lab `pages/convolution.py`."""
