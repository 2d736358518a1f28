"""InceptionV3: modules with windows of 1x7 and 7x1 in place of large ones (lecture C's table of models).

As torchvision ships it, without the auxiliary output; Keras normalises with a shift and no scale, and where it
averages it leaves the padding out of the mean.
Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, table 1.
"""

from collections.abc import Sequence
from typing import TypeAlias

from core.nets.layers import Activation, BatchNorm, Concat, Conv, Dense, Dropout, GlobalPool, Layer, Network, Pool
from core.types import Pair

Step: TypeAlias = tuple[int, Pair] | tuple[int, Pair, int]  # filters, window, and a stride; without one it is padded
Branch: TypeAlias = Sequence[Step]
ONE, THREE, FIVE, FLAT, TALL = (1, 1), (3, 3), (5, 5), (1, 7), (7, 1)
HALVING = Pool("max", (3, 3), (2, 2))


def inception_v3(*, keras: bool = False) -> Network:
    """The network; `keras` is that library's variant of it.

    >>> sum(isinstance(layer.operation, Concat) for layer in inception_v3().layers)
    11
    """
    bn = BatchNorm(0.001, scale=not keras)
    mean = Pool("average", (3, 3), (1, 1), (1, 1), inside=keras)
    layers = [
        *_conv("stem_conv1", (32, THREE, 2), bn),
        *_conv("stem_conv2", (32, THREE, 1), bn),
        *_conv("stem_conv3", (64, THREE), bn),
        Layer("stem_pool1", HALVING),
        *_conv("stem_conv4", (80, ONE), bn),
        *_conv("stem_conv5", (192, THREE, 1), bn),
        Layer("stem_pool2", HALVING),
    ]

    def add(name: str, *branches: Branch, pool: Pool = mean, project: int | None = None) -> None:
        layers.extend(module(name, layers[-1].name, branches, bn, pool, project))

    for name, maps in (("mixed5b", 32), ("mixed5c", 64), ("mixed5d", 64)):
        add(name, [(64, ONE)], [(48, ONE), (64, FIVE)], [(64, ONE), (96, THREE), (96, THREE)], project=maps)
    add("mixed6a", [(384, THREE, 2)], [(64, ONE), (96, THREE), (96, THREE, 2)], pool=HALVING)
    for name, maps in (("mixed6b", 128), ("mixed6c", 160), ("mixed6d", 160), ("mixed6e", 192)):
        short = [(maps, ONE), (maps, FLAT), (192, TALL)]
        long = [(maps, ONE), (maps, TALL), (maps, FLAT), (maps, TALL), (192, FLAT)]
        add(name, [(192, ONE)], short, long, project=192)
    add("mixed7a", [(192, ONE), (320, THREE, 2)], [(192, ONE), (192, FLAT), (192, TALL), (192, THREE, 2)], pool=HALVING)
    for name in ("mixed7b", "mixed7c"):
        layers += _forked(name, layers[-1].name, bn, mean)
    return Network(
        f"InceptionV3{' (Keras)' if keras else ''}",
        (3, 299, 299),
        (
            *layers,
            *(Layer("gap", GlobalPool("average")), Layer("dropout", Dropout(0.5))),
            *(Layer("predictions", Dense(1000)), Layer("softmax", Activation("softmax"))),
        ),
    )


def module(
    name: str, source: str, branches: Sequence[Branch], bn: BatchNorm, pool: Pool | None, project: int | None
) -> tuple[Layer, ...]:
    """Branches of convolutions side by side, a pooling beside them, and all their maps in one pile.

    >>> rows = module("m", "input", [[(8, ONE)], [(4, ONE), (8, THREE)]], BatchNorm(), HALVING, None)
    >>> [row.name for row in rows if isinstance(row.operation, Conv | Pool | Concat)]
    ['m_branch1_conv1', 'm_branch2_conv1', 'm_branch2_conv2', 'm_pool', 'm_out']
    """
    layers, ends = list[Layer](), list[str]()
    for place, branch in enumerate(branches, 1):
        layers += chain(f"{name}_branch{place}", source, branch, bn)
        ends.append(layers[-1].name)
    if pool is not None:
        layers.append(Layer(f"{name}_pool", pool, of=(source,)))
        if project is not None:
            layers += _conv(f"{name}_pool_conv", (project, ONE), bn)
        ends.append(layers[-1].name)
    return *layers, Layer(f"{name}_out", Concat(), of=tuple(ends))


def chain(name: str, source: str, branch: Branch, bn: BatchNorm) -> tuple[Layer, ...]:
    """Convolutions one after the other, each normalised and cut off at zero.

    >>> [row.name for row in chain("b", "input", [(4, ONE)], BatchNorm())]
    ['b_conv1', 'b_conv1_bn', 'b_conv1_relu']
    """
    layers = list[Layer]()
    for place, step in enumerate(branch, 1):
        layers += _conv(f"{name}_conv{place}", step, bn, *(() if layers else (source,)))
    return tuple(layers)


def _conv(name: str, step: Step, bn: BatchNorm, *of: str) -> tuple[Layer, ...]:
    filters, kernel, *stride = step
    padding = (0, 0) if stride else (kernel[0] // 2, kernel[1] // 2)
    sides = (stride[0], stride[0]) if stride else (1, 1)
    return (
        Layer(name, Conv(filters, kernel, sides, padding, bias=False), of),
        *(Layer(f"{name}_bn", bn), Layer(f"{name}_relu", Activation("relu"))),
    )


def _forked(name: str, source: str, bn: BatchNorm, mean: Pool) -> tuple[Layer, ...]:
    """The last modules: two branches that fork once more, into 1x3 and 3x1."""
    layers, ends = [*chain(f"{name}_branch1", source, [(320, ONE)], bn)], [f"{name}_branch1_conv1_relu"]
    for branch, steps in (("branch2", [(384, ONE)]), ("branch3", [(448, ONE), (384, THREE)])):
        layers += chain(f"{name}_{branch}", source, steps, bn)
        fork = layers[-1].name
        for way, kernel in (("flat", (1, 3)), ("tall", (3, 1))):
            layers += _conv(f"{name}_{branch}_{way}", (384, kernel), bn, fork)
            ends.append(layers[-1].name)
    layers += [Layer(f"{name}_pool", mean, of=(source,)), *_conv(f"{name}_pool_conv", (192, ONE), bn)]
    return *layers, Layer(f"{name}_out", Concat(), of=(*ends, layers[-1].name))


INCEPTION_V3, INCEPTION_V3_KERAS = inception_v3(), inception_v3(keras=True)
