"""Words that others wrote, drawn where Markdown is read: with its formulas, or as nothing but words."""

import re

MARKUP = frozenset(r"\`*_{}[]()#!|<>$:~&")


def harmless(text: str) -> str:
    r"""Text of a notebook with its formulas; a picture is not fetched, and a heading is none of this page's.

    >>> harmless("# Big ![x](http://e.org/x.png) $x^2$")
    '\\# Big !&#91;x](http://e.org/x.png) $x^2$'
    """
    return re.sub(r"^(\s{0,3})(#+\s)", r"\1\\\2", text.replace("![", "!&#91;"), flags=re.MULTILINE)


def plain(text: str) -> str:
    r"""A name or a heading, letter by letter.

    >>> plain("Ada *L.* ![x](u)")
    'Ada \\*L.\\* \\!\\[x\\]\\(u\\)'
    """
    return "".join(f"\\{letter}" if letter in MARKUP else letter for letter in text)
