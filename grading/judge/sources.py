"""Cells as Python: IPython's own syntax is tolerated, its magics are left out or unwrapped."""

import ast
import re
from dataclasses import dataclass
from typing import Any

_MAGIC_LINES = {"run_line_magic", "system", "set_next_input", "run_cell_magic"}
_TIMING = {"time", "timeit", "capture", "prun"}  # cell magics whose body runs as it stands
_OPTIONS = re.compile(r"^(\s*-[a-z](\s*[0-9]+)?)+\s+(?=\S)")
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*\n?")


@dataclass(frozen=True)
class Parsed:
    """The statements of a cell, and what was left out of them."""

    tree: ast.Module
    notes: tuple[str, ...] = ()
    quiet: bool = False  # a semicolon at the end: the last value is not shown, so it counts for nothing


def parse(source: str) -> Parsed:
    """The statements of a cell; a SyntaxError if it has none that we can run.

    >>> parse("%matplotlib inline\\nx = 1").notes
    ('A magic command was left out: %matplotlib inline',)
    >>> parse("%%time\\nx = 1").notes
    ('A magic command was left out: %%time',)
    """
    notes = list[str]()
    magic = _CELL_MAGIC.match(source)
    while magic:
        if magic[1] not in _TIMING:
            raise SyntaxError(f"the cell is one for %%{magic[1]}, not Python of its own")
        notes.append(f"A magic command was left out: {magic[0].strip()}")
        source = source[magic.end() :]
        magic = _CELL_MAGIC.match(source)
    try:
        tree = ast.parse(source)
    except SyntaxError:
        tree = ast.parse(_plain(source))
        tree.body = [kept for statement in tree.body for kept in _without_magic(statement, notes)]
    return Parsed(tree, tuple(notes), _quiet(source))


def _plain(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager

    manager: Any = TransformerManager
    return str(manager().transform_cell(source))


def _without_magic(statement: ast.stmt, notes: list[str]) -> list[ast.stmt]:
    """Nothing for a line magic or a shell command by itself, which tests nothing; what %time measures for %time."""
    match statement:
        case ast.Expr(
            ast.Call(ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython")), attr=attr), args=[*args])
        ) if attr in _MAGIC_LINES:
            words = [str(arg.value) for arg in args if isinstance(arg, ast.Constant)]
            mark = "!" if attr == "system" else "%"
            notes.append(f"A magic command was left out: {mark}{' '.join(words).strip()}")
            if attr == "run_line_magic" and words[0] in _TIMING - {"capture"}:
                return ast.parse(_OPTIONS.sub("", words[1])).body
            return []
    return [statement]


def _quiet(source: str) -> bool:
    import io
    import tokenize

    if ";" not in source:
        return False
    last = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER):
                last = token.string
    except (tokenize.TokenError, SyntaxError):
        return False
    return last == ";"
