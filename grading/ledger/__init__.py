"""What happened, appended and never changed: submissions, attempts, outcomes, marks, releases."""
