"""What a referee is made of: cases, their groups, the usual mistakes, and the shortcuts that are not allowed."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias

import numpy as np


@dataclass(frozen=True)
class Case:
    """The arguments of one call. `raises` says that the right answer is to refuse them with that error."""

    arguments: tuple[Any, ...]
    title: str = ""  # a student reads it if the case is visible
    raises: type[Exception] | None = None

    def fresh(self) -> tuple[Any, ...]:
        """The arguments for one call, which may change what it gets: nobody else's change with them.

        >>> image, size = [[1, 2]], (3, 4)
        >>> given = case(image, size).fresh()
        >>> given[0] is image, given[1] is size
        (False, True)
        """
        return self.arguments if _fixed(self.arguments) else deepcopy(self.arguments)


_FIXED = {type(None), bool, int, float, complex, str, bytes}


def _fixed(value: object) -> bool:
    """Whether nobody can change a value, so that it needs no copy."""
    if type(value) is tuple:
        return all(map(_fixed, value))
    if is_dataclass(value) and not isinstance(value, type):
        frozen = getattr(type(value), "__dataclass_params__").frozen  # noqa: B009 - dataclasses have no word for it
        return frozen and all(_fixed(getattr(value, field.name)) for field in fields(value))
    return type(value) in _FIXED


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
