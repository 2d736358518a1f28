"""The course folder: nbgrader's own layout, with referees beside it."""
