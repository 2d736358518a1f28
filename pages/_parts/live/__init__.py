"""What the page of the live class shows: joining and presenting, questions, plans, results, practice."""
