"""What pages share: the frame of a lab, figures, and the way around."""
