"""Sign-in by a provider: whom its claims find, what they may never give, and how a sign-in ends."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import NotLetIn
from classroom.signin.provider import ProviderSignIn, Said, understand
from classroom.signin.settings import Rules
from classroom.store.sql import SqlClassroom
from tests.classroom.conftest import ADA, BEN, IVA

HERE, THERE = "https://login.uni.example", "https://other.example"
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
GEN = Person("gen", "Gen Gone", email="gen@example.org", active=False)
CLAIMS: dict[str, object] = {"iss": HERE, "sub": "42", "iat": int(NOON.timestamp()), "name": "Somebody"}
ADAS = {"email": "Ada@Example.org", "email_verified": True}
IVAS = {"email": "iva@example.org", "email_verified": True}
BELIEVED = Rules(
    issuers=(HERE,),
    number="matriculation",
    login="account",
    role="realm.roles",
    roles=(("tutor", Role.ASSISTANT), ("teacher", Role.INSTRUCTOR)),
)
STAFF = {"realm": {"roles": ["tutor", "teacher", 7]}}


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Door:
    """A door of these rules to the small course, and knocking at it."""

    course: SqlClassroom
    rules: Rules = field(default_factory=Rules)
    clock: Clock = field(default_factory=Clock)
    numbers: "count[int]" = field(default_factory=count)

    def knock(self, **claims: object) -> Person | None:
        keys: Callable[[], str] = lambda: f"new {next(self.numbers)}"  # noqa: E731
        return ProviderSignIn(self.rules, lambda: self.course, self.clock, keys).person(CLAIMS | claims)

    def end(self, **claims: object) -> None:
        ProviderSignIn(self.rules, lambda: self.course, self.clock).end(CLAIMS | claims)


@pytest.fixture
def door(classroom: SqlClassroom) -> Door:
    classroom.keep([GEN, replace(IVA, email="iva@example.org")])
    return Door(classroom)


@dataclass(frozen=True)
class Case:
    """A first sign-in: rules, claims, and who that is (key and role) or what the refusal says."""

    rules: Rules
    claims: Mapping[str, object]
    expected: tuple[str, Role] | str


FIRST = {
    "a verified address": Case(Rules(), ADAS, ("ada", Role.STUDENT)),
    "a verified address, as a word": Case(Rules(), ADAS | {"email_verified": "true"}, ("ada", Role.STUDENT)),
    "an address nobody verified": Case(Rules(), ADAS | {"email_verified": False}, "Ada@Example.org (not verified)"),
    "an address that says nothing": Case(Rules(), {"email": "ada@example.org"}, "(not verified)"),
    "one that is right by policy": Case(Rules(verified=(HERE,)), {"email": "ada@example.org"}, ("ada", Role.STUDENT)),
    "another's policy": Case(Rules(verified=(THERE,)), {"email": "ada@example.org"}, "(not verified)"),
    "policy against its own word": Case(Rules(verified=(HERE,)), ADAS | {"email_verified": False}, "(not verified)"),
    "verified by a number": Case(Rules(), ADAS | {"email_verified": 1}, "(not verified)"),
    "a look-alike address": Case(Rules(), {"email": "ad\u0430@example.org", "email_verified": True}, "Nobody on"),
    "a long s": Case(Rules(strangers=True), {"email": "iva@example.or\u017f", "email_verified": True},
                     ("new 0", Role.STUDENT)),
    "a number": Case(BELIEVED, {"matriculation": 1815}, ("ada", Role.STUDENT)),
    "a login": Case(BELIEVED, {"account": "BEN"}, ("ben", Role.STUDENT)),
    "a number from elsewhere": Case(BELIEVED, {"iss": THERE, "matriculation": "1815"}, "Nobody on the roster"),
    "a number nobody asked for": Case(Rules(issuers=(HERE,)), {"matriculation": "1815"}, "Nobody on the roster"),
    "address of one, number of another": Case(BELIEVED, IVAS | {"matriculation": "1815"}, "more than one member"),
    "staff of the roster": Case(Rules(), IVAS, ("iva", Role.INSTRUCTOR)),
    "who has left": Case(Rules(strangers=True), {"email": "gen@example.org", "email_verified": True}, "no longer"),
    "a stranger": Case(Rules(), {"name": "Eve <b>"}, "Eve <b>, no e-mail address. Nobody on the roster"),
    "a welcome stranger": Case(Rules(strangers=True), {}, ("new 0", Role.STUDENT)),
    "a stranger who calls themselves staff": Case(Rules(strangers=True), STAFF | {"role": "instructor"},
                                                  ("new 0", Role.STUDENT)),
    "staff by claim": Case(BELIEVED, STAFF, ("new 0", Role.INSTRUCTOR)),
    "staff by one word": Case(BELIEVED, {"realm.roles": "tutor"}, ("new 0", Role.ASSISTANT)),
    "staff by an unknown word": Case(BELIEVED, {"realm": {"roles": ["Teacher"]}}, "Nobody on the roster"),
    "staff by a claim from elsewhere": Case(BELIEVED, STAFF | {"iss": THERE}, "Nobody on the roster"),
    "a student with a claim": Case(BELIEVED, STAFF | ADAS, ("ada", Role.INSTRUCTOR)),
    "a lower claim": Case(BELIEVED, IVAS | {"realm.roles": ["tutor"]}, ("iva", Role.INSTRUCTOR)),
    "an instructor by address": Case(Rules(instructors=("New@example.org",)), {
        "email": "new@example.org", "email_verified": True}, ("new 0", Role.INSTRUCTOR)),
    "that address, unverified": Case(Rules(instructors=("new@example.org",)), {
        "email": "new@example.org"}, "Nobody on the roster"),
    "an instructor by subject": Case(Rules(instructors=((HERE, "42"),)), {}, ("new 0", Role.INSTRUCTOR)),
    "that subject elsewhere": Case(Rules(instructors=((HERE, "42"),)), {"iss": THERE}, "Nobody on the roster"),
    "a member who is listed": Case(Rules(instructors=("ada@example.org",)), ADAS, ("ada", Role.INSTRUCTOR)),
    "no issuer": Case(Rules(strangers=True), {"iss": ""}, "did not say who you are"),
    "no subject": Case(Rules(strangers=True), {"sub": None}, "did not say who you are"),
    "a long subject": Case(Rules(strangers=True), {"sub": "x" * 300}, "did not say who you are"),
    "no moment": Case(Rules(strangers=True), {"iat": None}, "did not say who you are"),
    "a moment to come": Case(Rules(strangers=True), {"iat": NOON.timestamp() + 3600}, "did not say who you are"),
    "no moment at all": Case(Rules(strangers=True), {"iat": float("nan")}, "did not say who you are"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIRST)
def test_the_first_time(door: Door, name: str) -> None:
    case = FIRST[name]
    door.rules = case.rules
    before = door.course.people(everybody=True)
    if isinstance(case.expected, str):
        with pytest.raises(NotLetIn) as refusal:
            door.knock(**case.claims)
        assert case.expected in str(refusal.value)
        assert door.course.people(everybody=True) == before
        assert door.course.identity(HERE, "42") == door.course.identity(THERE, "42") == ""
    else:
        person = door.knock(**case.claims)
        assert person is not None
        assert (person.key, person.role) == case.expected
        assert door.knock(**case.claims) == person
        assert len(door.course.people(everybody=True)) == len(before) + person.key.startswith("new")


def test_says_that_two_members_have_one_address(door: Door) -> None:
    door.course.keep([replace(BEN, email="ADA@example.org")])
    with pytest.raises(NotLetIn, match="More than one member of the course has the address Ada@"):
        door.knock(**ADAS)


def test_stays_who_they_are_when_the_address_changes_hands(door: Door) -> None:
    assert door.knock(**ADAS) == ADA
    assert door.knock(**IVAS) == ADA
    with pytest.raises(NotLetIn, match="another account of this provider"):
        door.knock(sub="43", **ADAS)
    assert door.knock(iss=THERE, **ADAS) == ADA
    door.course.unlink("ada")
    assert door.knock(sub="43", **ADAS) == ADA


def test_looks_the_role_up_every_time(door: Door) -> None:
    door.knock(**ADAS)
    door.course.keep([replace(ADA, role=Role.ASSISTANT)])
    assert door.knock() == replace(ADA, role=Role.ASSISTANT)
    door.course.keep([replace(ADA, active=False)])
    with pytest.raises(NotLetIn, match="no longer a member"):
        door.knock()
    door.course.delete("ada")
    with pytest.raises(NotLetIn, match="Nobody on the roster"):
        door.knock()


def test_takes_a_claimed_role_back_with_the_claim(door: Door) -> None:
    door.rules = BELIEVED
    assert [person.role for person in (door.knock(**STAFF), door.knock()) if person] == [Role.INSTRUCTOR, Role.VISITOR]
    kept = door.course.person("new 0")
    assert kept is not None
    assert kept.role is Role.VISITOR  # in no gradebook either


def test_keeps_of_a_stranger_what_is_proven(door: Door) -> None:
    door.rules = replace(BELIEVED, strangers=True)
    door.knock(email="eve@example.org", matriculation="99", name=" Eve \t ", given_name="Eve", family_name="Adams")
    assert door.course.person("new 0") == Person("new 0", "Eve Adams", number="99")


def test_ends_after_its_hours(door: Door) -> None:
    door.rules = Rules(hours=2)
    door.knock(**ADAS)
    door.clock.now += timedelta(hours=2, seconds=-1)
    assert door.knock() == ADA
    door.clock.now += timedelta(seconds=1)
    assert door.knock() is None


def test_ends_for_good_when_signed_out(door: Door) -> None:
    door.knock(**ADAS)
    door.end()
    assert door.knock() is None
    assert door.knock(iat=int(NOON.timestamp()) - 60) is None
    assert door.knock(iat=int(NOON.timestamp()) + 1) == ADA
    door.end(iat="nonsense")
    door.end(sub="nobody")


def test_has_a_sentence_where_there_is_no_course() -> None:
    with pytest.raises(NotLetIn, match="no course to sign in to"):
        ProviderSignIn(Rules(), clock=Clock()).person(CLAIMS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["iss", "sub", "iat", "name", "email", "email_verified", "matriculation", "account", "realm"])


@given(st.dictionaries(NAMES, JSON))
def test_understands_or_refuses_whatever_a_provider_says(claims: dict[str, object]) -> None:
    said = None
    with contextlib.suppress(NotLetIn):
        said = understand(BELIEVED, {"iss": HERE} | claims)
    assert said is None or (said.role is Role.VISITOR and said.shown().isprintable())


def test_says_what_it_was_told_in_one_line() -> None:
    said = Said(HERE, "1", NOON, "Ada", "ada@example.org", proven=True, number="1815")
    assert said.shown() == "Ada, ada@example.org, number 1815"
    assert replace(said, email="").shown() == "Ada, no e-mail address, number 1815"
