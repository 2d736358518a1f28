"""A small CNN that reads 8x8 digits, trained here within seconds: two convolutions, two poolings, one dense layer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.data.digits import Digits, held_out_digits, training_digits
from core.errors import LimitError
from core.learning.threads import one_thread
from core.nets.build import build
from core.nets.layers import Activation, Conv, Dense, Flatten, Network, Operation, Pool, numbered
from core.nets.trace import Trace, trace
from core.types import Floats
from core.units.forward import Weights, forward

if TYPE_CHECKING:
    import torch

HALVING = Pool("max", (2, 2), (2, 2))
SAME = (1, 1)
DIGIT_NET = Network(
    "Digit net",
    (1, 8, 8),
    numbered(
        *(Conv(8, (3, 3), padding=SAME), Activation("relu"), HALVING),
        *(Conv(16, (3, 3), padding=SAME), Activation("relu"), HALVING),
        *(Flatten(), Dense(10), Activation("softmax")),
    ),
)
BATCH = 64
MOST_EPOCHS = 100


@dataclass(frozen=True)
class Trained:
    """A network with its weights as numpy arrays, and what share of unseen digits it reads right."""

    traced: Trace
    weights: dict[str, Weights]
    accuracy: float  # of the held-out digits
    losses: tuple[float, ...]  # mean cross-entropy of every epoch

    def volumes(self, image: Floats) -> list[Floats]:
        """Every volume for an image (8, 8): one for each row of the table."""
        return forward(self.traced, self.weights, image[None])

    def features(self) -> Trace:
        """The rows before the flatten: they take an image of any size."""
        rows = [row.name for row in self.traced.rows]
        keep = self.traced.network.layers[: rows.index("flatten1")]
        return trace(replace(self.traced.network, layers=keep))


def linear_twin(network: Network = DIGIT_NET) -> Network:
    """The same network without its activations, with the mean in place of the maximum: nothing but matrices.

    >>> [layer.name for layer in linear_twin().layers]
    ['conv1', 'pool1', 'conv2', 'pool2', 'flatten1', 'dense1']
    """
    kept: list[Operation] = [
        replace(layer.operation, how="average") if isinstance(layer.operation, Pool) else layer.operation
        for layer in network.layers
        if not isinstance(layer.operation, Activation)
    ]
    return replace(network, name=f"{network.name} without activations", layers=numbered(*kept))


def train(
    network: Network = DIGIT_NET,
    *,
    epochs: int = 12,
    seed: int = 0,
    rate: float = 0.01,
    learn: Digits | None = None,
    judge: Digits | None = None,
    progress: Callable[[float, str], None] = lambda done, what: None,
) -> Trained:
    """Adam on the cross-entropy of the training digits, in batches; the same seed gives the same weights.

    A softmax at the end of the table is left to the loss, which takes the scores before it.
    """
    import torch
    from torch.nn.functional import cross_entropy

    if not 0 < epochs <= MOST_EPOCHS:
        raise LimitError(f"from 1 to {MOST_EPOCHS} epochs, got {epochs}")
    learn, judge = learn or training_digits(), judge or held_out_digits()
    traced = trace(network)
    scoring = trace(replace(network, layers=tuple(each for each in network.layers if each.name != "softmax1")))
    generator = torch.Generator().manual_seed(seed)
    module = build(scoring, device="meta").to_empty(device="cpu")
    for values in module.parameters():  # drawn from our own generator: no global seed is touched
        _draw(values, generator)
    images = torch.tensor(learn.images, dtype=torch.float32)[:, None]
    labels, optimiser = torch.tensor(learn.labels), torch.optim.Adam(module.parameters(), lr=rate)
    losses = list[float]()
    with one_thread():
        for epoch in range(epochs):
            progress(epoch / epochs, f"epoch {epoch + 1} of {epochs}")
            total = 0.0
            for group in torch.split(torch.randperm(len(images), generator=generator), BATCH):
                loss = cross_entropy(module(images[group]), labels[group])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                total += loss.item() * len(group)
            losses.append(total / len(images))
    with torch.no_grad():
        scores = module(torch.tensor(judge.images, dtype=torch.float32)[:, None])
    right = float((scores.argmax(dim=1).numpy() == judge.labels).mean())
    progress(1.0, f"{right:.1%} of the held-out digits are read right")
    named = (row.name for row in scoring.rows if row.parameters)
    found = [each.detach().numpy().astype(np.float64) for each in module.parameters()]
    weights = {name: (found[2 * place], found[2 * place + 1]) for place, name in enumerate(named)}
    return Trained(traced, weights, right, tuple(losses))


def _draw(values: "torch.Tensor", generator: "torch.Generator") -> None:
    """Weights uniform within He's bound, biases 0."""
    import torch

    with torch.no_grad():
        if values.ndim == 1:
            values.zero_()
        else:
            limit = (6 / values[0].numel()) ** 0.5
            values.uniform_(-limit, limit, generator=generator)
