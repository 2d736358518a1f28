"""InceptionResNetV2: Inception modules that add a small share of what they find to their input (lecture C's table).

As Keras ships it. Source: Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the Impact of
Residual Connections on Learning", AAAI 2017.
"""

from collections.abc import Sequence

from core.nets.layers import Activation, Add, BatchNorm, Concat, Conv, Dense, GlobalPool, Layer, Network, Pool
from core.nets.zoo.inception_v3 import FIVE, FLAT, HALVING, ONE, TALL, THREE, Branch, chain, module

BN, RELU = BatchNorm(0.001, scale=False), Activation("relu")


def residual(name: str, source: str, branches: Sequence[Branch], maps: int, share: float) -> tuple[Layer, ...]:
    """Branches in one pile, a 1x1 convolution back to `maps` maps, and a share of that added to the input.

    >>> [row.name for row in residual("b", "stem", [[(8, ONE)], [(8, ONE)]], 16, 0.2)][-4:]
    ['b_pile', 'b_up', 'b_add', 'b_relu']
    """
    layers, ends = list[Layer](), list[str]()
    for place, branch in enumerate(branches, 1):
        layers += chain(f"{name}_branch{place}", source, branch, BN)
        ends.append(layers[-1].name)
    return (
        *layers,
        Layer(f"{name}_pile", Concat(), of=tuple(ends)),
        Layer(f"{name}_up", Conv(maps, (1, 1))),
        Layer(f"{name}_add", Add(share), of=(source, f"{name}_up")),
        Layer(f"{name}_relu", RELU),
    )


def _network() -> Network:
    narrow: Branch = [(32, THREE, 2), (32, THREE, 1), (64, THREE)]
    wide: Branch = [(80, ONE), (192, THREE, 1)]
    layers = [
        *(*chain("stem1", "input", narrow, BN), Layer("stem1_pool", HALVING)),
        *(*chain("stem2", "stem1_pool", wide, BN), Layer("stem2_pool", HALVING)),
    ]

    def add(name: str, *branches: Branch, pool: Pool = HALVING, project: int | None = None) -> None:
        layers.extend(module(name, layers[-1].name, branches, BN, pool, project))

    mean = Pool("average", (3, 3), (1, 1), (1, 1), inside=True)
    three = [(64, ONE), (96, THREE), (96, THREE)]
    add("mixed5b", [(96, ONE)], [(48, ONE), (64, FIVE)], three, pool=mean, project=64)
    for place in range(1, 11):
        branches = [(32, ONE)], [(32, ONE), (32, THREE)], [(32, ONE), (48, THREE), (64, THREE)]
        layers += residual(f"block35-{place}", layers[-1].name, branches, 320, 0.17)
    add("mixed6a", [(384, THREE, 2)], [(256, ONE), (256, THREE), (384, THREE, 2)])
    for place in range(1, 21):
        halves = [(192, ONE)], [(128, ONE), (160, FLAT), (192, TALL)]
        layers += residual(f"block17-{place}", layers[-1].name, halves, 1088, 0.1)
    short: Branch = [(256, ONE), (288, THREE, 2)]
    add("mixed7a", [(256, ONE), (384, THREE, 2)], short, [(256, ONE), (288, THREE), (320, THREE, 2)])
    for place in range(1, 11):
        halves = [(192, ONE)], [(192, ONE), (224, (1, 3)), (256, (3, 1))]
        found = residual(f"block8-{place}", layers[-1].name, halves, 2080, 0.2 if place < 10 else 1.0)
        layers += found if place < 10 else found[:-1]  # nothing is cut off after the last
    layers += chain("top", layers[-1].name, [(1536, ONE)], BN)
    head = (
        Layer("gap", GlobalPool("average")),
        Layer("predictions", Dense(1000)),
        Layer("softmax", Activation("softmax")),
    )
    return Network("InceptionResNetV2", (3, 299, 299), (*layers, *head))


INCEPTION_RESNET_V2 = _network()
