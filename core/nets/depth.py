"""How deep a network is: the layers with weights that a value passes on its longest way (lectures B and C).

Two convolutions side by side count as one, and so do a convolution and the shortcut around it. That is how GoogLeNet
comes to 22 layers and ResNet-152 to its name.
"""

from core.nets.layers import INPUT, Conv, Dense, Local, Network, Transposed, sources

WEIGHTED = (Conv, Local, Transposed, Dense)


def depth(network: Network) -> int:
    """Convolutions and dense layers on the longest way from the image to the answer.

        depth(row) = 1 if the row multiplies with weights, else 0, plus the largest depth of the rows it takes

    >>> from core.nets.zoo import network
    >>> depth(network("alexnet")), depth(network("vgg19"))
    (8, 19)
    """
    found = {INPUT: 0}
    for layer, of in zip(network.layers, sources(network.layers), strict=True):
        found[layer.name] = isinstance(layer.operation, WEIGHTED) + max(found[name] for name in of)
    return found[network.layers[-1].name]
