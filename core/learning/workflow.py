"""One network, trained in Keras and in PyTorch: the same steps in both languages (lecture C).

Keras keeps the maps last, (samples, height, width, maps); PyTorch keeps them first, (samples, maps, height, width).
"""

from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from core.errors import CoreError, ShapeError
from core.nets.build import code, modules
from core.nets.layers import (
    Activation,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    Flatten,
    GlobalPool,
    Pad,
    Pool,
    Transposed,
    is_chain,
)
from core.nets.trace import Row, Trace, trace
from core.types import Pair, Shape

Method: TypeAlias = Literal["SGD", "SGD with momentum", "Adam"]
KERAS_METHODS: dict[Method, str] = {
    "SGD": "keras.optimizers.SGD({rate:g})",
    "SGD with momentum": "keras.optimizers.SGD({rate:g}, momentum=0.9)",
    "Adam": "keras.optimizers.Adam({rate:g})",
}
TORCH_METHODS: dict[Method, str] = {
    "SGD": "torch.optim.SGD(model.parameters(), lr={rate:g})",
    "SGD with momentum": "torch.optim.SGD(model.parameters(), lr={rate:g}, momentum=0.9)",
    "Adam": "torch.optim.Adam(model.parameters(), lr={rate:g})",
}
FIRST = {  # arguments of PyTorch's layers that stand first, in this order
    *("in_channels", "out_channels", "kernel_size", "in_features", "out_features", "num_features", "output_size", "p"),
}


@dataclass(frozen=True)
class Step:
    """One step of the workflow in both languages."""

    name: str
    keras: str
    torch: str
    note: str


def keras_shape(shape: Shape) -> str:
    """A shape as Keras prints it: the samples first, the maps last.

    >>> keras_shape((6, 28, 28)), keras_shape((84,))
    ('(None, 28, 28, 6)', '(None, 84)')
    """
    return f"(None, {', '.join(map(str, (*shape[1:], shape[0])))})"


def torch_shape(shape: Shape) -> str:
    """The same as PyTorch has it.

    >>> torch_shape((6, 28, 28))
    '(N, 6, 28, 28)'
    """
    return f"(N, {', '.join(map(str, shape))})"


def keras_layer(row: Row) -> str:
    """A row as a layer of Keras.

    >>> from core.nets.zoo import network
    >>> [keras_layer(row) for row in trace(network("lenet5")).rows[:3]]
    ['Conv2D(6, 5)', 'Activation("tanh")', 'AveragePooling2D(2)']
    """
    match row.operation:
        case Conv(groups=1) as conv:
            more = _more(conv.stride, strides=True) + _padding(row, conv) + _dilation(conv)
            return f"Conv2D({conv.filters}, {_side(conv.kernel)}{more}{'' if conv.bias else ', use_bias=False'})"
        case Conv(filters=filters) as conv if filters == conv.groups == row.taken[0]:
            more = _more(conv.stride, strides=True) + _padding(row, conv)
            return f"DepthwiseConv2D({_side(conv.kernel)}{more}{'' if conv.bias else ', use_bias=False'})"
        case Transposed(filters=filters, kernel=kernel, stride=stride, padding=padding):
            return f"Conv2DTranspose({filters}, {_side(kernel)}, strides={_side(stride)}" + (
                ', padding="same")' if any(padding) else ")"
            )
        case Pool(how=how, kernel=kernel, stride=stride, padding=padding, ceil=ceil):
            name = "MaxPooling2D" if how == "max" else "AveragePooling2D"
            more = "" if stride == kernel else f", strides={_side(stride)}"
            same = ', padding="same"' if any(padding) or ceil else ""
            return f"{name}({_side(kernel)}{more}{same})"
        case Pad(rows=rows, columns=columns, maps=(0, 0)):
            return f"ZeroPadding2D(({rows}, {columns}))"
        case GlobalPool(how=how):
            return "GlobalMaxPooling2D()" if how == "max" else "GlobalAveragePooling2D()"
        case Flatten():
            return "Flatten()"
        case Dense(units=units, bias=bias):
            return f"Dense({units}{'' if bias else ', use_bias=False'})"
        case Activation(function=function) if function != "leaky":
            return f'Activation("{function}")'
        case Dropout(rate=rate):
            return f"Dropout({rate:g})"
        case BatchNorm(eps=eps):
            return f"BatchNormalization(epsilon={eps:g})"
    raise CoreError(f"{row.name}: a row of kind {row.kind} has no layer of Keras here")


def torch_layer(row: Row) -> str:
    """A row as modules of PyTorch, as people write them: what comes first without its name.

    >>> from core.nets.zoo import network
    >>> torch_layer(trace(network("lenet5")).rows[0])
    'nn.Conv2d(1, 6, 5)'
    """

    def written(given: dict[str, Any]) -> str:
        return ", ".join(repr(value) if name in FIRST else f"{name}={value!r}" for name, value in given.items())

    return ", ".join(f"nn.{kind}({written(given)})" for kind, given in modules(row))


