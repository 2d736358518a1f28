"""One unit and what passes through it: activations, forward and backward, value by value."""
