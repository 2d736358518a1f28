"""People and roles."""
