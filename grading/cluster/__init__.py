"""Grading on the machines of a Ray cluster: Ray keeps a grader on each of them, the ledger decides who grades what."""
