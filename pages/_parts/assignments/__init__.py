"""What the page of assignments shows: the list, a notebook to work in, a file to hand in, what was found."""
