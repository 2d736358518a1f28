"""Pasted code read as a layer table: `nn.Sequential` of PyTorch, `Sequential` and `model.add` of Keras.

Nothing is run. The text is parsed, and only calls of known layers with numbers, words and True or False in them are
understood; what else there is is named by its line, with what would fit. Sizes of the image come from Keras'
`input_shape`, from a `torch.zeros(1, 3, 32, 32)` anywhere in the text, or from a remark `# input 3x32x32`.
"""

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from core.errors import CoreError, FormError, LimitError
from core.nets.layers import BatchNorm, Conv, Dense, Flatten, Layer, Network, Operation, Transposed, stem
from core.nets.pasted.keras import KERAS, measured
from core.nets.pasted.literals import Unreadable, dotted, whole
from core.nets.pasted.pytorch import TORCH
from core.nets.shapes import output
from core.nets.table import parse
from core.nets.trace import MOST_LAYERS, parse_input
from core.types import Shape

MOST_LETTERS = 20_000
MOST_DEPTH = 40  # of brackets
READERS = TORCH | KERAS
ADVICE = "write the layers into nn.Sequential(...) or Sequential([...])"
IMAGES = re.compile(r"(torch\.)?(zeros|ones|rand|randn|empty)")
IGNORED = ("summary", "compile", "fit", "eval", "train", "to", "build", "evaluate", "predict", "cpu", "cuda")
STYLES = {
    ast.ClassDef: "a class decides in its forward what happens; it is not read",
    ast.FunctionDef: "a function may do anything; it is not read",
    ast.For: "a loop is not read; write the layers out",
    ast.While: "a loop is not read; write the layers out",
    ast.If: "a choice is not read; write the layers out",
}


def read(text: str) -> Network:
    """A network from a layer table or from code, whichever it is.

    >>> read("input 3x8x8\\nconv 4 3").layers == read("# input 3x8x8\\nnn.Sequential(nn.Conv2d(3, 4, 3))").layers
    True
    """
    return read_code(text) if is_code(text) else parse(text)


def is_code(text: str) -> bool:
    """Whether a text is meant as code: a table names its input, and has no brackets outside its name and remarks.

    >>> is_code("name a (b)\\ninput 1x8x8\\nconv 4 3"), is_code("model.add(Conv2D(4, 3))")
    (False, True)
    """
    if re.search(r"^\s*input\s+[0-9]", text, re.MULTILINE | re.IGNORECASE):
        return False
    return bool(re.search(r"^\s*(import|from)\s|^[^#\n]*\w\s*\(", text, re.MULTILINE))


def read_code(text: str) -> Network:
    """The network a piece of code makes; what cannot be read is a FormError with its line.

    >>> read_code("model = Sequential([Dense(84, activation='relu', input_shape=(1024,)), Dense(10)])").layers[-1]
    Layer(name='dense2', operation=Dense(units=10, bias=True), of=(), shares=None)
    """
    tree = _parsed(text)
    model = _Script().read(tree)
    image = _image(text, tree)
    table = _Table()
    for call in model:
        table.add(call, image)
    if table.input is None or not table.layers:
        raise FormError("there is no layer in this code; " + ADVICE, line=1)
    return Network("Pasted code", table.input, tuple(table.layers))


@dataclass(frozen=True, eq=False)
class _Call:
    """A layer as it stands in the code; the same one placed twice shares its weights."""

    node: ast.Call
    name: str


