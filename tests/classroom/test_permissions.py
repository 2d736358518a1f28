"""The permission table, cell by cell: every action, every role and nobody, about oneself, another, and the course."""

from typing import get_args

import pytest

from classroom.errors import NotAllowed
from classroom.people import Person
from classroom.permissions import TABLE, Action, may, require
from classroom.roles import Role

# Who may: about themselves / about somebody else or the course. N nobody signed in, V visitor, S, A, I.
EXPECTED = {
    "see an assignment": ("SAI", "SAI"),
    "see a hidden assignment": ("AI", "AI"),
    "hand in": ("SAI", ""),
    "keep a draft": ("SAI", ""),
    "try out code": ("SAI", ""),
    "see hand-ins": ("SAI", "AI"),
    "see results": ("SAI", "AI"),
    "see results that are not released": ("AI", "AI"),
    "see the queue": ("AI", "AI"),
    "see the gradebook": ("AI", "AI"),
    "see who is stuck": ("AI", "AI"),
    "mark": ("AI", "AI"),
    "publish": ("I", "I"),
    "release": ("I", "I"),
    "extend": ("I", "I"),
    "regrade": ("I", "I"),
    "compare solutions": ("I", "I"),
    "export": ("I", "I"),
    "see people": ("AI", "AI"),
    "change people": ("I", "I"),
    "see the audit": ("I", "I"),
    "back up": ("I", "I"),
    "look after the server": ("I", "I"),
    "present": ("AI", "AI"),
    "write for the class": ("AI", "AI"),
    "vote": ("SAI", ""),
    "see votes": ("SAI", "AI"),
    "practise questions": ("SAI", "SAI"),
}
PEOPLE = {"N": None, **{role.name[0]: Person(role.name, role.name.title(), role) for role in Role}}


def test_names_every_action_once() -> None:
    assert set(EXPECTED) == set(TABLE) == set(get_args(Action))


@pytest.mark.parametrize("action", EXPECTED)
@pytest.mark.parametrize("letter", PEOPLE)
@pytest.mark.parametrize("about", ["own", "another", "course"])
def test_allows_what_it_says_and_nothing_else(action: Action, letter: str, about: str) -> None:
    who = PEOPLE[letter]
    whom = {"own": who.key if who else "", "another": "somebody else", "course": ""}[about]
    expected = letter in EXPECTED[action][0 if about == "own" else 1]
    assert may(who, action, about=whom) is expected
    if expected:
        assert require(who, action, about=whom) is who
    else:
        with pytest.raises(NotAllowed, match=r"^[A-Z].*\.$"):
            require(who, action, about=whom)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", EXPECTED)
def test_lets_nobody_in_who_has_left(role: Role, action: Action) -> None:
    gone = Person("gone", "Gone", role, active=False)
    assert not may(gone, action, about="gone")
    with pytest.raises(NotAllowed, match="no longer a member"):
        require(gone, action, about="gone")
