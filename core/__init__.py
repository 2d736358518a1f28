"""The reference: every idea of the course as plain, typed, tested functions."""
