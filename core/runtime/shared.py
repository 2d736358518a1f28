"""A model that all visitors ask together: `shared("one_stage")` stands where `load("one_stage")` stood.

What is asked at the same time with inputs of the same shape goes through the model in one pass. The answers are those
of a pass of one's own up to rounding: how many pictures a pass has changes in which order it adds.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from core.errors import ShapeError
from core.runtime import models
from core.runtime.device import Device, here
from core.runtime.merging import Load, Merger, Ticket

if TYPE_CHECKING:
    import torch
    from torch import Tensor
    from torch.nn import Module

    Answer: TypeAlias = Tensor | tuple[Tensor, ...]


_around: Callable[[str], AbstractContextManager[object]] = nullcontext
_waits: Callable[[], object] = bool  # nothing
_elsewhere: "Callable[[Kind, Tensor], Answer | None] | None" = None


@dataclass(frozen=True)
class Way:
    """Which model is asked, which part of it, and how: called, or by one of its methods."""

    name: str
    part: str = ""
    method: str = "__call__"


@dataclass(frozen=True)
class Kind:
    """What goes through a model together: questions asked in the same way, with inputs of one shape and type."""

    way: Way
    shape: tuple[int, ...]  # of one row
    dtype: "torch.dtype"


@dataclass(frozen=True)
class Shared:
    """A model or a part of it: calls of it and of its methods in `merged` are merged, all else is the model's own."""

    name: str
    part: str = ""
    merged: tuple[str, ...] = ()
    device: Device | None = None

    def __call__(self, inputs: "Tensor") -> Any:
        """What the model says: (N, ...) -> as its forward pass, on the processor, without gradients."""
        return ask(Way(self.name, self.part), inputs, device=self.device)

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # Python asks for these on its own, even before there are fields
            raise AttributeError(attribute)
        if attribute in self.merged:
            return partial(ask, Way(self.name, self.part, attribute), device=self.device)
        whole = models.known(self.name, partial(_fresh, self.name))
        return getattr(whole.get_submodule(self.part), attribute)


def shared(name: str, *, part: str = "", merged: Sequence[str] = (), device: Device | None = None) -> Any:
    """The model of this name, to be asked together with others; its type is that of the model.

    Without a device, it is the one of this process.

    >>> import torch
    >>> shared("scenes")(torch.zeros(2, 3, 64, 64)).shape
    torch.Size([2, 5])
    """
    return Shared(name, part, tuple(merged), device)


def ask(way: Way, inputs: "Tensor", *, asker: Hashable = None, device: Device | None = None) -> "Answer":
    """Ask and wait: (N, ...) -> an answer of N rows, or several."""
    ticket = enter(way, inputs, asker=asker, device=device)
    _waits()
    return ticket.answer()


def enter(
    way: Way, inputs: "Tensor", *, asker: Hashable = None, device: Device | None = None
) -> "Ticket[Kind, Tensor, Answer]":
    """Ask without waiting; without an asker, each thread is one."""
    if not inputs.ndim or not len(inputs):
        raise ShapeError(f"need at least one input (N, ...), got {tuple(inputs.shape)}")
    kind = Kind(way, tuple(inputs.shape[1:]), inputs.dtype)
    return _merger(device or here()).enter(kind, inputs, weight=len(inputs), asker=asker)


def load(device: Device | None = None) -> Load:
    """How much the models of this process have to do, and have done; asking for it loads nothing."""
    return _merger(device or here()).load() if _merger.cache_info().currsize else Load()


def watch(around: Callable[[str], AbstractContextManager[object]]) -> None:
    """Let this, given the model's name, stand around every pass from now on: to take its time, say."""
    global _around
    _around = around


def ask_first(elsewhere: "Callable[[Kind, Tensor], Answer | None] | None") -> None:
    """Let somebody else make the passes from now on, or nobody; where the answer is None, the pass is made here."""
    global _elsewhere
    _elsewhere = elsewhere


def when_waiting(call: Callable[[], object]) -> None:
    """Let this be called from now on by every thread that begins to wait for an answer."""
    global _waits
    _waits = call


def close() -> bool:
    """The end of this process: what waits is refused, what is at work is waited for; False if that takes long."""
    return not _merger.cache_info().currsize or _merger(here()).close()


def passed(device: Device, kind: Kind, inputs: "Sequence[Tensor]") -> "list[Answer]":
    """One pass for all: some inputs (N, ...) of one shape -> the answer to each."""
    import torch

    together = torch.cat(list(inputs)) if len(inputs) > 1 else inputs[0]
    said = _elsewhere(kind, together) if _elsewhere else None
    if said is None:
        said = _said_here(device, kind.way, together)
    return _apart(said, [len(each) for each in inputs])


def _said_here(device: Device, way: Way, inputs: "Tensor") -> "Answer":
    with models.lent(*_asked(way.name), device) as module, device.at_work(), _around(way.name):
        asked: Callable[[Tensor], Answer] = getattr(module.get_submodule(way.part), way.method)
        return asked(device.taken(inputs))


def _apart(said: "Answer", counts: list[int]) -> "list[Answer]":
    """An answer of several rows -> each asker's own, which shares no memory with the others'."""
    if isinstance(said, tuple):
        return [tuple(each) for each in zip(*(_rows(whole, counts) for whole in said), strict=True)]
    return [*_rows(said, counts)]


def _rows(whole: "Tensor", counts: list[int]) -> "list[Tensor]":
    import torch

    plain = (whole.float() if whole.is_floating_point() else whole).cpu().contiguous()
    return [plain] if len(counts) == 1 else [each.clone() for each in torch.split(plain, counts)]


def _fresh(name: str) -> "Module":
    from core.models import pretrained, registry, store

    return pretrained.unpacked() if name == pretrained.NAME else store.load(registry.recipe(name))


def _asked(name: str) -> "tuple[str, Callable[[], Module]]":
    """The form of a model that passes go through, its name and how to get it: the pretrained one has one of its own."""
    from core.models import pretrained

    return (pretrained.FOLDED, pretrained.folded) if name == pretrained.NAME else (name, partial(_fresh, name))


@cache
def _merger(device: Device) -> "Merger[Kind, Tensor, Answer]":
    return Merger(partial(passed, device), most=device.rows, passes=device.passes)
