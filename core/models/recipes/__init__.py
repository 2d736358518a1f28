"""The recipes of the built-in models, one file each; the registry finds them by their names."""
