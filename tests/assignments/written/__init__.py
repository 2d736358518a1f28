"""Each set in other hands: right answers, written differently. The sandbox runs these files as a student's notebook."""
