"""Who is in the demo course. All are made up: names put together from two lists, addresses that lead nowhere."""

from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import INSTRUCTOR

FIRST = (
    "Amara", "Bjarne", "Chiara", "Dilnoza", "Emeka", "Farid", "Greta", "Haruto", "Ingrid", "Joaquim", "Kavya",
    "Leilani", "Matteo", "Nadia", "Oluwaseun", "Priya", "Quentin", "Rosalia", "Sakura", "Tomasz", "Uxue", "Viktor",
    "Wanjiru", "Yusuf",
)  # fmt: skip
LAST = (
    "Edgewater", "Kernelund", "Stridelli", "Poolova", "Featherstone", "Maskari", "Gradienko", "Tensoru", "Anchorsen",
    "Pixelho", "Softmaxwala", "Blobmaka", "Paddington", "Layerin", "Channelu", "Vectoriya", "Filterre", "Cornerez",
    "Upsampura", "Boxowski", "Heatmapena", "Momentov", "Batchuri", "Contouroglu",
)  # fmt: skip
SECTIONS = ("Tuesday", "Thursday")
ASSISTANT = Person("assistant1", "Noor Backpropp", Role.ASSISTANT, email="noor.backpropp@example.org", login="noor")


def students(count: int) -> tuple[Person, ...]:
    """The first so many students, by turns in one section and in the other.

    >>> [(one.name, one.section) for one in students(2)]
    [('Amara Edgewater', 'Tuesday'), ('Bjarne Kernelund', 'Thursday')]
    """
    return tuple(
        Person(
            key=f"student{number:02}",
            name=f"{first} {last}",
            email=f"{first}.{last}@example.org".lower(),
            number=f"{48000 + 37 * number}",
            login=first.lower(),
            section=SECTIONS[(number - 1) % len(SECTIONS)],
        )
        for number, (first, last) in enumerate(zip(FIRST[:count], LAST, strict=False), 1)
    )


def everybody(count: int) -> tuple[Person, ...]:
    """Students, the assistant, the instructor whom the printed link signs in."""
    return (*students(count), ASSISTANT, INSTRUCTOR)
