"""Parts of the lab `pages/receptive_field.py`."""
