"""The models of this process: one copy of each on every device, the ones used last if not all find room."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from functools import cache, partial
from typing import TYPE_CHECKING

from core.runtime.device import Device, processor
from core.runtime.shelf import Shelf

if TYPE_CHECKING:
    from torch.nn import Module


def known(name: str, load: "Callable[[], Module]") -> "Module":
    """The model of this name, loaded if it is not there: everybody gets the same one, so train a deepcopy."""
    return _shelf(processor()).get(name, load)


def lent(name: str, load: "Callable[[], Module]", device: Device) -> "AbstractContextManager[Module]":
    """The model on a device, for as long as somebody computes with it."""
    if device.name == "cpu":
        return _shelf(device).lent(name, load)
    return _shelf(device).lent(name, partial(_moved, name, load, device))


def size(module: "Module") -> int:
    """The bytes of its weights and buffers.

    >>> from torch.nn import Linear
    >>> size(Linear(10, 4))
    176
    """
    return sum(each.numel() * each.element_size() for each in (*module.parameters(), *module.buffers()))


def _moved(name: str, load: "Callable[[], Module]", device: Device) -> "Module":
    return device.placed(deepcopy(known(name, load)))


@cache
def _shelf(device: Device) -> "Shelf[Module]":
    return Shelf(room=device.room, size=size)
