"""COCO's evaluation of detections: the plain way, a fast way that gives the same bits, and its files."""
