"""How the ledger's tables came to be, one step a file; `grading.ledger.form` applies them when a ledger is opened."""
