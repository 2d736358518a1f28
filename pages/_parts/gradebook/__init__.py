"""What the gradebook shows and does."""
