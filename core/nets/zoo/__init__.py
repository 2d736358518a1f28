"""Published architectures, one file each, written as layer tables."""
