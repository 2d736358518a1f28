"""Parts of the lab `pages/shift_and_stitch.py`."""
