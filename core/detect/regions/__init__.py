"""Detectors of two stages: regions are proposed, then each is looked at; R-CNN to Mask R-CNN."""
