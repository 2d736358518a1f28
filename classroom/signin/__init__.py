"""Coming in: with a class code and a PIN on a server of one's own, or by the university's provider."""
