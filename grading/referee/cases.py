"""What a referee is made of: cases, their groups, the usual mistakes, and the shortcuts that are not allowed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np


@dataclass(frozen=True)
class Case:
    """The arguments of one call. `raises` says that the right answer is to refuse them with that error."""

    arguments: tuple[Any, ...]
    title: str = ""  # a student reads it if the case is visible
    raises: type[Exception] | None = None


def case(*arguments: Any, title: str = "", raises: type[Exception] | None = None) -> Case:
    """A case as it is called.

    >>> case(227, 11, 4, 0, title="AlexNet").arguments
    (227, 11, 4, 0)
    """
    return Case(arguments, title, raises)


Drawn: TypeAlias = Callable[[np.random.Generator], Case]


@dataclass(frozen=True)
class Group:
    """Cases that earn their weight together: one wrong answer among them, and the group earns nothing.

    Of a visible group a student reads the call and the answer that was expected; of any other only its title and
    the kind of trouble, so a title describes and gives no numbers away.
    """

    title: str
    weight: float
    cases: tuple[Case, ...] = ()  # named edges
    drawn: Drawn | None = None
    count: int = 15  # how many are drawn
    visible: bool = False

    def __post_init__(self) -> None:
        if self.weight <= 0:
            raise ValueError(f"{self.title}: a group weighs more than 0, got {self.weight}")
        if not self.cases and self.drawn is None:
            raise ValueError(f"{self.title}: a group needs cases, named or drawn")
        if self.visible and self.drawn is not None:
            raise ValueError(f"{self.title}: what is drawn is hidden, so a visible group has named cases only")


@dataclass(frozen=True)
class Mistake:
    """A wrong variant of the reference that students are known to write, and the hint that helps them out of it."""

    title: str
    variant: Callable[..., Any]
    hint: str


@dataclass(frozen=True)
class Forbidden:
    """A shortcut by its dotted name, and why it may not be taken."""

    name: str
    because: str
