"""The icon font, cut down to the icons in use: a tenth of its bytes, and every visitor fetches it first.

An icon is a ligature: the letters of its name turn into one picture. `make icons` keeps the names that Streamlit's
own scripts and our pages speak of, and drops the rest of the font that Streamlit ships.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import streamlit

SLIM = Path(__file__).parent / "static" / "icons.woff2"
FRONTEND = Path(streamlit.__file__).parent / "static" / "static"
PAGES = Path(__file__).resolve().parents[1]


def font() -> Path:
    """The whole icon font of the installed Streamlit."""
    return next((FRONTEND / "media").glob("MaterialSymbols-Rounded.*.woff2"))


def wanted() -> set[str]:
    """The icons somebody may ask for: `:material/...:` in Streamlit's scripts, its Python or our pages."""
    theirs = [*(FRONTEND / "js").glob("*.js"), *FRONTEND.parents[1].rglob("*.py")]
    return {name for path in theirs for name in _named(path)} | set(ours())


def ours() -> Iterator[str]:
    """The icons of our own pages."""
    for path in PAGES.rglob("*.py"):
        yield from _named(path)


def _named(path: Path) -> list[str]:
    return re.findall(r":material/([a-z0-9_]+):", path.read_text(encoding="utf-8"))


def ligatures(opened: Any) -> set[str]:
    """The names of all icons in a font."""
    letters = {glyph: chr(code) for code, glyph in opened.getBestCmap().items()}
    found = set()
    for lookup in opened["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, rows in getattr(table.ExtSubTable, "ligatures", {}).items():
                found |= {"".join(letters.get(glyph, "?") for glyph in (first, *row.Component)) for row in rows}
    return found


def slim() -> None:
    """Write the font anew with the wanted icons only."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    opened = TTFont(font())
    names = wanted() & ligatures(opened)
    letters = {glyph for code, glyph in opened.getBestCmap().items() if chr(code) in set("".join(names))}
    for lookup in opened["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            _keep(table.ExtSubTable, names, opened.getBestCmap())
    options = subset.Options(flavor="woff2", layout_features=["*"], layout_closure=True, glyph_names=False)
    cutter = subset.Subsetter(options)
    cutter.populate(glyphs=letters)
    cutter.subset(opened)
    subset.save_font(opened, SLIM, options)


def _keep(table: Any, names: set[str], letters: dict[int, str]) -> None:
    character = {glyph: chr(code) for code, glyph in letters.items()}
    for first, rows in table.ligatures.items():
        spelt = {id(row): "".join(character.get(glyph, "?") for glyph in (first, *row.Component)) for row in rows}
        table.ligatures[first] = [row for row in rows if spelt[id(row)] in names]


if __name__ == "__main__":
    slim()
