"""The roster through the course's services: what a file would change, PINs, roles, leaving, being forgotten.

The audit is kept for good, so it names people by key alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.keeping.erasing import tidy_up
from classroom.people import Person, new_key
from classroom.permissions import require
from classroom.port import Pin
from classroom.roles import Role
from classroom.roster import Fault, Plan, plan, read_roster, write_roster
from classroom.signin.local import class_code as drawn_code
from classroom.signin.local import draw_code
from classroom.signin.pins import draw_pin, hash_pin
from grading.ledger.records import Deed


@dataclass(frozen=True)
class Preview:
    """What a file would change, the faults of its lines, the columns that nobody knows; and who was known then."""

    plan: Plan
    faults: tuple[Fault, ...]
    ignored: tuple[str, ...]
    known: tuple[Person, ...]


def members(desk: Desk, who: Person | None, *, everybody: bool = False) -> tuple[Person, ...]:
    """The members by section and name; with `everybody` those who left as well."""
    require(who, "see people")
    return desk.classroom.people(everybody=everybody)


def preview(desk: Desk, who: Person | None, data: bytes) -> Preview:
    """Read a roster and say what it would change; nothing is changed."""
    require(who, "change people")
    roster = read_roster(data)
    known = desk.classroom.people(everybody=True)
    found = plan(roster.rows, known, new_key)
    faults = sorted((*roster.faults, *found.faults), key=lambda fault: fault.line)
    return Preview(found, tuple(faults), roster.ignored, known)


def carry_out(desk: Desk, who: Person | None, shown: Preview, *, leave: bool = False) -> tuple[Person, ...]:
    """Change the roster as it was shown; with `leave`, students whom the file does not name have left."""
    member = require(who, "change people")
    if desk.classroom.people(everybody=True) != shown.known:
        raise ClassroomError("The roster was changed meanwhile. Bring the file again, to see what it changes now.")
    kept = shown.plan.to_keep(leave=leave)
    _keeps_a_head(desk, kept)
    desk.classroom.keep(kept)
    left = len(shown.plan.missing) if leave else 0
    said = f"{len(shown.plan.added)} added, {len(shown.plan.changed)} changed, {left} left"
    _note(desk, member, "changed the roster", said)
    return kept


def change(desk: Desk, who: Person | None, key: str, *, role: Role | None = None, active: bool | None = None) -> Person:
    """Give somebody another role, or let them leave or come back."""
    member = require(who, "change people")
    person = _known(desk, key)
    fresh = replace(
        person, role=person.role if role is None else role, active=person.active if active is None else active
    )
    _keeps_a_head(desk, [fresh])
    desk.classroom.keep([fresh])
    state = "" if fresh.active else ", who has left"
    _note(desk, member, "changed a member", f"for {key}: {fresh.role.name.lower()}{state}")
    return fresh


def give_pins(desk: Desk, who: Person | None, keys: Iterable[str]) -> tuple[tuple[Person, str], ...]:
    """New PINs for these members; they can be read now and never again."""
    member = require(who, "change people")
    drawn = [(_known(desk, key), draw_pin()) for key in dict.fromkeys(keys)]
    desk.classroom.set_pins({person.key: Pin(hash_pin(pin)) for person, pin in drawn})
    _note(desk, member, "gave PINs", f"for {len(drawn)} members")
    return tuple(drawn)


def without_pin(desk: Desk, who: Person | None) -> tuple[Person, ...]:
    """Members who cannot come in yet."""
    return tuple(one for one in members(desk, who) if desk.classroom.pin(one.key) is None)


def class_code(desk: Desk, who: Person | None) -> str:
    """The code that members say at the door."""
    require(who, "see people")
    return drawn_code(desk.classroom)


def another_code(desk: Desk, who: Person | None) -> str:
    """A new code; the old one opens nothing any more, and whoever is in stays in."""
    member = require(who, "change people")
    desk.classroom.set("class code", draw_code())
    _note(desk, member, "drew another class code", "")
    return drawn_code(desk.classroom)


def forget(desk: Desk, who: Person | None, key: str) -> tuple[str, ...]:
    """Delete a person and what they handed in; verdicts and points stay under a key that names nobody.

    The answer are sentences about what is left to be done by hand, if anything is.
    """
    member = require(who, "change people")
    if key == member.key:
        raise ClassroomError("You cannot delete yourself while you are signed in.")
    _keeps_a_head(desk, [replace(_known(desk, key), active=False)])
    desk.ledger.erase(key, by=member.key, why="deleted from the course", now=desk.clock())
    desk.classroom.delete(key)
    _note(desk, member, "deleted a person", f"for {key}")
    return tidy_up(desk, key)


def linked(desk: Desk, who: Person | None, key: str) -> bool:
    """Whether an account at a provider belongs to a member."""
    require(who, "see people")
    return bool(desk.classroom.identities(key))


def unlink(desk: Desk, who: Person | None, key: str) -> None:
    """Take off the provider's accounts that belong to a member: the next one that is proven to be theirs is linked."""
    member = require(who, "change people")
    desk.classroom.unlink(_known(desk, key).key)
    _note(desk, member, "took off sign-ins", f"for {key}")


def as_file(desk: Desk, who: Person | None) -> str:
    """The roster as a CSV file, which can be read in again."""
    member = require(who, "export")
    return write_roster(members(desk, member))


def _known(desk: Desk, key: str) -> Person:
    person = desk.classroom.person(key)
    if person is None:
        raise ClassroomError("There is no such member.")
    return person


def _keeps_a_head(desk: Desk, fresh: Sequence[Person]) -> None:
    """A course without anybody who may change the roster could not be put right any more."""
    before = {one.key: one for one in desk.classroom.people(everybody=True)}
    after = before | {one.key: one for one in fresh}
    if _heads(before.values()) and not _heads(after.values()):
        raise ClassroomError("The course needs an instructor: make somebody else one first.")


def _heads(people: Iterable[Person]) -> bool:
    return any(one.active and one.role == Role.INSTRUCTOR for one in people)


def _note(desk: Desk, who: Person, what: str, about: str) -> None:
    desk.ledger.note(Deed(desk.clock(), who.key, what, about))
