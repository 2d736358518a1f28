"""Answers of the student's process as plain data: a JSON head and raw buffers, read by exact meaning, never unpickled.

A scalar is itself; everything else is a JSON list that begins with a word: `["tuple", 1, 2]`. What has no word of its
own stays where it is and travels as a handle. The reader believes nothing: whatever an honest writer does not write is
a ForgedAnswer.
"""

from grading.judge.reader import decode
from grading.judge.writer import encode

__all__ = ["decode", "encode"]
