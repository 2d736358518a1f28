"""How networks learn: a training loop that can be watched and stopped, and what it shows."""
