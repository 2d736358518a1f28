"""LeNet-5, as lecture C writes it in Keras: tanh after the convolutions, average pooling, relu in the dense layers.

Source: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998. The paper's
subsampling has weights and its second convolution skips some maps; the lectures' version has neither.
"""

from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Pool, numbered

HALVING = Pool("average", (2, 2), (2, 2))

LENET5 = Network(
    "LeNet-5",
    (1, 32, 32),
    numbered(
        *(Conv(6, (5, 5)), Activation("tanh"), HALVING),
        *(Conv(16, (5, 5)), Activation("tanh"), HALVING),
        Flatten(),
        *(Dense(120), Activation("relu")),
        *(Dense(84), Activation("relu")),
        *(Dense(10), Activation("softmax")),
    ),
)
