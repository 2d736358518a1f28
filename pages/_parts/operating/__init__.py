"""What the page of the server is made of."""