def _parsed(text: str) -> ast.Module:
    """The tree of a text that is neither too long nor too deep."""
    if len(text) > MOST_LETTERS:
        raise LimitError(f"code is read up to {MOST_LETTERS:,} letters, got {len(text):,}")
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for letter in line.partition("#")[0]:
            depth += (letter in "([{") - (letter in ")]}")
            if depth > MOST_DEPTH:
                raise LimitError(f"line {number}: brackets are read {MOST_DEPTH} deep")
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text)
    except SyntaxError as error:
        raise FormError(f"this is not Python: {error.msg}", line=error.lineno or 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormError("this is not Python that can be read", line=1) from error


@dataclass
class _Script:
    """The statements of a piece of code, one after the other: which names stand for which layers."""

    names: dict[str, list[_Call]] = field(default_factory=dict)
    model: list[_Call] = field(default_factory=list)

    def read(self, tree: ast.Module) -> list[_Call]:
        """The layers of the last network in the code."""
        for statement in tree.body:
            try:
                self._statement(statement)
            except Unreadable as error:
                raise FormError(str(error), line=error.line or statement.lineno) from error
        return self.model

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
                return
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if not self._is_image(value):
                    self.names[name] = self.model = self._layers(value)
            case ast.Expr(value=ast.Tuple(elts=parts) | ast.List(elts=parts)):
                self.model = self._together(parts)
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case _:
                told = STYLES.get(type(statement), "this is no layer")
                raise Unreadable(f"{told}: {ADVICE}")

    def _call(self, call: ast.Call) -> None:
        """A call on its own: `model.add(...)`, a network without a name, or something that adds no layer."""
        match call.func:
            case ast.Attribute(value=ast.Name(id=name), attr="add") if name in self.names:
                if len(call.args) != 1 or call.keywords:
                    raise Unreadable(f"{name}.add takes one layer", call)
                self.names[name] = self.model = self._within([*self.names[name], *self._layers(call.args[0])], call)
            case ast.Attribute(value=ast.Name(id=name), attr=method) if name in self.names and method in IGNORED:
                return
            case ast.Name(id="print"):
                return
            case _:
                self.model = self._layers(call)

    def _is_image(self, value: ast.expr) -> bool:
        return isinstance(value, ast.Call) and bool(IMAGES.fullmatch(dotted(value.func)))

    def _layers(self, node: ast.expr) -> list[_Call]:
        """What an expression stands for: a layer, several in a row, or a name given to some before."""
        match node:
            case ast.Name(id=name) if name in self.names:
                return list(self.names[name])
            case ast.Name(id=name):
                raise Unreadable(f"{name[:50]!r} stands for no layer here", node)
            case ast.Call(func=func, args=args):
                path = dotted(func)
                kind = path.rpartition(".")[2]
                if kind == "Sequential":
                    return self._sequential(node)
                if kind in READERS and _belongs(path):
                    return [_Call(node, kind)]
                if kind == "OrderedDict" and len(args) == 1 and isinstance(args[0], ast.List):
                    return self._together([_second(pair) for pair in args[0].elts])
                raise Unreadable(_unknown(path, func), node)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self._together(parts)
        raise Unreadable(f"this is no layer: {ADVICE}", node)

    def _sequential(self, call: ast.Call) -> list[_Call]:
        if any(keyword.arg != "name" for keyword in call.keywords):
            raise Unreadable("Sequential takes layers and nothing else", call)
        return self._together(call.args)

    def _together(self, parts: Sequence[ast.expr]) -> list[_Call]:
        found = list[_Call]()
        for part in parts:
            found += self._layers(part)
            self._within(found, part)
        return found

    def _within(self, found: list[_Call], node: ast.expr) -> list[_Call]:
        if len(found) > MOST_LAYERS:
            raise LimitError(f"line {node.lineno}: a network has at most {MOST_LAYERS:,} layers here")
        return found


def _belongs(path: str) -> bool:
    """Whether the part before a layer's name is one under which the two libraries keep their layers."""
    return path.rpartition(".")[0] in (
        *("", "nn", "torch.nn", "layers", "keras", "keras.layers", "tf.keras", "tf.keras.layers"),
        *("tensorflow.keras", "tensorflow.keras.layers", "tf.layers"),
    )


def _second(pair: ast.expr) -> ast.expr:
    """The layer of a pair of name and layer."""
    if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
        return pair.elts[1]
    raise Unreadable('an OrderedDict takes pairs, such as ("conv1", nn.Conv2d(3, 8, 3))', pair)


def _unknown(path: str, func: ast.expr) -> str:
    if isinstance(func, ast.Call):
        return f"a layer that is called on something is not read: {ADVICE}"
    close = get_close_matches(path.rpartition(".")[2], READERS, n=3)
    meant = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(list(READERS)[:9])} and others"
    return f"{path[:50]!r} is no layer that is read here; {meant}"


def _image(text: str, tree: ast.Module) -> Shape | None:
    """The size of the image where the code tells it outside of its layers: (C, H, W), or (N,)."""
    if remark := re.search(r"#\s*input\s*:?\s*([0-9]+\s*[x×]\s*[0-9]+\s*[x×]\s*[0-9]+)", text):
        return parse_input(remark[1])
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and IMAGES.fullmatch(dotted(node.func)) and len(node.args) in (2, 4):
            try:
                return tuple(whole(side, "a side", most=10**9) for side in node.args[1:])
            except Unreadable:
                continue
    return None


@dataclass
class _Table:
    """The rows made so far, and the shape that comes out of them."""

    layers: list[Layer] = field(default_factory=list)
    input: tuple[int, int, int] | None = None
    shape: Shape = ()
    counts: dict[str, int] = field(default_factory=dict)
    placed: dict[_Call, list[str]] = field(default_factory=dict)  # rows with weights

    def add(self, call: _Call, image: Shape | None) -> None:
        """One layer of the code: the rows it stands for. A layer that was placed before shares its weights."""
        try:
            arguments = READERS[call.name].bind(call.name, call.node)
            if self.input is None:
                self._start(measured(arguments) or image)
            lenders, made = list(self.placed.get(call, ())), list[str]()
            for operation in READERS[call.name].rows(arguments, self.shape):
                learns = isinstance(operation, Conv | Transposed | Dense | BatchNorm)
                name = self._row(operation, lenders.pop(0) if learns and lenders else None)
                made += [name] if learns else []
            self.placed.setdefault(call, made)
        except Unreadable as error:
            raise FormError(str(error), line=error.line or call.node.lineno) from error
        except LimitError:
            raise
        except CoreError as error:
            raise FormError(str(error), line=call.node.lineno) from error

    def _start(self, image: Shape | None) -> None:
        """The input: a volume, or a vector as maps of one pixel."""
        if image is None:
            raise Unreadable(
                "the code does not say how large its image is: add a remark such as # input 3x32x32, "
                "or input_shape=(32, 32, 3) to the first layer of Keras"
            )
        if len(image) == 1:
            self.input = self.shape = (image[0], 1, 1)
            self._row(Flatten())
        else:
            maps, height, width = image
            self.input = self.shape = maps, height, width

    def _row(self, operation: Operation, shares: str | None = None) -> str:
        word = stem(operation)
        self.counts[word] = self.counts.get(word, 0) + 1
        layer = Layer(f"{word}{self.counts[word]}", operation, shares=shares)
        self.shape = output(layer, [self.shape])
        self.layers.append(layer)
        return layer.name
