"""Where a class was seen: activation maps, sharper ones from many views, boxes from them, and a check of all that."""
