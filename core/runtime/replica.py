"""The models of one process of a cluster, asked over HTTP: what comes at the same time goes through them together.

Whoever reaches the port can ask, so a question is read as a stranger's: a model of ours, a method that pages merge,
numbers of a bounded size.
"""

from core.errors import LimitError
from core.runtime import shared
from core.runtime.questions import Question, Reply
from core.runtime.wire import packed, unpacked

METHODS = ("__call__", "first")  # what `shared(..., merged=...)` names anywhere


def answered(body: bytes) -> bytes:
    """The answer to one question; a CoreError where it is none."""
    from core.models import pretrained, registry

    question: Question = unpacked(body, Question)
    way = question.way
    if way.name not in (*registry.names(), pretrained.NAME) or way.method not in METHODS or not _plain(way.part):
        raise LimitError("there is no such model, part or method to ask")
    if 0 in question.inputs.shape:  # its other sides may be as long as one likes, and cost no byte
        raise LimitError("a question has numbers")
    return packed(Reply.of(shared.ask(way, question.tensor())))


def _plain(part: str) -> bool:
    """Whether it reads as the name of a module inside a module."""
    return not part or all(step.isidentifier() or step.isdigit() for step in part.split("."))
