"""Words that others wrote, drawn where Markdown is read: with its formulas, or as nothing but words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_BEFORE = r"(?:\s|>|[-*+]\s|\d+[.)]\s)*"  # quotes and lists may hold headings as well
_HEADING = re.compile(rf"({_BEFORE})#{{1,6}}(?:\s|$)")
_UNDERLINE = re.compile(r"[\s>]*(=+|-+)\s*")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\w*)[^`]*")
_EMBEDDED = re.compile(r"!\[([^\[\]]*)\]\(data:[\w+/=;:,.%-]*\)")
MARKUP = frozenset(r"\`*_{}[]()#!|<>$:~&")


class Block(NamedTuple):
    """A part of a text: words, or what stands between two fences."""

    text: str
    fenced: bool = False
    language: str = ""


def blocks(text: str) -> Iterator[Block]:
    """Words and fenced code in their order; a fence that nothing closes lasts to the end.

    >>> [block.text for block in blocks("a\\n```\\n# b\\n```\\nc")]
    ['a', '# b', 'c']
    """
    lines: list[str] = []
    fence, language = "", ""
    for line in text.splitlines():
        mark = line.strip()
        if fence and len(mark) >= len(fence) and set(mark) == set(fence):
            yield Block("\n".join(lines), True, language)
            lines, fence = [], ""
        elif not fence and (opened := _FENCE.fullmatch(line)):
            yield Block("\n".join(lines))
            lines, fence, language = [], opened[1], opened[2]
        else:
            lines.append(line)
    yield Block("\n".join(lines), bool(fence), language if fence else "")


def without_pictures(text: str) -> str:
    """What a notebook's text says of its pictures, in place of the thousands of letters that they are made of.

    >>> without_pictures("See ![a cat](data:image/png;base64,iVBOR=).")
    'See (picture: a cat).'
    """
    return _EMBEDDED.sub(r"(picture: \1)", text)


def harmless(text: str) -> str:
    r"""Text of a notebook with its formulas; no picture is fetched, and its headings are bold lines, none of this page.

    >>> harmless("# Big ![x](http://e.org/x.png) $x^2$")
    '\n**Big !&#91;x](http://e.org/x.png) $x^2$**\n'
    """
    return "\n".join(map(_quiet, text.splitlines())).replace("![", "!&#91;")


def _quiet(line: str) -> str:
    """A line that makes no heading, neither of itself nor of the line above it."""
    if heading := _HEADING.match(line):
        words = line[heading.end() :].replace("**", "").strip()
        bold = f"**{words}**" if words else ""
        return f"{heading[1]}{bold}" if heading[1].strip() else f"\n{bold}\n"
    return f"\n{line}" if _UNDERLINE.fullmatch(line) else line


def plain(text: str) -> str:
    r"""A name or a heading, letter by letter.

    >>> plain("Ada *L.* ![x](u)")
    'Ada \\*L.\\* \\!\\[x\\]\\(u\\)'
    """
    return "".join(f"\\{letter}" if letter in MARKUP else letter for letter in text)
