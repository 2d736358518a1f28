"""Tuples whose items have names, made from words that nobody trusts."""

import keyword
from functools import lru_cache
from operator import itemgetter
from typing import Any

MOST_FIELDS = 100


@lru_cache(maxsize=256)
def named_tuple(name: str, fields: tuple[str, ...]) -> type[tuple[Any, ...]]:
    """A class like those of collections.namedtuple, built without evaluating a text.

    >>> point = named_tuple("Point", ("x", "y"))((3, 4))
    >>> point.x, point == (3, 4), point
    (3, True, Point(x=3, y=4))
    """
    for word in (name, *fields):
        if not word.isidentifier() or keyword.iskeyword(word) or len(word) > 200:
            raise ValueError("not a name")
    if len(fields) > MOST_FIELDS or len(set(fields)) != len(fields) or any(word.startswith("_") for word in fields):
        raise ValueError("not the fields of a named tuple")

    def spelt(self: tuple[Any, ...]) -> str:
        return f"{name}({', '.join(f'{word}={item!r}' for word, item in zip(fields, self, strict=True))})"

    def as_dict(self: tuple[Any, ...]) -> dict[str, Any]:
        return dict(zip(fields, self, strict=True))

    members: dict[str, Any] = {word: property(itemgetter(place)) for place, word in enumerate(fields)}
    members |= {"__slots__": (), "_fields": fields, "__match_args__": fields, "__repr__": spelt, "_asdict": as_dict}
    return type(name, (tuple,), members)
