"""What the command line asks about a course that has members: who is meant, what was published, who has which marks.

Whoever may type on this machine may read its database, so nobody is asked for a role here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from classroom.assignments import rules_of
from classroom.desk import Desk, open_desk
from classroom.errors import ClassroomError
from classroom.staff.exporting import marks_of
from classroom.staff.roll import roll
from grading.course import Course
from grading.exports import Column
from grading.ledger.people import Person
from grading.ledger.policy import Rules
from grading.ledger.standing import Grade


@contextmanager
def office(course: Course, where: str) -> Iterator["Office"]:
    """The office of a course with its database, for as long as it is asked."""
    desk = open_desk(course.folder, where)
    try:
        yield Office(desk)
    finally:
        desk.close()


@dataclass(frozen=True)
class Office:
    """The adapter of `grading.cli.shared.Office`."""

    desk: Desk

    def whom(self, said: str) -> str:
        """See the port."""
        known = roll(self.desk)
        if said in known.people:
            return said
        meant = [person for person in known.people.values() if person.called(said)]
        if len(meant) > 1:
            raise ClassroomError(f'Several members are called "{said}": say a number, a login or an e-mail address.')
        if not meant and known.students:
            raise ClassroomError(
                f'Nobody on the roster is called "{said}": say a number, a login, an e-mail address or a full name, '
                "as they stand under Members."
            )
        return meant[0].key if meant else said

    def rules_of(self, assignment: str) -> Callable[[str], Rules]:
        """See the port."""
        return rules_of(self.desk, assignment)

    def marks(
        self, assignments: Sequence[str], *, members_only: bool = False
    ) -> tuple[list[Column], list[Grade], Mapping[str, Person]]:
        """See the port; without a roster everybody who handed in is a member."""
        for name in assignments:
            self.desk.shelf.assignment(name)  # raises for one that there is not, with the nearest
        return marks_of(self.desk, assignments, members_only=members_only and bool(roll(self.desk).students))
