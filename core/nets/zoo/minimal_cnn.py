"""The smallest CNN of lecture C: one convolution and one dense layer, with and without the pooling its code lists."""

from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered

TOP = (Flatten(), Dense(10), Activation("softmax"))

MINIMAL_CNN = Network("Minimal CNN", (1, 28, 28), numbered(Conv(64, (3, 3)), Activation("relu"), *TOP))

MINIMAL_CNN_POOLED = Network(
    "Minimal CNN with pooling",
    (1, 28, 28),
    numbered(Conv(64, (3, 3)), Activation("relu"), Pool("max", (2, 2), (2, 2)), *TOP),
)