def scoring(traced: Trace) -> Trace:
    """The network without a softmax at its end: PyTorch's loss takes the scores before it.

    >>> from core.nets.zoo import network
    >>> whole = trace(network("lenet5"))
    >>> whole.rows[-1].kind, scoring(whole).rows[-1].kind
    ('softmax', 'dense')
    """
    if not isinstance(last := traced.rows[-1].operation, Activation) or last.function != "softmax":
        return traced
    return trace(replace(traced.network, layers=traced.network.layers[:-1]), traced.input)


def steps(traced: Trace, *, method: Method, rate: float, epochs: int, batch: int) -> tuple[Step, ...]:
    """Build, compile, fit, predict, take the largest: a chain of layers in both languages."""
    if not is_chain(traced.network.layers):
        raise ShapeError("Sequential stacks layers: this network branches, and needs the functional form")
    if len(traced.rows[-1].shape) != 1:
        raise ShapeError(f"a classifier ends with a vector, this network with {torch_shape(traced.rows[-1].shape)}: "
                         "add Flatten() and Dense(10)")  # fmt: skip
    if rate <= 0 or epochs < 1 or batch < 1:
        raise CoreError(f"need a rate above 0, and epochs and batches from 1, got {rate}, {epochs}, {batch}")
    ends = scoring(traced) is not traced
    sides = (*traced.input[1:], traced.input[0])
    layers = "\n".join(f"model.add({keras_layer(row)})" for row in traced.rows)
    model = code(scoring(traced)).split("from torch import nn\n", 1)[1].rsplit("\nprint(", 1)[0].strip()
    from_scores = "" if ends else "(from_logits=True)"
    loss = f"keras.losses.SparseCategoricalCrossentropy{from_scores or '()'}"
    return (
        Step(
            "Build",
            f"from tensorflow import keras\nfrom tensorflow.keras.layers import *\n\nmodel = keras.Sequential()\n"
            f"model.add(Input({sides}))\n{layers}\nmodel.summary()",
            f"import torch\nfrom torch import nn\n\n{model}\nprint(model)",
            "Keras works out how much comes in; in PyTorch every layer says it. The softmax is left to the loss."
            if ends
            else "Keras works out how much comes in; in PyTorch every layer says it.",
        ),
        Step(
            "Compile",
            f"model.compile(\n    optimizer={KERAS_METHODS[method].format(rate=rate)},\n    loss={loss},\n"
            '    metrics=["accuracy"],\n)',
            f"optimiser = {TORCH_METHODS[method].format(rate=rate)}\nloss = nn.CrossEntropyLoss()  # takes scores",
            "What compile binds together are two objects in PyTorch. Its cross-entropy has the softmax inside.",
        ),
        Step(
            "Fit",
            f"model.fit(\n    x_train, y_train,\n    validation_data=(x_val, y_val),\n    epochs={epochs}, "
            f"batch_size={batch},\n)",
            f"for epoch in range({epochs}):\n    model.train()\n"
            f"    for places in torch.randperm(len(x_train)).split({batch}):\n        optimiser.zero_grad()\n"
            "        loss(model(x_train[places]), y_train[places]).backward()\n        optimiser.step()\n"
            "    model.eval()\n    with torch.no_grad():\n"
            "        right = (model(x_val).argmax(dim=1) == y_val).float().mean()\n"
            '    print(f"epoch {epoch + 1}: {right:.1%} right")',
            "fit is this loop. train() and eval() switch dropout and batch normalisation, which Keras does by itself.",
        ),
        Step(
            "Predict",
            "probabilities = model.predict(x_test)" + ("" if ends else "  # scores here"),
            "model.eval()\nwith torch.no_grad():\n    probabilities = model(x_test).softmax(dim=1)",
            "One row per sample, one column per class.",
        ),
        Step(
            "Take the largest",
            "labels = np.argmax(probabilities, axis=1)",
            "labels = probabilities.argmax(dim=1)",
            "The class with the largest probability.",
        ),
    )


def script(told: tuple[Step, ...], language: Literal["keras", "torch"]) -> str:
    """All steps in one language, one after the other."""
    return "\n\n".join(f"# {step.name}\n{getattr(step, language)}" for step in told) + "\n"


def _side(sides: Pair) -> str:
    return str(sides[0]) if sides[0] == sides[1] else str(sides)


def _more(stride: Pair, *, strides: bool) -> str:
    return f", strides={_side(stride)}" if strides and stride != (1, 1) else ""


def _dilation(conv: Conv) -> str:
    return f", dilation_rate={_side(conv.dilation)}" if conv.dilation != (1, 1) else ""


def _padding(row: Row, conv: Conv) -> str:
    """Keras knows no padding but none and the one that keeps side / stride, rounded up."""
    if not any(conv.padding):
        return ""
    wanted = tuple(-(-side // step) for side, step in zip(row.taken[1:], conv.stride, strict=True))
    if row.shape[1:] != wanted:
        raise CoreError(f"{row.name}: a padding of {_side(conv.padding)} needs a ZeroPadding2D of its own in Keras")
    return ', padding="same"'
