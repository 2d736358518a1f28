"""Who did what when, with names where the ledger has keys."""

import re
from dataclasses import dataclass
from datetime import datetime

from classroom.desk import Desk
from classroom.people import LETTERS, Person
from classroom.permissions import require
from classroom.staff.roll import DELETED, Roll, roll

_KEY = re.compile(rf"[{LETTERS}]{{10}}")  # as `people.new_key` draws them
_LOOKED_AT = 5000  # lines, where only those about one assignment are wanted


@dataclass(frozen=True)
class Line:
    """A line of the audit, with names."""

    at: datetime
    name: str
    what: str
    about: str


def audit(desk: Desk, who: Person | None, *, assignment: str = "", limit: int = 200) -> tuple[Line, ...]:
    """The newest lines first; of one assignment if asked."""
    require(who, "see the audit")
    everybody = roll(desk)
    deeds = reversed(desk.ledger.audit(limit=_LOOKED_AT if assignment else limit))
    found = [one for one in deeds if not assignment or assignment in one.about.replace(":", " ").split()][:limit]
    return tuple(Line(one.at, _actor(everybody, one.who), one.what, _said(everybody, one.about)) for one in found)


def _actor(everybody: Roll, key: str) -> str:
    """Who did it: a member, somebody who was, or a part of the machine, which has a name of its own."""
    person = everybody.people.get(key)
    if person is not None:
        return person.name
    return DELETED if _KEY.fullmatch(key) else key


def _said(everybody: Roll, about: str) -> str:
    """The sentence with names: a key stands after "of" or "for", before any reason that somebody typed."""
    said, colon, reason = about.partition(": ")
    words = said.split(" ")
    for place in range(1, len(words)):
        if words[place - 1] in ("of", "for"):
            bare = words[place].rstrip(",")
            words[place] = words[place].replace(bare, _actor(everybody, bare))
    return f"{' '.join(words)}{colon}{reason}"
