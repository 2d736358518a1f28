"""The perceptron that lectures A and C hold against LeNet-5: every pixel is an input."""

from core.nets.layers import Activation, Dense, Flatten, Network, numbered

MLP = Network(
    "Perceptron 1024-84-10",
    (1, 32, 32),
    numbered(Flatten(), Dense(84), Activation("relu"), Dense(10), Activation("softmax")),
)
