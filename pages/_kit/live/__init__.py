"""The live class on every page: what the class sees, the stream that tells of it, the bar above the lab."""
