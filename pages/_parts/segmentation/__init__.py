"""What belongs to the segmentation studio alone."""
