"""What belongs to the lab on non-maximum suppression alone."""
