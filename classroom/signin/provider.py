"""Signing in by a provider: from what it says of somebody, the claims, to a person of the course.

A person is known by issuer and subject, never by address. The first time, a verified address or an id that the issuer
is believed to know finds them on the roster; from then on they stay who they are. Claims are read on every run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock

from classroom.people import Person, new_key
from classroom.port import Classroom
from classroom.roles import Role
from classroom.signin import ended
from classroom.signin.local import NO_COURSE, NotLetIn
from classroom.signin.settings import Rules

LONGEST = 254  # letters of a claim
AHEAD = timedelta(minutes=5)  # that the provider's clock may be
NAMELESS = (
    "The provider did not say who you are: its answer lacks iss, sub or iat, or its clock is wrong. "
    "Tell whoever runs this server."
)
LEFT = "You are no longer a member of this course. Ask your instructor if that is a mistake."


@dataclass(frozen=True)
class Said:
    """What a provider says of somebody and is believed; its signature is checked by then."""

    issuer: str
    subject: str
    began: datetime
    name: str
    email: str = ""  # as the provider says it, proven or not
    proven: bool = False  # the address is theirs
    number: str = ""
    login: str = ""
    role: Role = Role.VISITOR  # by a claim that the configuration knows
    head: bool = False  # the configuration lists them as an instructor

    def shown(self) -> str:
        """The words in which they would describe themselves to the instructor."""
        more = f", {self.email}{'' if self.proven else ' (not verified)'}" if self.email else ", no e-mail address"
        number = f", number {self.number}" if self.number else ""
        return f"{self.name}{more}{number}"


def understand(rules: Rules, claims: Mapping[str, object]) -> Said:
    """The claims as far as they are of use; who cannot be told from others by them is not let in."""
    issuer, subject, since = _text(claims, "iss"), _text(claims, "sub"), claims.get("iat")
    if not issuer or not subject or isinstance(since, bool) or not isinstance(since, int | float):
        raise NotLetIn(NAMELESS)
    try:
        began = datetime.fromtimestamp(since, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise NotLetIn(NAMELESS) from error
    email, believed = _text(claims, "email"), issuer in rules.issuers
    proven = bool(email) and _proven(claims.get("email_verified"), by_policy=issuer in rules.verified)
    heads = {one if isinstance(one, tuple) else fold(one) for one in rules.instructors}
    return Said(
        issuer,
        subject,
        began,
        _name(claims),
        email,
        proven,
        number=_text(claims, rules.number) if believed else "",
        login=_text(claims, rules.login) if believed else "",
        role=_role(rules, claims) if believed else Role.VISITOR,
        head=(issuer, subject) in heads or (proven and fold(email) in heads),
    )


@dataclass
class ProviderSignIn:
    """The door for whoever a provider vouches for."""

    rules: Rules
    course: Callable[[], Classroom | None] = lambda: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    key: Callable[[], str] = new_key
    _lock: Lock = field(default_factory=Lock, repr=False)

    def person(self, claims: Mapping[str, object]) -> Person | None:
        """Who that is, as course and claims say now; None if the sign-in is over, `NotLetIn` if they are nobody's."""
        said, course, now = understand(self.rules, claims), self.course(), self.clock()
        if course is None:
            raise NotLetIn(NO_COURSE)
        if said.began > now + AHEAD:
            raise NotLetIn(NAMELESS)
        if now - said.began >= timedelta(hours=self.rules.hours):
            return None
        key = course.identity(said.issuer, said.subject)
        person = (course.person(key) if key else None) or self._first(course, said)
        if not person.active:
            raise NotLetIn(LEFT)
        if said.began <= ended.last(course, person.key):
            return None
        return replace(person, role=max(person.role, said.role, Role.INSTRUCTOR if said.head else Role.VISITOR))

    def end(self, claims: Mapping[str, object]) -> None:
        """Sign out: this sign-in and every earlier one is over, on all devices and after a restart."""
        try:
            said = understand(self.rules, claims)
        except NotLetIn:
            return
        course = self.course()
        key = course.identity(said.issuer, said.subject) if course else ""
        if course and key:
            ended.end(course, key, said.began)

    def _first(self, course: Classroom, said: Said) -> Person:
        """Somebody's first time: they are on the roster, or join, or are told what is missing."""
        with self._lock:
            known = self._meant(course, said)
            person = known or self._newcomer(said)
            if not person.active:
                raise NotLetIn(LEFT)
            if any(issuer == said.issuer and other != said.subject for issuer, other in course.identities(person.key)):
                raise NotLetIn(
                    f"The provider says: {said.shown()}. That member has already come in with another account of this "
                    "provider. Ask your instructor to take that account off."
                )
            if said.head or not known:
                course.keep([replace(person, role=Role.INSTRUCTOR) if said.head else person])
            course.identify(said.issuer, said.subject, person.key)
            return course.person(course.identity(said.issuer, said.subject)) or person

    def _meant(self, course: Classroom, said: Said) -> Person | None:
        """The one on the roster, by what is proven; two who may be meant are a fault."""
        people = course.people(everybody=True)
        by_address = {one.key: one for one in people if said.proven and _same(one.email, said.email)}
        by_id = {one.key: one for one in people if _same(one.number, said.number) or _same(one.login, said.login)}
        if len(by_address) > 1:
            raise NotLetIn(
                f"More than one member of the course has the address {said.email}. "
                "Ask your instructor to give each their own."
            )
        if len(by_address | by_id) > 1:
            raise NotLetIn(
                f"The provider says: {said.shown()}. On the roster that is more than one member. "
                "Ask your instructor to put it right."
            )
        return next(iter((by_address | by_id).values()), None)

    def _newcomer(self, said: Said) -> Person:
        """Who is on no roster: listed instructors, staff by claim, and strangers where they are welcome.

        Staff by claim are visitors in the course's memory, so they are what the claim says for as long as it says so.
        """
        if not (said.head or said.role > Role.VISITOR or self.rules.strangers):
            raise NotLetIn(
                f"The provider says: {said.shown()}. Nobody on the roster of this course is known by that. "
                "Ask your instructor to add you, and show them this sentence."
            )
        role = Role.INSTRUCTOR if said.head else Role.VISITOR if said.role > Role.VISITOR else Role.STUDENT
        email = said.email if said.proven else ""
        return Person(self.key(), said.name, role, email=email, number=said.number, login=said.login)


