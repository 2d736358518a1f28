"""Hand-in, sandbox, judge, ledger: what becomes of a submission. It moves notebooks and marks; it knows no vision."""
