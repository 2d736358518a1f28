"""Reading test cells when an assignment is built: what cannot be judged in a second process, said before it counts.

These are reasons found in the text. Whether a cell is judged as it should be is shown by running the instructor's own
solution both ways, so a finding is a warning with a remedy, and no finding is no proof.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.judge.rules import RULES, Cell, Definitions
from grading.judge.sources import parse

__all__ = ["Definitions", "Finding", "definitions", "examine", "uses"]


@dataclass(frozen=True)
class Finding:
    """Why a test cell may not be judged as its author means it."""

    cell: int  # place in the list that was examined
    line: int
    problem: str


def definitions(sources: Sequence[str]) -> Definitions:
    """The names that these cells bind on their top level, imports apart.

    >>> sorted(definitions(["import math\\ndef f(): x = 1\\nclass C: pass\\na, b = 1, 2"]).names)
    ['C', 'a', 'b', 'f']
    """
    names, classes = set[str](), set[str]()
    for source in sources:
        for node in _top_level(_tree(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            if isinstance(node, ast.ClassDef):
                classes.add(node.name)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return Definitions(frozenset(names), frozenset(classes))


def uses(source: str) -> frozenset[str]:
    """The names that a cell reads and does not bind itself.

    >>> sorted(uses("squares = [x * x for x in values]; mean(squares) == 2"))
    ['mean', 'values']
    """
    names = {node.id for node in ast.walk(_tree(source)) if isinstance(node, ast.Name)}
    return frozenset(names - definitions([source]).names)


def examine(tests: Sequence[str], defined: Definitions) -> list[Finding]:
    """Everything in these test cells that a second process cannot do, in the order of the text.

    >>> solution = definitions(["def double(x): return 2 * x"])
    >>> examine(["assert double.__code__"], solution)[0].problem
    "__code__ looks inside double, which stays in the student's process: test what it answers instead."
    """
    found = list[Finding]()
    for place, source in enumerate(tests):
        try:
            tree = parse(source).tree
        except (SyntaxError, ValueError) as error:
            found.append(Finding(place, getattr(error, "lineno", 0) or 0, f"The cell does not run as Python: {error}."))
            continue
        cell = Cell(tree, defined)
        rows = [(line, problem) for rule in RULES for line, problem in rule(cell)]
        found += [Finding(place, line, problem) for line, problem in sorted(set(rows))]
    return found


def _tree(source: str) -> ast.Module:
    try:
        return parse(source).tree
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def _top_level(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.expr_context):
            yield from _top_level(node)
