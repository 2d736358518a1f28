"""One thing, its joints, or a point for each: what is found without a detector of many boxes."""
