"""What the students of the demo course wrote: for every cell ways that are right and ways that are not.

They are texts, put into notebooks and run in the sandbox like anybody's. What they earn is for the grader to say.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answers:
    """One cell. An answer in words has no wrong ways: a person decides."""

    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()
