"""The zoo: names as people spell them, gray or colour, with and without the classifier."""

import pytest

from core.errors import CoreError
from core.nets import zoo
from core.nets.layers import Conv, Dense
from core.nets.trace import trace


@pytest.mark.parametrize("spelt", ["vgg16", "VGG16", "VGG-16", "vgg 16"])
def test_knows_a_name_however_it_is_spelt(spelt: str) -> None:
    assert zoo.network(spelt) is zoo.network("vgg16")


@pytest.mark.parametrize(
    ("spelt", "name"),
    [
        ("ResNet-50", "ResNet50"),
        ("resnet 50 v2", "ResNet50V2 (Keras)"),
        ("ResNet152-Keras", "ResNet152 (Keras)"),
        ("Inception V3", "InceptionV3"),
        ("InceptionResNetV2", "InceptionResNetV2"),
        ("MobileNetV2", "MobileNetV2"),
        ("EfficientNetB0", "EfficientNetB0"),
        ("GoogLeNet", "GoogLeNet"),
        ("U-Net", "U-Net"),
        ("FCN8s", "FCN-8s"),
        ("NiN", "Network in Network"),
        ("densenet-201", "DenseNet201"),
    ],
)
def test_knows_the_names_people_write(spelt: str, name: str) -> None:
    assert zoo.network(spelt).name == name


@pytest.mark.parametrize(
    ("name", "depth"),
    [("resnet50", 23_508_032), ("googlenet", 5_973_552), ("googlenet-heads", 5_973_552), ("densenet121", 6_953_856)],
)
def test_leaves_heads_and_classifiers_out(name: str, depth: int) -> None:
    assert trace(zoo.network(name, include_top=False)).parameters == depth


@pytest.mark.parametrize(
    ("wrong", "says"), [("vgg61", "vgg16"), ("lenet", "lenet5"), ("q" * 500, "there are mlp, lenet5")]
)
def test_suggests_what_was_meant(wrong: str, says: str) -> None:
    with pytest.raises(CoreError, match=says) as raised:
        zoo.network(wrong)
    assert len(str(raised.value)) < 300


def test_names_every_layer_once() -> None:
    for name in zoo.names():
        layers = [layer.name for layer in zoo.network(name).layers]
        assert len(set(layers)) == len(layers), name


@pytest.mark.parametrize(
    ("name", "gray", "colour"),
    [
        pytest.param("lenet5", 61_706, 62_006, id="N20-lenet5"),
        pytest.param("mlp", 86_950, 258_982, id="N24-perceptron"),
    ],
)
def test_takes_gray_or_colour(name: str, gray: int, colour: int) -> None:
    assert trace(zoo.network(name, maps=1)).parameters == gray
    assert trace(zoo.network(name, maps=3)).parameters == colour


def test_leaves_the_classifier_out() -> None:  # Q13
    features = trace(zoo.network("vgg16", include_top=False))
    assert features.parameters == features.parameters_of(Conv) == 14_714_688
    assert features.rows[-1].shape == (512, 7, 7)


def test_counts_the_layers_with_weights() -> None:  # N91, N93
    for name, depth in (("vgg13", 13), ("vgg16", 16), ("vgg19", 19), ("alexnet", 8)):
        assert sum(isinstance(layer.operation, Conv | Dense) for layer in zoo.network(name).layers) == depth
