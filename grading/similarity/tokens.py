"""Code as a row of tokens in which names, spelling and layout do not count.

A student's text is never handed to Python's own tokenizer or parser: one regular expression reads it from left to
right, also where it is no Python at all, in a time that grows with its length alone.
"""

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 60_000  # letters of one student's code that are looked at
NAME, NUMBER, TEXT = "name", "number", "text"
_WORDS = frozenset(keyword.kwlist)
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<text>(?:\b[rbfuRBFU]{1,2})?(?:
        \"{3}(?:[^\\]|\\.?)*?(?:\"{3}|\Z) | '{3}(?:[^\\]|\\.?)*?(?:'{3}|\Z)
      | \"(?:[^\"\\\n]|\\.?)*(?:\"|(?=\n)|\Z) | '(?:[^'\\\n]|\\.?)*(?:'|(?=\n)|\Z) ))
  | (?P<name>[^\W\d]\w*)
  | (?P<number>(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)[jJ]?)
  | (?P<sign>\*\*=?|//=?|<<=?|>>=?|->|:=|\.\.\.|[-+*/%@&|^<>=!]=|[^\w\s\\;])
  | (?P<end>\n)
  | [^\S\n]+ | \\\n? | ;
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A keyword, a sign, or what kind of thing stands there; and its line, from 1."""

    text: str
    line: int


def tokens(source: str, *, line: int = 1) -> tuple[Token, ...]:
    r"""The tokens of a cell whose first line has this number.

    Comments, docstrings, layout and a comma before a closing bracket leave no trace.

    >>> [token.text for token in tokens("def f(x):\n    'Twice.'\n    return 2 * x  # so\nf(  3,\n)")]
    ['def', 'name', '(', 'name', ')', ':', 'return', 'number', '*', 'name', 'name', '(', 'number', ')']
    """
    found = list(_without_docstrings(list(_read(source, line))))
    return tuple(one for one, after in zip(found, [*found[1:], None], strict=False) if not _trails(one, after))


def _read(source: str, line: int) -> Iterator[Token]:
    """Every token, ends of lines among them."""
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match.group()
        if kind == "name":
            yield Token(text if text in _WORDS else NAME, line)
        elif kind in ("text", "number"):
            yield Token(kind, line)
        elif kind in ("sign", "end"):
            yield Token(text, line)
        line += text.count("\n")


def _without_docstrings(found: Sequence[Token]) -> Iterator[Token]:
    """All but ends of lines, and texts that stand alone on their lines outside of brackets."""
    depth = 0
    around = ["\n", *(one.text for one in found), "\n"]
    for before, one, after in zip(around, found, around[2:], strict=False):
        depth = max(0, depth + (one.text in ("(", "[", "{")) - (one.text in (")", "]", "}")))
        alone = one.text == TEXT and before == after == "\n" and not depth
        if one.text != "\n" and not alone:
            yield one


def _trails(one: Token, after: Token | None) -> bool:
    return one.text == "," and after is not None and after.text in (")", "]", "}")
