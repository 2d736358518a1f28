"""Where models run, chosen in one place: on a CUDA device if there is one, otherwise on the processor.

On the processor a pass computes with 32 bits on one core, and as many passes run at a time as there are cores. On a
CUDA device a pass takes the whole of it, with half precision where that is safe. On both the channels of a pixel stand
side by side: a device's matrix units want it, and a processor takes less time, too (`python -m benchmarks graphs`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from core.learning.threads import one_thread

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@dataclass(frozen=True)
class Device:
    """One place to compute at."""

    name: Literal["cpu", "cuda"]
    passes: int  # that run at a time
    rows: int  # of a pass: on a processor more of them are not faster
    room: int  # bytes of models that it may keep

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What is set while a pass runs: nothing is kept for gradients."""
        import torch

        if self.name == "cpu":
            with torch.no_grad(), one_thread():
                yield
        else:
            with torch.no_grad(), torch.autocast("cuda", dtype=torch.float16):
                yield

    def placed(self, module: "Module") -> "Module":
        """A module moved here."""
        import torch

        return module if self.name == "cpu" else module.to(self.name, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def taken(self, inputs: "Tensor") -> "Tensor":
        """Inputs (N, ...) moved here."""
        import torch

        form = torch.channels_last if inputs.ndim == 4 else torch.contiguous_format
        return inputs.to(self.name, non_blocking=True).contiguous(memory_format=form)


@cache
def here() -> Device:
    """The device of this process."""
    import torch

    if torch.cuda.is_available():
        return Device("cuda", passes=2, rows=64, room=4 * 2**30)
    return processor()


@cache
def processor() -> Device:
    """The processor, with the cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Device("cpu", passes=cores, rows=16, room=2**29)
