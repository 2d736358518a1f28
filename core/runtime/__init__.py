"""Running models for many visitors at once: one copy of each, the questions of several in one forward pass."""
