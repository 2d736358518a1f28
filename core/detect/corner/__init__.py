"""Detectors without anchors: an object is a pair of corners."""
