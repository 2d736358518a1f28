"""What the marking page shows and does."""
