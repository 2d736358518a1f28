"""Finding objects: boxes, and what is said about them."""
