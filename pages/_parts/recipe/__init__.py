"""Parts of the lab `pages/recipe.py`."""
