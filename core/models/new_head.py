"""A network that has learned one task gets a new last layer for another (lectures A, B, C and D).

The network has two parts: `body` makes features of pictures, and `head`, a dense layer, makes scores of the features.
Source: Razavian et al., "CNN Features off-the-shelf", CVPR workshops 2014.
"""

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from core.errors import CoreError

if TYPE_CHECKING:
    from torch.nn import Module


def with_new_head(model: "Module", classes: int, *, freeze: bool, seed: int = 0) -> "Module":
    """A copy with a head for other classes, drawn by `seed`: (N, ...) -> (N, classes), ready to be trained.

    A frozen body has no parameter that learns, and stays in evaluation mode: its normalisations keep the means and
    variances they have, and its dropout sleeps. Everything else is in training mode.

    >>> from collections import OrderedDict
    >>> from torch.nn import Linear, Sequential
    >>> model = Sequential(OrderedDict(body=Linear(8, 4), head=Linear(4, 1000)))
    >>> made = with_new_head(model, 3, freeze=True)
    >>> [(name, tuple(values.shape)) for name, values in made.named_parameters() if values.requires_grad]
    [('head.weight', (3, 4)), ('head.bias', (3,))]
    """
    import torch
    from torch import nn

    if classes < 1:
        raise CoreError(f"a head is for one class or more, got {classes}")
    made: Any = deepcopy(model).train().requires_grad_(True)
    inputs = made.head.in_features
    made.head = nn.Linear(inputs, classes)
    with torch.no_grad():
        made.head.weight.normal_(0.0, inputs**-0.5, generator=torch.Generator().manual_seed(seed))
        made.head.bias.zero_()
    if freeze:
        made.body.eval().requires_grad_(False)
    whole: Module = made
    return whole
