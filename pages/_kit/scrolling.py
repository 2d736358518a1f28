"""A table that is wider than a phone: it scrolls by itself, also by keyboard, and a screen reader knows its name."""

from html import escape

import pandas as pd
import streamlit as st

STYLE = """<style>
.scrolling { overflow-x: auto; }
.scrolling table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.scrolling th, .scrolling td {
  padding: 0.3rem 0.7rem; text-align: right; white-space: nowrap;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.scrolling th:first-child { text-align: left; padding-left: 0.3rem; }
</style>"""


def scrolling(table: pd.DataFrame, *, label: str) -> str:
    """The table as HTML; its index is the first column.

    >>> "<th scope=\\"row\\">w11</th><td>1</td>" in scrolling(pd.DataFrame({"value": [1]}, index=["w11"]), label="all")
    True
    """
    names = [table.index.name or "", *table.columns]
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in names)
    body = ""
    for index, row in zip(table.index, table.to_numpy(), strict=True):
        cells = "".join(f"<td>{escape(str(value))}</td>" for value in row)
        body += f'<tr><th scope="row">{escape(str(index))}</th>{cells}</tr>'
    return (
        f'{STYLE}<div class="scrolling" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def folded(title: str, table: pd.DataFrame, *, key: str) -> None:
    """The table behind a fold, drawn when somebody opens it."""
    with st.expander(title, key=key, on_change="rerun") as fold:
        if fold.open:
            st.html(scrolling(table, label=title))
