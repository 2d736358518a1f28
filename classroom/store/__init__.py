"""The memory of the course pages in a database, beside the ledger's tables."""
