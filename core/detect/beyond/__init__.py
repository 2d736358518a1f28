"""Beyond boxes: sentences, relations, space."""
