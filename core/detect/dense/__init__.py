"""Detectors of one stage: every place of a grid answers at once; YOLO, SSD, pyramids, the focal loss."""
