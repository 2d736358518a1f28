"""Who may do what: one table, asked by every service before it does anything.

Hiding a page protects nothing, so pages ask nothing here: they call a service, and the service asks.
"""

from dataclasses import dataclass
from typing import Literal

from classroom.errors import NotAllowed
from classroom.people import Person
from classroom.roles import Role

Action = Literal[
    "see an assignment",
    "see a hidden assignment",
    "hand in",
    "keep a draft",
    "try out code",
    "see hand-ins",
    "see results",
    "see results that are not released",
    "see the queue",
    "see the gradebook",
    "see who is stuck",
    "mark",
    "publish",
    "release",
    "extend",
    "regrade",
    "compare solutions",
    "export",
    "see people",
    "change people",
    "see the audit",
    "back up",
    "look after the server",
    "present",
    "write for the class",
    "vote",
    "see votes",
    "practise questions",
]


@dataclass(frozen=True)
class Rule:
    """The least role that may do it about anybody, and the least that may do it about themselves."""

    anybody: Role | None
    own: Role | None = None


TABLE: dict[Action, Rule] = {
    "see an assignment": Rule(anybody=Role.STUDENT),
    "see a hidden assignment": Rule(anybody=Role.ASSISTANT),
    "hand in": Rule(anybody=None, own=Role.STUDENT),
    "keep a draft": Rule(anybody=None, own=Role.STUDENT),
    "try out code": Rule(anybody=None, own=Role.STUDENT),
    "see hand-ins": Rule(anybody=Role.ASSISTANT, own=Role.STUDENT),
    "see results": Rule(anybody=Role.ASSISTANT, own=Role.STUDENT),
    "see results that are not released": Rule(anybody=Role.ASSISTANT),
    "see the queue": Rule(anybody=Role.ASSISTANT),
    "see the gradebook": Rule(anybody=Role.ASSISTANT),
    "see who is stuck": Rule(anybody=Role.ASSISTANT),
    "mark": Rule(anybody=Role.ASSISTANT),
    "publish": Rule(anybody=Role.INSTRUCTOR),
    "release": Rule(anybody=Role.INSTRUCTOR),
    "extend": Rule(anybody=Role.INSTRUCTOR),
    "regrade": Rule(anybody=Role.INSTRUCTOR),
    "compare solutions": Rule(anybody=Role.INSTRUCTOR),
    "export": Rule(anybody=Role.INSTRUCTOR),
    "see people": Rule(anybody=Role.ASSISTANT),
    "change people": Rule(anybody=Role.INSTRUCTOR),
    "see the audit": Rule(anybody=Role.INSTRUCTOR),
    "back up": Rule(anybody=Role.INSTRUCTOR),
    "look after the server": Rule(anybody=Role.INSTRUCTOR),
    "present": Rule(anybody=Role.ASSISTANT),
    "write for the class": Rule(anybody=Role.ASSISTANT),
    "vote": Rule(anybody=None, own=Role.STUDENT),
    "see votes": Rule(anybody=Role.ASSISTANT, own=Role.STUDENT),
    "practise questions": Rule(anybody=Role.STUDENT),
}


def may(who: Person | None, action: Action, *, about: str = "") -> bool:
    """Whether somebody may do this, about a student (their key) or about the course; nobody signed in is None.

    >>> ada, bob = Person("a", "Ada"), Person("b", "Bob", Role.ASSISTANT)
    >>> may(ada, "see hand-ins", about="a"), may(ada, "see hand-ins", about="b"), may(bob, "see hand-ins", about="a")
    (True, False, True)
    >>> may(bob, "hand in", about="a"), may(None, "see an assignment")
    (False, False)
    """
    if who is None or not who.active:
        return False
    rule = TABLE[action]
    own = rule.own is not None and about == who.key and who.role >= rule.own
    return own or (rule.anybody is not None and who.role >= rule.anybody)


def require(who: Person | None, action: Action, *, about: str = "") -> Person:
    """The one who may, or a `NotAllowed` that says what is missing."""
    if who is not None and may(who, action, about=about):
        return who
    if who is None:
        raise NotAllowed("Sign in first: this is for members of the course.")
    if not who.active:
        raise NotAllowed("You are no longer a member of this course. Ask your instructor if that is a mistake.")
    least = TABLE[action].anybody
    whose = "This is about somebody else's work." if TABLE[action].own is not None and about != who.key else ""
    needed = f"Only {least.name.lower()}s may do that." if least is not None else "Nobody may do it for another."
    raise NotAllowed(f"{whose} {needed}".strip())
