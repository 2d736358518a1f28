"""Figures about GoogLeNet, ResNet and the models of lecture C's table."""

import numpy as np

from core.nets.depth import depth
from core.nets.layers import Conv, Dense, GlobalPool
from core.nets.trace import Trace, trace
from core.nets.zoo import network, without_top
from core.nets.zoo.mobilenet import scaled
from core.nets.zoo.resnet import cifar, resnet
from syllabus.recompute.nets import stack, weighted, zoo
from syllabus.recompute.registry import claim, ours
from syllabus.tables import Value

NORMALISATION = 3 + 3 + 1  # Keras' EfficientNet normalises its input: a mean and a variance per colour, and a counter


@ours("N103")
def googlenet_depth() -> Value:
    """Layers with weights on the longest way."""
    return depth(network("googlenet"))


@ours("N104")
def googlenet() -> Value:
    """The paper's widths, without auxiliary outputs."""
    return zoo("googlenet").parameters


@ours("N105")
def googlenet_against_alexnet() -> Value:
    """60 M over 5 M, as the lecture has them."""
    return 60 // 5


@ours("N107")
def resnet_152() -> Value:
    """Layers with weights on the longest way."""
    return depth(resnet(152))


@ours("N109")
def resnets_for_cifar() -> Value:
    """6n + 2 layers for n = 9 and n = 200."""
    return tuple(sum(isinstance(layer.operation, Conv | Dense) for layer in cifar(n).layers) for n in (9, 200))


@ours("N111")
def windows_in_a_block() -> Value:
    """3x3 convolutions in the second block of the first stage."""
    return tuple(map(_windows, (18, 34, 50, 101, 152)))


@claim("N111")
def windows_in_a_basic_block() -> Value:
    """As if all were built of the blocks of ResNet-18."""
    return (_windows(18),) * 5


@ours("N167")
def scaled_input() -> Value:
    """A black and a white pixel."""
    return tuple(scaled(np.array([0.0, 255.0])).tolist())


@ours("N170")
def mobilenet_v2_head() -> Value:
    """The backbone with its statistics, and one unit on its means."""
    backbone = _kept(trace(without_top(network("mobilenet-v2"))))
    return backbone, stack(GlobalPool("average"), Dense(1), input=(1280, 7, 7)).parameters


@ours("N196")
def xception() -> Value:
    """Keras counts a depthwise and a pointwise convolution as one layer."""
    traced = zoo("xception")
    depthwise = [row for row in weighted(traced) if isinstance(row.operation, Conv) and row.operation.groups > 1]
    return _kept(traced), len(weighted(traced)) - len(depthwise)


@ours("N199")
def resnet50() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet50-keras")


@ours("N200")
def resnet50_v2() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet50-v2")


@ours("N201")
def resnet101() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet101-keras")


@ours("N202")
def resnet101_v2() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet101-v2")


@ours("N203")
def resnet152() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet152-keras")


@ours("N204")
def resnet152_v2() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("resnet152-v2")


@ours("N205")
def inception_v3() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("inception-v3-keras")


@ours("N206")
def inception_resnet_v2() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("inception-resnet-v2")


@ours("N207")
def mobilenet() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("mobilenet")


@ours("N208")
def mobilenet_v2() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("mobilenet-v2")


@ours("N209")
def densenet121() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("densenet121")


@ours("N210")
def densenet169() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("densenet169")


@ours("N211")
def densenet201() -> Value:
    """All numbers Keras keeps, and the layers that have some."""
    return _counted("densenet201")


@ours("N214")
def efficientnet() -> Value:
    """Keras' normalisation of the input is one more layer."""
    traced = zoo("efficientnet-b0")
    return _kept(traced) + NORMALISATION, len(weighted(traced)) + 1


def _counted(name: str) -> Value:
    """Parameters and statistics, and the layers that have some: the two columns of the table."""
    traced = zoo(name)
    return _kept(traced), len(weighted(traced))


def _kept(traced: Trace) -> int:
    return traced.parameters + traced.statistics


def _windows(depth: int) -> int:
    """3x3 convolutions in the second block of the first stage."""
    block = [layer.operation for layer in resnet(depth).layers if layer.name.startswith("block2-2_")]
    return sum(isinstance(operation, Conv) and operation.kernel == (3, 3) for operation in block)
