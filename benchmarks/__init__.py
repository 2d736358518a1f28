"""Measuring Fovea beside its peers. `make bench` runs every bench and writes RESULTS.md; nothing else writes it."""
