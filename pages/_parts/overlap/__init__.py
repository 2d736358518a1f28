"""What belongs to the lab on the overlap of boxes alone."""
