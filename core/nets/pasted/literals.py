"""What stands between the brackets of a call, taken as it is written: whole numbers, pairs, words, True and False.

Nothing is evaluated but products and sums of whole numbers, such as 16 * 5 * 5, and those within bounds.
"""

import ast
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.types import Pair, Shape

MOST_NUMBER = 10**9
MOST_NESTED = 12  # brackets and signs around a number
SIGNS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Mult: operator.mul,
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.FloorDiv: operator.floordiv,
}


class Unreadable(Exception):
    """Something that is not read; it becomes a FormError with its line."""

    def __init__(self, message: str, node: ast.expr | None = None) -> None:
        super().__init__(message)
        self.line = node.lineno if node is not None else None


@dataclass(frozen=True)
class Arguments:
    """The arguments of one call, by name."""

    kind: str
    call: ast.Call
    given: dict[str, ast.expr]

    def whole(self, name: str, usual: int | None = None, *, least: int = 1, most: int = 65_536) -> int:
        """A whole number; needed where there is no usual one."""
        return whole(self._node(name, usual is None), f"{self.kind}: {name}", least=least, most=most, usual=usual)

    def pair(self, name: str, usual: int | Pair | None = None, *, least: int = 1, most: int = 1024) -> Pair:
        """A size in both directions: one number, or a pair of two."""
        node = self._node(name, usual is None)
        if node is None or _is_none(node):
            if usual is None:
                raise Unreadable(f"{self.kind} needs {name}, such as 3 or (3, 1)", self.call)
            return usual if isinstance(usual, tuple) else (usual, usual)
        sides = _parts(node) or (node, node)
        if len(sides) != 2:
            raise Unreadable(f"{self.kind}: {name} is one number or a pair, got {len(sides)}", node)
        rows, columns = (whole(side, f"{self.kind}: {name}", least=least, most=most) for side in sides)
        return rows, columns

    def flag(self, name: str, usual: bool) -> bool:
        """True or False."""
        match self._node(name, False):
            case None:
                return usual
            case ast.Constant(value=bool(value)):
                return value
            case node:
                raise Unreadable(f"{self.kind}: {name} is True or False", node)

    def word(self, name: str, usual: str | None = None) -> str | None:
        """A word in quotes; None where it is not given, or given as None."""
        match self._node(name, False):
            case None | ast.Constant(value=None):
                return usual
            case ast.Constant(value=str(value)):
                return value.lower()
            case node:
                raise Unreadable(f"{self.kind}: {name} is a word in quotes here", node)

    def number(self, name: str, usual: float, *, least: float = 0.0, most: float = 1.0) -> float:
        """A number with a point."""
        match self._node(name, False):
            case None:
                return usual
            case ast.Constant(value=int(value) | float(value)) if (
                not isinstance(value, bool) and least <= value <= most
            ):
                return float(value)
            case node:
                raise Unreadable(f"{self.kind}: {name} is a number from {least:g} to {most:g}", node)

    def shape(self, name: str) -> Shape | None:
        """A shape in brackets, without the batch."""
        node = self.given.get(name)
        if node is None:
            return None
        return wholes(node, f"{self.kind}: {name}", "a shape in brackets, such as (28, 28, 1)")

    def _node(self, name: str, needed: bool) -> ast.expr | None:
        if name not in self.given and needed:
            raise Unreadable(f"{self.kind} needs {name}", self.call)
        return self.given.get(name)


def bound(kind: str, call: ast.Call, names: Sequence[str], ignored: Sequence[str]) -> Arguments:
    """The arguments of a call under the names its layer has for them; what has no name there is refused."""
    given = dict[str, ast.expr]()
    if len(call.args) > len(names):
        raise Unreadable(f"{kind} takes {len(names)} values without a name at most, got {len(call.args)}", call)
    for name, node in zip(names, call.args, strict=False):
        if isinstance(node, ast.Starred):
            raise Unreadable(f"{kind}: a star stands for values that are not written here", node)
        given[name] = node
    for keyword in call.keywords:
        if keyword.arg is None:
            raise Unreadable(f"{kind}: two stars stand for values that are not written here", keyword.value)
        if keyword.arg in given:
            raise Unreadable(f"{kind}: {keyword.arg} stands twice", keyword.value)
        if keyword.arg in names:
            given[keyword.arg] = keyword.value
        elif keyword.arg not in ignored:
            takes = ", ".join(names) or "nothing"
            raise Unreadable(f"{kind}: {keyword.arg[:50]!r} is not read here; it takes {takes}", keyword.value)
    return Arguments(kind, call, given)


def dotted(node: ast.expr) -> str:
    """A name with its dots, such as torch.nn.Conv2d; empty where it is something else or longer than anybody writes.

    >>> dotted(ast.parse("torch.nn.Conv2d", mode="eval").body), dotted(ast.parse("a[0].b", mode="eval").body)
    ('torch.nn.Conv2d', '')
    """
    parts = list[str]()
    while isinstance(node, ast.Attribute) and len(parts) < 5:
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def whole(
    node: ast.expr | None, what: str, *, least: int = 1, most: int = MOST_NUMBER, usual: int | None = None
) -> int:
    """A whole number within bounds.

    >>> whole(ast.parse("16 * 5 * 5", mode="eval").body, "in_features")
    400
    """
    if (node is None or _is_none(node)) and usual is not None:
        return usual
    found = _counted(node, what, MOST_NESTED)
    if not least <= found <= most:
        raise Unreadable(f"{what} goes from {least:,} to {most:,} here, got {found:,}", node)
    return found


def wholes(node: ast.expr, what: str, fits: str, *, least: int = 1, most: int = MOST_NUMBER) -> tuple[int, ...]:
    """Whole numbers in brackets.

    >>> wholes(ast.parse("(28, 28, 1)", mode="eval").body, "input_shape", "a shape")
    (28, 28, 1)
    """
    parts = _parts(node)
    if parts is None or len(parts) > 8:
        raise Unreadable(f"{what} is {fits}", node)
    return tuple(whole(part, what, least=least, most=most) for part in parts)


def _counted(node: ast.expr | None, what: str, deep: int) -> int:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool) and value <= MOST_NUMBER:
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS and deep:
            one, other = _counted(left, what, deep - 1), _counted(right, what, deep - 1)
            if isinstance(op, ast.FloorDiv) and other == 0:
                raise Unreadable(f"{what}: nothing is divided by 0", node)
            found = SIGNS[type(op)](one, other)
            if abs(found) <= MOST_NUMBER:
                return found
    raise Unreadable(f"{what} is a whole number written out, at most {MOST_NUMBER:,}", node)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    return list(node.elts) if isinstance(node, ast.Tuple | ast.List) else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