def fold(word: str) -> str:
    """A word without its case. Other alphabets stay as they are: a Kelvin sign would become the letter k.

    >>> fold("Ada@Example.org"), fold("\\u212aen@example.org") == fold("ken@example.org")
    ('ada@example.org', False)
    """
    return word.lower() if word.isascii() else word


def _same(known: str, said: str) -> bool:
    return bool(said) and fold(known) == fold(said)


def _proven(verified: object, *, by_policy: bool) -> bool:
    """Whether an address is theirs: the provider says so, or does not say no and is known to check."""
    if verified is None:
        return by_policy
    return verified is True or verified == "true"


def _claim(claims: Mapping[str, object], name: str) -> object:
    """A claim by its name; dots lead into tables, as in Keycloak's realm_access.roles."""
    if name in claims:
        return claims[name]
    first, dot, rest = name.partition(".")
    within = claims.get(first)
    return _claim(within, rest) if dot and isinstance(within, Mapping) else None


def _text(claims: Mapping[str, object], name: str) -> str:
    """A claim that is a word, as plain text; empty for anything else."""
    found = _claim(claims, name) if name else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    usable = isinstance(found, str) and len(found) <= LONGEST and found.isprintable()
    return str(found).strip() if usable else ""


def _name(claims: Mapping[str, object]) -> str:
    both = f"{_text(claims, 'given_name')} {_text(claims, 'family_name')}".strip()
    said = _text(claims, "name") or both or _text(claims, "preferred_username") or _text(claims, "email")
    return " ".join(said.split())[:200] or "somebody without a name"


def _role(rules: Rules, claims: Mapping[str, object]) -> Role:
    """The highest role that the claim gives."""
    found = _claim(claims, rules.role) if rules.role else None
    values = found if isinstance(found, list | tuple) else [found]
    meant = dict(rules.roles)
    return max((meant[one] for one in values if isinstance(one, str) and one in meant), default=Role.VISITOR)
