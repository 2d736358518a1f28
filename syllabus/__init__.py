"""What is taught: the facts of the lectures as data, and their recomputation.

systems.toml        everything the lectures teach, and where the house shows it
numbers.toml        every figure they print or imply, our verdict and the right value
discrepancies.toml  where they contradict themselves or each other, beyond single figures
questions.toml      what is asked beside the labs and in class
slides.toml         the mistakes of both, each on a slide where it is to be found
problem_sets.toml   the eight sets the labs prepare for
recompute/          the functions that work the figures out again from core
lessons/            plans of lessons to begin with, as text
written, plans      read the questions and plans that instructors write themselves
"""
