"""Parts of the lab `pages/workflow.py`."""
