"""The models of one process of a cluster, asked over HTTP: what comes at the same time goes through them together.

Whoever reaches the port can ask, so a question is read as a stranger's: a model of ours, a method that pages merge,
numbers of a bounded size.
"""

from core.errors import LimitError
from core.runtime import shared
from core.runtime.shared import Way
from core.runtime.wire import packed, unpacked

METHODS = ("__call__", "first")  # what `shared(..., merged=...)` names anywhere


def answered(body: bytes) -> bytes:
    """The answer to one question; a CoreError where it is none."""
    import torch

    from core.models import pretrained, registry

    says, arrays = unpacked(body)
    if len(says) != 3 or len(arrays) != 1:
        raise LimitError("a question is a model, a part, a method and one array")
    name, part, method = says
    if name not in (*registry.names(), pretrained.NAME) or method not in METHODS or not _plain(part):
        raise LimitError("there is no such model, part or method to ask")
    said = shared.ask(Way(name, part, method), torch.from_numpy(arrays[0].copy()))
    return _told(said)


def _plain(part: str) -> bool:
    """Whether it reads as the name of a module inside a module."""
    return not part or all(step.isidentifier() or step.isdigit() for step in part.split("."))


def _told(said: "shared.Answer") -> bytes:
    if isinstance(said, tuple):
        return packed(["several"], [each.numpy() for each in said])
    return packed(["one"], [said.numpy()])
