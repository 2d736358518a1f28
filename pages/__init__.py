"""One file per lab."""
