"""People of a course, as records.

The `key` is by whom grading knows somebody: hand-ins, marks and the audit name nothing else. It is drawn, so that what
is kept for good says nothing about who it was once a person is deleted.
"""

import secrets
from dataclasses import dataclass

from classroom.roles import Role

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read out


@dataclass(frozen=True)
class Person:
    """Somebody on the roster. Besides name and role everything may be empty."""

    key: str
    name: str
    role: Role = Role.STUDENT
    email: str = ""
    number: str = ""  # the university's
    login: str = ""
    lms_id: str = ""  # the learning platform's own
    section: str = ""
    active: bool = True  # False: has left; may not come in, and their work stays

    def called(self, said: str) -> bool:
        """Whether somebody who says this at the door can be meant: number, login, address or name.

        >>> ada = Person("k", "Ada Lovelace", email="ada@example.org", number="0815")
        >>> [ada.called(said) for said in ("0815", " ADA@example.org ", "ada  lovelace", "", "Ada")]
        [True, True, True, False, False]
        """
        names = {" ".join(name.split()).casefold() for name in (self.number, self.login, self.email, self.name)}
        return " ".join(said.split()).casefold() in names - {""}


def new_key() -> str:
    """A key that nobody has: of 31 ** 10 possible ones."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))
