"""What a classifier looks at instead of pixels."""
