"""One sample on its way forward and back, in words: every sum and every derivative with its numbers (lecture D).

Inputs are x, hidden neurons h, outputs y. w and b are the weights and biases of the hidden layer, v and c those of the
output layer: w12 leads to h1 from x2. The lecture writes the weights of the next layer with a tilde; here they are v.
"""

from dataclasses import dataclass

from core.errors import ShapeError
from core.units.backprop import Net, Pass, Place

LETTERS = (("w", "b", "h", "x"), ("v", "c", "y", "h"))  # of each layer: weight, bias, unit, what it takes


@dataclass(frozen=True)
class Line:
    """One quantity: how it is written, the same with numbers, and what that gives; `place` if it is a derivative."""

    letters: str
    numbers: str
    value: float
    place: Place | None = None


@dataclass(frozen=True)
class Stage:
    """One stop on the way: the forward or backward step of a neuron (layer, unit), or the loss if it is None."""

    title: str
    backward: bool
    neuron: tuple[int, int] | None
    lines: tuple[Line, ...]


def stages(net: Net, found: Pass) -> tuple[Stage, ...]:
    """Every neuron forward, the loss, then every neuron backward, for a net with one hidden layer.

    >>> import numpy as np
    >>> from core.units.activations import CURVES
    >>> from core.units.backprop import run
    >>> small = Net((np.array([[2.0, 1.0]]), np.array([[3.0, 0.0]])), (CURVES["ReLU"], CURVES["linear"]))
    >>> told = stages(small, run(small, np.array([0.5]), np.array([4.0])))
    >>> [stage.title for stage in told]
    ['h1 forward', 'y1 forward', 'the loss', 'y1 backward', 'h1 backward']
    >>> told[0].lines[0].numbers, told[-1].lines[1]
    ('2·0.5 + 1', Line(letters="dL/dw11 = x1 · f' · Σ", numbers='0.5·6', value=3.0, place=(0, 0, 0)))
    """
    if len(net.layers) != 2:
        raise ShapeError(f"this walk is written for one hidden layer and one of outputs, got {len(net.layers)} layers")
    units = [(layer, unit) for layer in (0, 1) for unit in range(len(net.layers[layer]))]
    forward = [_forward(net, found, *each) for each in units]
    backward = [_backward(net, found, *each) for each in sorted(units, key=lambda each: -each[0])]
    return (*forward, _loss(found), *backward)


def parameter(place: Place, inputs: int) -> str:
    """The name of a parameter of a layer with so many inputs.

    >>> parameter((0, 0, 1), 2), parameter((1, 1, 2), 2)
    ('w12', 'c2')
    """
    layer, unit, entry = place
    weight, bias, _, _ = LETTERS[layer]
    return f"{bias}{unit + 1}" if entry == inputs else f"{weight}{unit + 1}{entry + 1}"


def number(value: float) -> str:
    """A number with four digits behind the point at most.

    >>> number(0.5), number(-0.33333), number(1e-9)
    ('0.5', '-0.3333', '0')
    """
    return f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def _signed(value: float) -> str:
    text = number(value)
    return f"({text})" if text.startswith("-") else text


def _forward(net: Net, found: Pass, layer: int, unit: int) -> Stage:
    weight, bias, name, below = LETTERS[layer]
    row, taken = net.layers[layer][unit], found.below(layer)
    letters = [f"{weight}{unit + 1}{k + 1}·{below}{k + 1}" for k in range(len(row) - 1)]
    numbers = [f"{_signed(w)}·{_signed(x)}" for w, x in zip(row[:-1], taken[:-1], strict=True)]
    total, value = float(found.sums[layer][unit]), float(found.outputs[layer][unit])
    here = f"{name}{unit + 1}"
    lines = (
        Line(
            f"s({here}) = {' + '.join(letters)} + {bias}{unit + 1}",
            f"{' + '.join(numbers)} + {_signed(row[-1])}",
            total,
        ),
        Line(f"{here} = f(s)", f"{net.curves[layer].name} of {number(total)}", value),
    )
    return Stage(f"{here} forward", False, (layer, unit), lines)


def _loss(found: Pass) -> Stage:
    pairs = list(zip(found.outputs[-1], found.target, strict=True))
    letters = " + ".join(f"(y{j + 1} - t{j + 1})²" for j in range(len(pairs)))
    numbers = " + ".join(f"({number(y)} - {_signed(t)})²" for y, t in pairs)
    return Stage("the loss", False, None, (Line(f"L = 1/2 · [{letters}]", f"1/2 · [{numbers}]", found.loss),))


def _backward(net: Net, found: Pass, layer: int, unit: int) -> Stage:
    weight, bias, name, below = LETTERS[layer]
    here, steep = f"{name}{unit + 1}", float(found.slopes[layer][unit])
    if layer == len(net.layers) - 1:
        apart = float(found.outputs[layer][unit] - found.target[unit])
        letters, numbers = f"f' · ({here} - t{unit + 1})", f"{number(steep)}·{_signed(apart)}"
        short = f"f' · ({here} - t{unit + 1})"
    else:
        above, blame = net.layers[layer + 1][:, unit], found.blame[layer + 1]
        next_weight, _, next_name, _ = LETTERS[layer + 1]
        parts = " + ".join(f"{next_weight}{j + 1}{unit + 1}·dL/ds({next_name}{j + 1})" for j in range(len(above)))
        terms = " + ".join(f"{_signed(v)}·{_signed(b)}" for v, b in zip(above, blame, strict=True))
        letters, numbers = f"f' · Σ, with Σ = {parts}", f"{number(steep)}·[{terms}]"
        short = "f' · Σ"
    blamed, taken = float(found.blame[layer][unit]), found.below(layer)
    lines = [Line(f"dL/ds({here}) = {letters}", numbers, blamed)]
    for entry, x in enumerate(taken):
        last = entry == len(taken) - 1
        what = f"{bias}{unit + 1}" if last else f"{weight}{unit + 1}{entry + 1}"
        source = "1" if last else f"{below}{entry + 1}"
        lines.append(
            Line(
                f"dL/d{what} = {source} · {short}",
                f"{_signed(x)}·{_signed(blamed)}",
                float(found.gradient[layer][unit, entry]),
                (layer, unit, entry),
            )
        )
    return Stage(f"{here} backward", True, (layer, unit), tuple(lines))
