"""What belongs to the lab on anchors alone."""
