"""A very small AlexNet and the images it learns from: digits that lie somewhere on a black canvas (lectures B and C).

What is small about it is the size, not the plan: a wide first window at stride 2, convolutions, a pooling,
dense layers with dropout. What is told of training AlexNet can be tried on it within seconds.
"""

import numpy as np

from core.data.digits import held_out_digits, training_digits
from core.errors import ShapeError
from core.features.patches import placed
from core.learning.examples import Examples
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, Network, Operation, Pool, numbered

SIDE, REACH = 12, 2  # of the canvas; how far off the middle a digit may lie
JUDGED = 800  # digits nobody learns from
MOST = 997  # digits that are left to learn from
RELU = Activation("relu")


def small_alexnet(dropout: float = 0.5, *, units: int = 128) -> Network:
    """Two convolutions, one pooling and two dense layers for a grey image of 12x12; no dropout where it is 0.

    >>> [layer.name for layer in small_alexnet().layers]
    ['conv1', 'relu1', 'conv2', 'relu2', 'pool1', 'flatten1', 'dense1', 'relu3', 'dropout1', 'dense2']
    """
    silence: tuple[Operation, ...] = (Dropout(dropout),) if dropout else ()
    return Network(
        "Small AlexNet",
        (1, SIDE, SIDE),
        numbered(
            *(Conv(12, (5, 5), (2, 2), padding=(2, 2)), RELU),
            *(Conv(24, (3, 3), padding=(1, 1)), RELU),
            Pool("max", (2, 2), (2, 2)),
            *(Flatten(), Dense(units), RELU, *silence),
            Dense(10),
        ),
    )


def placed_digits(learned: int) -> tuple[Examples, Examples]:
    """So many digits to learn from and 800 others to be judged by, each lying somewhere on its canvas.

    Brought to mean 0 and deviation 1 by numbers of the first part alone; the same call gives the same images.

    >>> learn, judge = placed_digits(400)
    >>> tuple(learn.inputs.shape), tuple(judge.inputs.shape), f"{learn.inputs.std():.1f}"
    ((400, 1, 12, 12), (800, 1, 12, 12), '1.0')
    """
    import torch

    if not 1 <= learned <= MOST:
        raise ShapeError(f"from 1 to {MOST} digits can be learned from, got {learned}")
    train, held = training_digits(), held_out_digits()
    images = placed(np.concatenate([train.images, held.images]), SIDE, reach=REACH, random=np.random.default_rng(0))
    labels = torch.tensor(np.concatenate([train.labels, held.labels]))
    inputs = torch.tensor(images[:, None], dtype=torch.float32)  # (N, 1, 12, 12)
    first = inputs[:learned]
    inputs = (inputs - first.mean()) / first.std()
    return Examples(inputs[:learned], labels[:learned]), Examples(inputs[-JUDGED:], labels[-JUDGED:])
