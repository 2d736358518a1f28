"""Augmentation: new training images made of old ones, and their truth with them."""
