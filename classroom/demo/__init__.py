"""A course with made-up people, to try everything on and to throw away: real hand-ins, graded by the real grader."""
