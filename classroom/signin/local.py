"""Signing in without an identity provider: a link for the instructor, class code and PIN for everybody else.

The server prints the link; its token works once. Either way leads to a signed cookie that names a person and the PIN
they came in with. Who that person is, and whether they still are, is read from the course's memory every time.
Signing out ends the cookie itself: it is worth nothing any more, wherever it lies.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from threading import BoundedSemaphore, Lock

from itsdangerous import BadSignature, URLSafeTimedSerializer

from classroom.errors import ClassroomError
from classroom.people import LETTERS, Person
from classroom.port import Classroom, Pin
from classroom.roles import Role
from classroom.signin import ended, pins, throttle

COOKIE = "fovea_session"
LIFETIME = 12 * 60 * 60  # seconds: one teaching day
INSTRUCTOR = Person("instructor", "Instructor", Role.INSTRUCTOR)
CLASS_CODE, COOKIE_KEY = "class code", "cookie key"  # settings of the course
AT_ONCE = 4  # PINs that are compared at the same time; each takes 17 MB


class NotLetIn(ClassroomError):
    """Why the door stays shut: the same words whatever was wrong. `wait` is in seconds, 0 if there is none."""

    def __init__(self, says: str, *, wait: int = 0) -> None:
        self.wait = wait
        super().__init__(says)


WRONG = (
    "That does not fit together. Check the class code, who you are and the PIN. "
    "If somebody in the course has the same name, take your number or e-mail address instead."
)
NO_COURSE = "This server has no course to sign in to; its labs are open to everybody."


def draw_code() -> str:
    """A class code: 6 letters and digits that can be read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(6))


def class_code(classroom: Classroom) -> str:
    """The course's code, drawn when it is first asked for."""
    return classroom.setting(CLASS_CODE) or classroom.setting(CLASS_CODE, draw_code())


@dataclass
class LocalSignIn:
    """The door of one server process. `course` answers None where the server has no course, only labs."""

    course: Callable[[], Classroom | None] = lambda: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _token: str | None = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _at_once: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE), repr=False)
    _decoy: str = field(default_factory=pins.decoy, repr=False)
    _strangers: throttle.Strangers = field(default_factory=throttle.Strangers, repr=False)
    _addresses: throttle.Addresses = field(default_factory=throttle.Addresses, repr=False)
    _ended: datetime = field(default=ended.NEVER, repr=False)  # without a course: cookies up to then are over

    # -- the instructor's link

    def link(self) -> str:
        """The path to print for the instructor, with its one-time token."""
        with self._lock:
            if self._token is None:
                raise RuntimeError("the instructor link was used already")
            return f"/sign-in/{self._token}"

    def redeem(self, token: str) -> str | None:
        """A cookie for the right token, the first time; None for anything else.

        Whoever reads the server's console owns the course: the link works even if somebody demoted the instructor.
        """
        with self._lock:
            if self._token is None or not hmac.compare_digest(token.encode(), self._token.encode()):
                return None
            self._token = None
        course = self.course()
        if course is None:
            return self._cookie(None, INSTRUCTOR, None)
        person = replace(course.person(INSTRUCTOR.key) or INSTRUCTOR, role=Role.INSTRUCTOR, active=True)
        course.keep([person])
        return self._cookie(course, person, course.pin(person.key))

    # -- class code and PIN

    def enter(self, *, code: str, who: str, pin: str, address: str) -> str:
        """A cookie for somebody of the course, or `NotLetIn`. A wrong name takes as long as a wrong PIN."""
        course, now = self.course(), self.clock()
        if course is None:
            raise NotLetIn(NO_COURSE)
        if wait := self._addresses.waits(address, now):
            raise NotLetIn(_be_patient(wait), wait=wait)
        meant = [person for person in course.people() if person.called(who)]
        person = meant[0] if len(meant) == 1 else None
        right_code = hmac.compare_digest(_plain(code).encode(), _plain(class_code(course)).encode())
        before, wait = self._count(course, person, who, now) if right_code else (Pin(""), 0)
        with self._at_once:
            fits = pins.verify(pin, before.hashed or self._decoy)
        if wait:
            raise NotLetIn(_be_patient(wait), wait=wait)
        if not (fits and right_code and person):
            self._addresses.wrong(address, now)
            raise NotLetIn(WRONG)
        course.set_pins({person.key: Pin(before.hashed)})
        return self._cookie(course, person, before)

    def _count(self, course: Classroom, person: Person | None, who: str, now: datetime) -> tuple[Pin, int]:
        """The PIN to compare with, and the seconds to wait. The guess is counted first: many at once gain nothing.

        Only who knows the class code is counted, so that nobody outside can keep a student out.
        """
        with self._lock:
            kept = course.pin(person.key) if person else None
            known = kept or self._strangers.pin(who)
            if wait := throttle.waits(known, now):
                return known, wait
            after = throttle.counted(known, now)
            if person and kept:
                course.set_pins({person.key: after})
            else:
                self._strangers.keep(who, after)
            return known, 0

    # -- cookies

    def person(self, cookie: str | None) -> Person | None:
        """Who bears a cookie, as the course knows them now; a forged, old, ended or missing one is nobody's."""
        if not cookie:
            return None
        course = self.course()
        said = self._read(course, cookie)
        if said is None:
            return None
        key, stamp, began = said
        if course is None:
            return INSTRUCTOR if key == INSTRUCTOR.key and began > self._ended else None
        person = course.person(key)
        same_pin = person is not None and hmac.compare_digest(stamp, _stamp(course.pin(key)))
        valid = same_pin and began > ended.last(course, key)
        return person if person and person.active and valid else None

    def end(self, cookie: str | None) -> None:
        """Sign out: the cookie and every earlier one of this person are worth nothing from now on, on any device."""
        course = self.course() if cookie else None
        said = self._read(course, cookie)
        if said is None:
            return
        key, _, began = said
        if course is None:
            self._ended = max(self._ended, began)
        else:
            ended.end(course, key, began)

    def _read(self, course: Classroom | None, cookie: str | None) -> tuple[str, str, datetime] | None:
        """What a cookie of ours says: whose it is, for which PIN, since when; None if it is too old or not ours."""
        try:
            key, stamp, began = self._signer(course).loads(cookie or "", max_age=LIFETIME)
            return str(key), str(stamp), datetime.fromisoformat(began)
        except (BadSignature, ValueError, TypeError):
            return None

    def _cookie(self, course: Classroom | None, person: Person, pin: Pin | None) -> str:
        now = self.clock()
        began = ended.beginning(course, person.key, now) if course else max(now, self._ended + ended.INSTANT)
        return str(self._signer(course).dumps([person.key, _stamp(pin), began.isoformat()]))

    def _signer(self, course: Classroom | None) -> URLSafeTimedSerializer:
        """Signs with the course's key, so that a restart signs nobody out; without a course with this process's."""
        if course is None:
            return URLSafeTimedSerializer(self._secret, salt="fovea.local")
        key = course.setting(COOKIE_KEY) or course.setting(COOKIE_KEY, secrets.token_urlsafe(32))
        return URLSafeTimedSerializer(key, salt="fovea.local")


def _stamp(pin: Pin | None) -> str:
    """What a cookie says of the PIN it was given for: a new PIN ends it."""
    return sha256(pin.hashed.encode()).hexdigest()[:12] if pin else ""


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").casefold()


def _be_patient(wait: int) -> str:
    words = f"{wait} second{'' if wait == 1 else 's'}" if wait < 120 else f"{-(-wait // 60)} minutes"
    return f"That was wrong too often. Wait {words}, then try again."
