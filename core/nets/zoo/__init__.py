"""Published architectures by name, each a layer table in a file of its own."""

import re
from dataclasses import replace
from difflib import get_close_matches

from core.errors import CoreError
from core.nets.layers import INPUT, Flatten, GlobalPool, Network, relinked, sources
from core.nets.zoo.alexnet import ALEXNET, ALEXNET_2014, ALEXNET_TWO_STREAMS
from core.nets.zoo.densenet import BLOCKS, densenet
from core.nets.zoo.efficientnet import EFFICIENTNET_B0
from core.nets.zoo.fcn import FCN8, FCN16, FCN32
from core.nets.zoo.fractalnet import fractalnet
from core.nets.zoo.googlenet import GOOGLENET, GOOGLENET_HEADS, GOOGLENET_TORCH, GOOGLENET_TORCH_HEADS
from core.nets.zoo.inception_resnet_v2 import INCEPTION_RESNET_V2
from core.nets.zoo.inception_v3 import INCEPTION_V3, INCEPTION_V3_KERAS
from core.nets.zoo.lenet5 import LENET5
from core.nets.zoo.minimal_cnn import MINIMAL_CNN, MINIMAL_CNN_POOLED
from core.nets.zoo.mlp import MLP
from core.nets.zoo.mobilenet import MOBILENET, MOBILENET_V2
from core.nets.zoo.nin import NIN
from core.nets.zoo.resnet import BASIC, BOTTLENECK, cifar, resnet
from core.nets.zoo.resnet_v2 import resnet_v2
from core.nets.zoo.unet import UNET
from core.nets.zoo.vgg import VGG13, VGG16, VGG19, vgg
from core.nets.zoo.xception import XCEPTION

ZOO = {
    "mlp": MLP,
    "lenet5": LENET5,
    "minimal-cnn": MINIMAL_CNN,
    "minimal-cnn-pooled": MINIMAL_CNN_POOLED,
    "alexnet": ALEXNET,
    "alexnet-two-streams": ALEXNET_TWO_STREAMS,
    "alexnet-2014": ALEXNET_2014,
    "vgg13": vgg("VGG13", VGG13),
    "vgg16": vgg("VGG16", VGG16),
    "vgg19": vgg("VGG19", VGG19),
    "nin": NIN,
    "googlenet": GOOGLENET,
    "googlenet-heads": GOOGLENET_HEADS,
    "googlenet-torchvision": GOOGLENET_TORCH,
    "googlenet-torchvision-heads": GOOGLENET_TORCH_HEADS,
    **{f"resnet{depth}": resnet(depth) for depth in (*BASIC, *BOTTLENECK)},
    "plain34": resnet(34, residual=False),
    "resnet20": cifar(3),
    "resnet56": cifar(9),
    "plain56": cifar(9, residual=False),
    "fractalnet": fractalnet(),
    **{f"densenet{depth}": densenet(f"DenseNet{depth}", blocks) for depth, blocks in BLOCKS.items()},
    "mobilenet": MOBILENET,
    "mobilenet-v2": MOBILENET_V2,
    "efficientnet-b0": EFFICIENTNET_B0,
    "xception": XCEPTION,
    "inception-v3": INCEPTION_V3,
    "inception-v3-keras": INCEPTION_V3_KERAS,
    "inception-resnet-v2": INCEPTION_RESNET_V2,
    **{f"resnet{depth}-keras": resnet(depth, keras=True) for depth in BOTTLENECK},
    **{f"resnet{depth}-v2": resnet_v2(depth) for depth in BOTTLENECK},
    "fcn-32s": FCN32,
    "fcn-16s": FCN16,
    "fcn-8s": FCN8,
    "unet": UNET,
}


def names() -> tuple[str, ...]:
    """All names, in the order of the lectures."""
    return tuple(ZOO)


def network(name: str, *, maps: int | None = None, include_top: bool = True) -> Network:
    """A network by its name, however it is spelt: on `maps` input maps, and with or without its classifier.

    >>> network("VGG 16").name, network("lenet-5", maps=3).input
    ('VGG16', (3, 32, 32))
    """
    known = {_plain(key): key for key in ZOO}
    wanted = _plain(name)
    if wanted not in known:
        close = get_close_matches(wanted, known, n=3)
        some = f"there are {', '.join(list(ZOO)[:12])} and {len(ZOO) - 12} more"
        meant = f"did you mean {' or '.join(known[key] for key in close)}?" if close else some
        raise CoreError(f"{name[:60]!r} is neither a network of the zoo nor a file; {meant}")
    found = ZOO[known[wanted]]
    if maps is not None:
        found = replace(found, input=(maps, *found.input[1:]))
    return found if include_top else without_top(found)


def without_top(network: Network) -> Network:
    """The part that extracts features: everything before the volume becomes a vector, side branches left out.

    >>> without_top(LENET5).layers[-1].name
    'pool2'
    """
    taken = dict(zip((layer.name for layer in network.layers), sources(network.layers), strict=True))
    by_name = {layer.name: layer for layer in network.layers}
    path, top = network.layers[-1].name, None
    while path != INPUT:  # up from the answer, along the first input of every row
        if isinstance(by_name[path].operation, Flatten | GlobalPool):
            top = path
        path = taken[path][0]
    if top is None:
        return replace(network, name=f"{network.name} without its top")
    needed, below = set[str](), list(taken[top])
    while below:
        name = below.pop()
        if name not in needed and name != INPUT:
            needed.add(name)
            below += taken[name]
    kept = relinked([(layer, taken[layer.name]) for layer in network.layers if layer.name in needed])
    return replace(network, name=f"{network.name} without its top", layers=kept)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
