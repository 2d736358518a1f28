"""Residual blocks: layers that learn a change, and a shortcut that hands their input on (lecture B).

Images are one map (H, W), so that a block can be followed by eye. Source: He, Zhang, Ren and Sun, "Deep Residual
Learning for Image Recognition", CVPR 2016, section 3.
"""

from collections.abc import Sequence

import numpy as np

from core.errors import ShapeError
from core.filters.correlate import correlate
from core.nets.layers import Network
from core.nets.zoo.resnet import BASIC, BOTTLENECK, basic, bottleneck
from core.types import Floats

Kernels = tuple[Floats, Floats]  # of the two convolutions of a block


def change(image: Floats, kernels: Kernels) -> Floats:
    """What a block learns, without its shortcut: (H, W), two kernels (3, 3) -> (H, W).

        F(x) = w2 * relu(w1 * x)                                                        (He, section 3.2)

    >>> nothing = np.zeros((3, 3))
    >>> change(np.ones((2, 2)), (nothing, nothing))
    array([[0., 0.],
           [0., 0.]])
    """
    first, second = kernels
    if first.shape != (3, 3) or second.shape != (3, 3):
        raise ShapeError(f"a block has two 3x3 kernels, got {first.shape} and {second.shape}")
    return correlate(np.maximum(correlate(image, first, padding=1), 0), second, padding=1)


def block(image: Floats, kernels: Kernels, *, shortcut: bool = True) -> Floats:
    """One block: (H, W) -> (H, W). With all weights 0 it hands on what it gets, without the shortcut it forgets it.

        y = relu(F(x) + x)                                                              (He, eq. 1)

    >>> nothing = np.zeros((3, 3))
    >>> block(np.ones((1, 2)), (nothing, nothing)), block(np.ones((1, 2)), (nothing, nothing), shortcut=False)
    (array([[1., 1.]]), array([[0., 0.]]))
    """
    found = change(image, kernels)
    return np.maximum(found + image if shortcut else found, 0)


def chain(image: Floats, kernels: Sequence[Kernels], *, shortcut: bool = True) -> list[Floats]:
    """The image, and what is left of it after every block of a chain: (H, W) -> blocks + 1 images.

    >>> nothing = np.zeros((3, 3))
    >>> len(chain(np.ones((2, 2)), [(nothing, nothing)] * 5))
    6
    """
    found = [image]
    for each in kernels:
        found.append(block(found[-1], each, shortcut=shortcut))
    return found


def random_kernels(blocks: int, size: float, generator: np.random.Generator) -> list[Kernels]:
    """Kernels for a chain, drawn as He does and multiplied by `size`.

    >>> [float(kernel.sum()) for kernel in random_kernels(1, 0.0, np.random.default_rng(0))[0]]
    [0.0, 0.0]
    """
    drawn = generator.normal(0, (2 / 9) ** 0.5, (blocks, 2, 3, 3)) * size
    return [(first, second) for first, second in drawn]


def alone(kind: str, maps: int, side: int) -> Network:
    """One block on as many maps as it makes: (maps, side, side) -> the same; "basic" or "bottleneck".

    >>> [layer.name for layer in alone("basic", 64, 56).layers if "conv" in layer.name]
    ['basic_conv1', 'basic_conv2']
    """
    if kind == "basic":
        rows = basic(kind, "input", maps, stride=1, widened=False)
    elif maps % 4 == 0 and maps:
        rows = bottleneck(kind, "input", maps // 4, stride=1, widened=False)
    else:
        raise ShapeError(f"a bottleneck narrows to a quarter of its maps, so they must divide by 4, got {maps}")
    return Network(kind, (maps, side, side), rows)


def weighted_layers(depth: int) -> tuple[int, str]:
    """Layers with weights of a published ResNet, shortcuts aside, and the sum: stem, blocks, one dense layer.

    >>> weighted_layers(152)
    (152, '1 + 3·(3 + 8 + 36 + 3) + 1 = 152')
    """
    known = BASIC | BOTTLENECK
    if depth not in known:
        raise ShapeError(f"there are ResNets of {', '.join(map(str, known))} layers, got {depth}")
    each, counts = (2 if depth in BASIC else 3), known[depth]
    found = 1 + each * sum(counts) + 1
    return found, f"1 + {each}·({' + '.join(map(str, counts))}) + 1 = {found}"
