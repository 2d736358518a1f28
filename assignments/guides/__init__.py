"""A guide for the instructor of every set; `python -m assignments.guides` writes the tables in them anew."""
