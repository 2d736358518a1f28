"""AlexNet three times: as lecture B draws it, on two GPUs as it was trained, and as PyTorch ships it.

Sources: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012;
Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014, which torchvision follows.
"""

from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, LocalNorm, Network, Operation, Pool, numbered

RELU = Activation("relu")
THIRD = Pool("max", (3, 3), (2, 2))  # windows of 3 every 2 pixels overlap


def _drawn(name: str, streams: int) -> Network:
    """The network of 2012: two streams see only their own half of the maps in three of the convolutions."""

    def conv(filters: int, kernel: int, padding: int, groups: int = 1) -> tuple[Operation, ...]:
        return Conv(filters, (kernel, kernel), padding=(padding, padding), groups=groups), RELU

    return Network(
        name,
        (3, 227, 227),
        numbered(
            *(Conv(96, (11, 11), stride=(4, 4)), RELU, THIRD, LocalNorm()),
            *(*conv(256, 5, 2, streams), THIRD, LocalNorm()),
            *conv(384, 3, 1),
            *conv(384, 3, 1, streams),
            *(*conv(256, 3, 1, streams), THIRD),
            Flatten(),
            *(Dense(4096), RELU, Dropout(0.5)),
            *(Dense(4096), RELU, Dropout(0.5)),
            *(Dense(1000), Activation("softmax")),
        ),
    )


ALEXNET = _drawn("AlexNet, one stream", streams=1)
ALEXNET_TWO_STREAMS = _drawn("AlexNet, two streams", streams=2)

# Fewer filters, no normalisation, and 224 pixels padded by 2 where the other has 227.
ALEXNET_2014 = Network(
    "AlexNet of 2014 (torchvision)",
    (3, 224, 224),
    numbered(
        *(Conv(64, (11, 11), stride=(4, 4), padding=(2, 2)), RELU, THIRD),
        *(Conv(192, (5, 5), padding=(2, 2)), RELU, THIRD),
        *(Conv(384, (3, 3), padding=(1, 1)), RELU),
        *(Conv(256, (3, 3), padding=(1, 1)), RELU),
        *(Conv(256, (3, 3), padding=(1, 1)), RELU, THIRD),
        Flatten(),
        *(Dropout(0.5), Dense(4096), RELU),
        *(Dropout(0.5), Dense(4096), RELU),
        *(Dense(1000), Activation("softmax")),
    ),
)
