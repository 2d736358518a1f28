"""What an instructor may write into a test that a second process cannot do: one function a habit, a sentence each."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_INSIDES = {"__code__", "__globals__", "__closure__", "__wrapped__", "__self__", "__func__"}
_SOURCE_READERS = {
    "getsource",
    "getsourcelines",
    "getsourcefile",
    "getfile",
    "getclosurevars",
    "dis",
    "get_instructions",
}
_SHELL = {"In", "Out", "get_ipython", "_", "__", "_ih", "_oh"}
_SINGLETONS = (None, True, False, ...)


@dataclass(frozen=True)
class Definitions:
    """What the instructor's solution defines: these names are the student's when a test runs."""

    names: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


class Cell:
    """A test cell, and which of its expressions are the student's."""

    def __init__(self, tree: ast.Module, defined: Definitions) -> None:
        self.tree, self.defined = tree, defined
        self.nodes: list[Any] = list(ast.walk(tree))
        self.objects = self._assigned(lambda call: self.root(call.func) in defined.classes)
        self.answers = self._assigned(lambda call: self.root(call.func) in defined.names)

    def _assigned(self, is_one: Callable[[ast.Call], bool]) -> set[str]:
        """Names of variables that hold what such a call returned."""
        return {
            target.id
            for node in self.nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and is_one(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def root(self, node: ast.AST) -> str:
        """The name a chain of attributes, items and calls begins with."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Await):
            node = node.func if isinstance(node, ast.Call) else node.value
        return node.id if isinstance(node, ast.Name) else ""

    def theirs(self, node: ast.AST) -> bool:
        """Whether an expression is what the student's code returned."""
        if isinstance(node, ast.Call) and self.root(node) in self.defined.names:
            return True
        return self.root(node) in self.answers


Rows = Iterator[tuple[int, str]]


def _inside(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.Attribute) and node.attr in _INSIDES and cell.root(node) in cell.defined.names:
            yield (
                node.lineno,
                f"{node.attr} looks inside {cell.root(node)}, which stays in the student's process: "
                "test what it answers instead.",
            )
        if isinstance(node, ast.Call) and _called(node) in _SOURCE_READERS and node.args:
            name = cell.root(node.args[0])
            if name in cell.defined.names:
                yield node.lineno, f"{_called(node)} reads the source of {name}, which the judge does not have."


def _types(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Call) and _called(side) == "type" for side in sides):
                for side in sides:
                    if isinstance(side, ast.Name) and side.id in cell.defined.classes:
                        yield (
                            node.lineno,
                            f"type() never gives the student's class {side.id}: write isinstance(..., {side.id}).",
                        )
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if cell.root(base) in cell.defined.classes:
                    yield node.lineno, f"The test inherits from {cell.root(base)}, a class in the student's process."


def _patches(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.Call) and _called(node) in {"patch", "object", "dict", "setattr"} and node.args:
            first = node.args[0]
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if text.startswith(("__main__.", "builtins.")):
                yield node.lineno, f"Replacing {text} in the test changes nothing for the student's code."
            if _called(node) == "object" and cell.root(first) in cell.defined.names | {"builtins", "__main__"}:
                yield node.lineno, f"Replacing a part of {cell.root(first)} changes nothing for the student's code."
        targets = node.targets if isinstance(node, ast.Assign) else ()
        for target in targets:
            if isinstance(target, ast.Attribute) and cell.root(target) in {"builtins", "sys"}:
                yield (
                    node.lineno,
                    f"Replacing {ast.unparse(target)} in the test changes nothing for the student's code.",
                )


def _replaced(cell: Cell) -> Rows:
    for statement in cell.tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name in cell.defined.names:
            yield statement.lineno, _only_here(statement.name)
    for node in cell.nodes:
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Name) and not cell.theirs(node.value):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in cell.defined.names:
                    yield node.lineno, _only_here(target.id)


def _only_here(name: str) -> str:
    return f"The test gives {name} another meaning, which the student's code never sees."


def _shell(cell: Cell) -> Rows:
    bound = {node.id for node in cell.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in cell.nodes:
        if _loads(node) and node.id in _SHELL - bound:
            yield node.lineno, f"{node.id} belongs to the student's session, which the judge does not have."


def _in_place(cell: Cell) -> Rows:
    for place, statement in enumerate(cell.tree.body[:-1]):
        match statement:
            case ast.Expr(ast.Call(func=ast.Name(id=name), args=args)) if name in cell.defined.names:
                rest: list[Any] = [part for after in cell.tree.body[place + 1 :] for part in ast.walk(after)]
                later = {part.id for part in rest if _loads(part)}
                for arg in args:
                    if isinstance(arg, ast.Name) and arg.id in later:
                        yield (
                            statement.lineno,
                            f"{name} works on a copy of {arg.id}: what it changes in place the test does not see. "
                            "Let it return the result.",
                        )


def _identity(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.Compare) and any(isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops):
            sides = [node.left, *node.comparators]
            plain = any(isinstance(side, ast.Constant) and side.value in _SINGLETONS for side in sides)
            if not plain and any(cell.theirs(side) for side in sides):
                yield node.lineno, "An answer is a copy, so `is` says nothing about it: compare with ==."


def _gradients(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            through = node.func.attr == "backward" and cell.theirs(node.func.value)
            asked = ast.unparse(node.func).endswith("autograd.grad") and any(map(cell.theirs, node.args))
            if through or asked:
                yield (
                    node.lineno,
                    "No gradient flows back through an answer: call backward() in a function of the student's or in "
                    "a locked cell.",
                )


def _operators(cell: Cell) -> Rows:
    for node in cell.nodes:
        sides: list[ast.expr] = []
        if isinstance(node, ast.BinOp):
            sides = [node.left, node.right]
        elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            sides = [node.operand]
        elif isinstance(node, ast.Compare) and any(
            isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for operator in node.ops
        ):
            sides = [node.left, *node.comparators]
        for side in sides:
            made = (
                isinstance(side, ast.Call) and isinstance(side.func, ast.Name) and side.func.id in cell.defined.classes
            )
            if made or (isinstance(side, ast.Name) and side.id in cell.objects):
                yield side.lineno, f"{ast.unparse(side)} stays in the student's process: operators are not asked there."


def _managers(cell: Cell) -> Rows:
    for node in cell.nodes:
        if isinstance(node, ast.With):
            for item in node.items:
                if cell.theirs(item.context_expr):
                    yield node.lineno, "`with` does not enter an object of the student's: call its methods instead."


def _counts_nothing(cell: Cell) -> Rows:
    loaded = {node.id for node in cell.nodes if _loads(node)}
    for statement in cell.tree.body:
        name = statement.name if isinstance(statement, ast.FunctionDef) else ""
        if name.startswith("test") and name not in loaded:
            yield statement.lineno, f"Nothing calls {name}, so the cell passes without testing anything."
    last = cell.tree.body[-1] if cell.tree.body else None
    if isinstance(last, ast.Expr):
        if isinstance(last.value, ast.Compare | ast.BoolOp):
            yield last.lineno, "The last line compares and asserts nothing: the cell passes whatever it says."
        elif isinstance(last.value, ast.Call) and cell.theirs(last.value):
            yield (
                last.lineno,
                "The last line is the student's answer: a number there would be read as points. Assert something, "
                "or end the line with a semicolon.",
            )


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _loads(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


RULES: tuple[Callable[[Cell], Rows], ...] = (
    *(_inside, _types, _patches, _replaced, _shell, _in_place),
    *(_identity, _gradients, _operators, _managers, _counts_nothing),
)
