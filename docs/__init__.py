"""The documentation: pages written by hand, and what makes the rest of the site from code and data."""
