"""What is wider than a phone: it scrolls by itself, also by keyboard, and a screen reader knows its name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import pandas as pd
import streamlit as st

from pages._kit.ways import link
from pages._kit.words import blocks, harmless

STYLE = """<style>
.scrolling { overflow-x: auto; }
.scrolling table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.scrolling th, .scrolling td {
  padding: 0.3rem 0.7rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.scrolling th:first-child, .scrolling .words { text-align: left; }
.scrolling th:first-child { padding-left: 0.3rem; }
</style>"""
DRAWN = """<style>
.drawn { overflow-x: auto; margin: 0; padding: 0.75rem 1rem; border-radius: 0.5rem; white-space: pre;
  font: 0.875rem/1.5 "Source Code Pro", ui-monospace, monospace;
  background: color-mix(in srgb, currentColor 5%, transparent); }
</style>"""
_NUMBER = re.compile(r"[-+−±]?[\d.,]+(e[-+]?\d+)?(\s?(%|[a-zµ]{1,3}|of [\d.,]+))?")
_NOTHING = ("", "-", "nan", "None")  # says nothing about its column


@dataclass(frozen=True)
class Way:
    """A cell that leads somewhere."""

    address: str
    title: str


def scrolling(table: pd.DataFrame, *, label: str) -> str:
    """The table as HTML; its index is the first column. Numbers stand to the right, words to the left.

    >>> "<th scope=\\"row\\">w11</th><td>1</td>" in scrolling(pd.DataFrame({"value": [1]}, index=["w11"]), label="all")
    True
    """
    rows = [list(row) for row in table.to_numpy()]
    sides = ["" if _numbers(row[place] for row in rows) else ' class="words"' for place in range(len(table.columns))]
    head = f'<th scope="col">{escape(str(table.index.name or ""))}</th>'
    for name, side in zip(table.columns, sides, strict=True):
        head += f'<th scope="col"{side}>{escape(str(name))}</th>'
    body = ""
    for index, row in zip(table.index, rows, strict=True):
        cells = "".join(f"<td{side}>{_cell(value)}</td>" for value, side in zip(row, sides, strict=True))
        body += f'<tr><th scope="row">{_cell(index)}</th>{cells}</tr>'
    return (
        f'{STYLE}<div class="scrolling" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(title: str, table: pd.DataFrame, *, key: str) -> None:
    """The table behind a fold, drawn when somebody opens it."""
    with st.expander(title, key=key, on_change="rerun") as fold:
        if fold.open:
            st.html(scrolling(table, label=title))


def prose(text: str, *, foreign: bool = False) -> None:
    """A text cell of a notebook; of a `foreign` one headings and pictures are no part of this page.

    Streamlit's own block of code scrolls, but no key reaches it. So Python wraps, and a drawing made of letters, which
    must not, is drawn here.
    """
    for block in blocks(text):
        if block.language == "python":
            st.code(block.text, language="python", wrap_lines=True)
        elif block.fenced:
            st.html(drawn(block.text))
        elif block.text.strip():
            st.markdown(harmless(block.text) if foreign else block.text)


def drawn(text: str) -> str:
    """Letters in their places.

    >>> '>a &lt; b</pre>' in drawn("a < b")
    True
    """
    return f'{DRAWN}<pre class="drawn" tabindex="0" role="group" aria-label="Drawing or code">{escape(text)}</pre>'


def _cell(value: object) -> str:
    return link(value.address, value.title) if isinstance(value, Way) else escape(str(value))


def _numbers(values: Iterable[object]) -> bool:
    """Whether most of a column are numbers, perhaps with a unit; gaps do not count.

    >>> _numbers([1, 2.5, "3 of 6", "-", "+4 %", "none"]), _numbers(["1", "graded"]), _numbers([])
    (True, False, True)
    """
    said = [text for each in values if (text := str(each).strip()) not in _NOTHING]
    return not said or 2 * sum(bool(_NUMBER.fullmatch(text)) for text in said) > len(said)
