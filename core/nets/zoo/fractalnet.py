"""FractalNet: short and long paths side by side, drawn by one rule, and no residual connection (lecture B).

The rule makes the next fractal out of one: two of it in a row beside a single convolution, joined by their mean.

    f(1) = conv        f(C + 1) = mean of f(C) after f(C), and conv

Source: Larsson, Maire and Shakhnarovich, "FractalNet: Ultra-Deep Neural Networks without Residuals", ICLR 2017.
"""

from collections.abc import Sequence

from core.nets.layers import (
    INPUT,
    Activation,
    BatchNorm,
    Conv,
    Dense,
    Flatten,
    Layer,
    Mean,
    Network,
    Pool,
)

WIDTHS = (64, 128, 256, 512, 512)  # of the blocks, for CIFAR


def fractal(name: str, source: str, filters: int, columns: int) -> tuple[Layer, ...]:
    """A block of so many columns on the row `source`; where several end at one place, one mean joins them.

    >>> [layer.name for layer in fractal("b", "input", 8, 2) if isinstance(layer.operation, Conv | Mean)]
    ['b_conv', 'b_conv-a', 'b_conv-b', 'b_join']
    """
    layers, ends = _grown(name, "", source, filters, columns)
    return *layers, *_joined(name, "", ends)


def fractalnet(columns: int = 3, widths: Sequence[int] = WIDTHS, classes: int = 10) -> Network:
    """Blocks of one width each, halved after each: the longest path has len(widths) * 2^(columns - 1) convolutions.

    >>> fractalnet(2).name
    'FractalNet, 2 columns'
    """
    layers, below = list[Layer](), INPUT
    for place, filters in enumerate(widths, 1):
        layers += fractal(f"block{place}", below, filters, columns)
        below = f"block{place}_pool"
        layers.append(Layer(below, Pool("max", (2, 2), (2, 2))))
    head = Layer("flatten", Flatten()), Layer("predictions", Dense(classes)), Layer("softmax", Activation("softmax"))
    return Network(f"FractalNet, {columns} columns", (3, 32, 32), (*layers, *head))


def _grown(name: str, path: str, source: str, filters: int, columns: int) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    """The rows of f(columns) but for its mean, and the rows that the mean joins."""
    single = _unit(name, path, source, filters)
    if columns == 1:
        return single, (single[-1].name,)
    first, ends = _grown(name, f"{path}a", source, filters, columns - 1)
    first += _joined(name, f"{path}a", ends)
    second, deeper = _grown(name, f"{path}b", first[-1].name, filters, columns - 1)
    return (*single, *first, *second), (single[-1].name, *deeper)


def _unit(name: str, path: str, source: str, filters: int) -> tuple[Layer, ...]:
    mark = f"-{path}" if path else ""
    return (
        Layer(f"{name}_conv{mark}", Conv(filters, (3, 3), padding=(1, 1), bias=False), of=(source,)),
        Layer(f"{name}_bn{mark}", BatchNorm()),
        Layer(f"{name}_relu{mark}", Activation("relu")),
    )


def _joined(name: str, path: str, ends: tuple[str, ...]) -> tuple[Layer, ...]:
    return () if len(ends) == 1 else (Layer(f"{name}_join{f'-{path}' if path else ''}", Mean(), of=ends),)
