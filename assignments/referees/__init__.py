"""One referee file per assignment: the trusted side, which knows the right answers."""
