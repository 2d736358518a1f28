"""Published architectures by name, each a layer table in a file of its own."""

import re
from dataclasses import replace
from difflib import get_close_matches

from core.errors import CoreError
from core.nets.layers import INPUT, Flatten, GlobalPool, Network, relinked, sources
from core.nets.zoo.alexnet import ALEXNET, ALEXNET_2014, ALEXNET_TWO_STREAMS
from core.nets.zoo.lenet5 import LENET5
from core.nets.zoo.minimal_cnn import MINIMAL_CNN, MINIMAL_CNN_POOLED
from core.nets.zoo.mlp import MLP
from core.nets.zoo.vgg import VGG13, VGG16, VGG19, vgg

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
        meant = f"did you mean {' or '.join(known[key] for key in close)}?" if close else f"there are {', '.join(ZOO)}"
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
