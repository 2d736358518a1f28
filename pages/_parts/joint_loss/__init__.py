"""Parts of the lab `pages/joint_loss.py`."""
