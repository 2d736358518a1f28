"""Networks read from pasted code, which is never run."""
