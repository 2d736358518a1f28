"""How long a forward pass takes on this machine (lecture C compares networks by their milliseconds).

One image, float32, random weights: the arithmetic is the same as with trained ones. The first passes are not counted:
they fetch memory and choose algorithms. The median forgives a moment when the machine was busy with something else.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from threading import Lock

from core.errors import CoreError, LimitError
from core.nets.build import build
from core.nets.layers import Network
from core.nets.trace import trace

Progress = Callable[[float, str], None]  # how far, from 0 to 1, and what it is at; raises to cancel

MOST_PASSES = 100
MOST_MACS = 40_000_000_000  # of one pass: about a second per pass on one core

_ONE_AT_A_TIME = Lock()  # two measurements at once would measure each other


@dataclass(frozen=True)
class Latency:
    """The passes of one network, in milliseconds."""

    name: str
    threads: int
    passes: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle pass: half are faster, half slower.

        >>> Latency("LeNet-5", 1, (2.0, 9.0, 3.0)).median
        3.0
        """
        return median(self.passes)


def latency(
    network: Network,
    *,
    threads: int,
    passes: int = 10,
    warm_up: int = 2,
    progress: Progress = lambda share, doing: None,
    clock: Callable[[], float] = time.perf_counter,
) -> Latency:
    """Milliseconds of `passes` forward passes of one image, after `warm_up` passes that do not count.

    >>> from core.nets.zoo import network
    >>> found = latency(network("lenet5"), threads=1, passes=3)
    >>> len(found.passes), found.median > 0
    (3, True)
    """
    if not 1 <= passes <= MOST_PASSES or not 0 <= warm_up <= MOST_PASSES or threads < 1:
        raise LimitError(f"from 1 to {MOST_PASSES} passes on one thread or more, got {passes} on {threads}")
    traced = trace(network)
    if traced.macs > MOST_MACS:
        raise LimitError(
            f"{network.name}: {traced.macs:,} multiply-accumulates are more than the {MOST_MACS:,} run here"
        )
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        raise CoreError("somebody else is measuring on this machine: try again in a moment")
    try:
        import torch

        progress(0.0, f"building {network.name}")
        module, image = build(traced).eval(), torch.randn(1, *traced.input)
        before, taken = torch.get_num_threads(), list[float]()
        torch.set_num_threads(threads)
        try:
            with torch.inference_mode():
                for number in range(warm_up + passes):
                    began = clock()
                    module(image)
                    taken.append(1000 * (clock() - began))
                    progress((number + 1) / (warm_up + passes), f"pass {number + 1} of {network.name}")
        finally:
            torch.set_num_threads(before)
    finally:
        _ONE_AT_A_TIME.release()
    return Latency(network.name, threads, tuple(taken[warm_up:]))
