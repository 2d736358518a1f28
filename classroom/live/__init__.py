"""The live class: where it is, who moves it, what it is asked and what it answers."""
