"""Doctests in the reference: what an interpreter would show is set apart as code."""

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)
FOR_DOCTEST = re.compile(r"<BLANKLINE>$|  # doctest: .*$", re.MULTILINE)


def fenced(docstring: str) -> str:
    r"""The text with every example between fences, without what is written for doctest alone.

    An example ends with the first empty line.

    >>> fenced("Twice.\n\n>>> twice(2)  # doctest: +SKIP\n4\n\nMore.").split("\n\n")
    ['Twice.', '```pycon\n>>> twice(2)\n4\n```', 'More.']
    """
    return EXAMPLE.sub(lambda example: f"```pycon\n{FOR_DOCTEST.sub('', example[0])}\n```", docstring)


class Doctests(griffe.Extension):
    """Fences the examples of whatever the reference shows."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called once for each module, class and function that was read."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)
