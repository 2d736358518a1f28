"""What is taught: the facts of the lectures as data, and their recomputation."""
