"""A student and a judge in one process, joined by messages that are copied on the way as a wire would copy them."""

from collections.abc import Callable, Collection
from typing import Any

from grading.judge.answers import Answers
from grading.judge.namespace import Namespace
from grading.judge.student import Student
from grading.limits import DEFAULT, Limits
from grading.messages import Message


def carried(message: Message) -> Message:
    """What arrives at the other end: the same bytes in memory of its own."""
    return Message(bytes(message.head), [bytearray(memoryview(buffer).cast("B")) for buffer in message.buffers])


def student_of(
    notebook: str, limits: Limits = DEFAULT, *, objects_from: Collection[str] | None = None
) -> tuple[Student, dict[str, Any]]:
    """A student whose cells ran, seen from the judge; and the student's own namespace."""
    own: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(notebook, "<student>", "exec"), own)
    answers = Answers(own, limits)

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        return carried(answers.reply(carried(question), lambda message: carried(on_callback(carried(message)))))

    return Student(ask, limits, objects_from=objects_from), own


def namespace_of(notebook: str, limits: Limits = DEFAULT, *, defined: frozenset[str] = frozenset()) -> Namespace:
    """The globals of a test of that student."""
    student, _ = student_of(notebook, limits)
    return Namespace(student, defined=defined)


def liar(answer: Callable[[Message], Message | bytes], limits: Limits = DEFAULT) -> Student:
    """A student's process that writes its answers itself."""

    def ask(question: Message, on_callback: Callable[[Message], Message]) -> Message:
        said = answer(question)
        return said if isinstance(said, Message) else Message(said)

    return Student(ask, limits)
