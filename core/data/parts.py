"""Train, validation and test: three parts that never mix, by construction.

A drawn example has an address, (set, part, number), and its random numbers come from that address alone: no example of
one part can turn up in another, however many are drawn. A set of fixed size is divided once, by a seed.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError

Part: TypeAlias = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)
SHARES: Mapping[Part, float] = {"train": 0.7, "validation": 0.1, "test": 0.2}


def generator(name: str, part: Part, number: int) -> np.random.Generator:
    """The random numbers of one drawn example: always the same for its address, and nobody else's.

    >>> generator("discs", "train", 0).random() == generator("discs", "train", 0).random()
    True
    >>> generator("discs", "train", 0).random() == generator("discs", "test", 0).random()
    False
    """
    if part not in PARTS or number < 0:
        raise CoreError(f"a part is one of {', '.join(PARTS)} and a number 0 or more, got {part!r} and {number}")
    return np.random.default_rng((crc32(name.encode()), PARTS.index(part), number))


def divided(count: int, *, seed: int, shares: Mapping[Part, float] = SHARES) -> Mapping[Part, NDArray[np.int64]]:
    """Which of `count` fixed examples belong to which part: every index in exactly one of them, in shuffled order.

    >>> {part: len(places) for part, places in divided(50, seed=1).items()}
    {'train': 35, 'validation': 5, 'test': 10}
    """
    if set(shares) != set(PARTS) or min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise CoreError(f"need a share for each of {', '.join(PARTS)} that together make 1, got {dict(shares)}")
    order = np.random.default_rng(seed).permutation(count)
    ends = np.round(np.cumsum([shares[part] for part in PARTS]) * count).astype(int)
    return dict(zip(PARTS, np.split(order, ends[:-1]), strict=True))
