"""Who is meant by a key of the ledger: a name; on a screen that students see, a number that says nothing to them."""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from classroom.desk import Desk
from classroom.people import Person
from classroom.roles import Role

DELETED = "somebody who was deleted"
FIRST, NUMBERS = 1000, 9000  # students are numbered from here, and there are so many numbers


@dataclass(frozen=True)
class Roll:
    """Everybody who is or was a member; with `numbers` nobody is named."""

    people: Mapping[str, Person]
    numbers: Mapping[str, str] = field(default_factory=dict)
    deleted: frozenset[str] = frozenset()

    def name(self, key: str) -> str:
        """What to call somebody."""
        if key in self.numbers:
            return self.numbers[key]
        if person := self.people.get(key):
            return person.name
        return DELETED if self.numbers or key in self.deleted else f"{key} (not on the roster)"

    def section(self, key: str) -> str:
        """Whose section it is; somebody who was deleted has none."""
        person = self.people.get(key)
        return person.section if person else ""

    def counts(self, key: str) -> bool:
        """Whether somebody belongs into a gradebook: not who only tries the hand-in out as a member of the staff."""
        person = self.people.get(key)
        return person is None or person.role == Role.STUDENT

    @property
    def students(self) -> tuple[Person, ...]:
        """The students who have not left, in the roster's order."""
        return tuple(one for one in self.people.values() if one.active and one.role == Role.STUDENT)


def roll(desk: Desk, *, anonymous: bool = False, also: Iterable[str] = ()) -> Roll:
    """The roster as it is now. `also` are keys of the ledger that may have been deleted from it."""
    people = {person.key: person for person in desk.classroom.people(everybody=True)}
    if not anonymous:
        return Roll(people, deleted=desk.ledger.erased())
    secret = desk.classroom.setting("screen names", otherwise=secrets.token_hex(16))
    return Roll(people, numbered({*people, *also}, secret))


def numbered(keys: Iterable[str], secret: str) -> dict[str, str]:
    """A number for everybody that stays theirs: drawn from key and secret, and the next free one where two meet.

    >>> first, second = numbered(["ada"], "secret"), numbered(["ada", "ben"], "secret")
    >>> first["ada"] == second["ada"], len(set(second.values()))
    (True, 2)
    """
    found: dict[str, str] = {}
    taken: set[int] = set()
    for key in sorted(keys):
        drawn = int(hmac.new(secret.encode(), key.encode(), sha256).hexdigest(), 16) % NUMBERS
        while drawn in taken and len(taken) < NUMBERS:
            drawn = (drawn + 1) % NUMBERS
        taken.add(drawn)
        found[key] = f"Student {FIRST + drawn}"
    return found
