"""Where the lectures are wrong: what they have, what is right, and why."""

import inspect
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from syllabus.tables import frozen, row, said, table

WRONG = "lecture is wrong"


@dataclass(frozen=True)
class Erratum:
    """One correction; `lectures` holds the letters of those that need it."""

    id: str
    lectures: tuple[str, ...]
    quantity: str
    stated: str
    correct: str
    reason: str

    @property
    def is_figure(self) -> bool:
        """A number or a shape, and not a statement in words."""
        return self.id.startswith("N")

    @property
    def words(self) -> str:
        """All that can be searched."""
        return " ".join((self.id, self.quantity, self.stated, self.correct, self.reason)).casefold()


def erratum(id: str) -> Erratum:
    """The correction with this id: N.. for a figure, D.. for a statement.

    >>> erratum("N11").stated, erratum("N11").correct
    ('16·5·5 + 16', '2,416')
    """
    if id.startswith("D"):
        entry = row("discrepancies", id)
        correct = entry["correct"]
    else:
        entry = row("numbers", id)
        if entry["verdict"] != WRONG:
            raise KeyError(f"{id} is no erratum: its verdict is {entry['verdict']!r}")
        correct = said(frozen(entry["ours"]))
    lectures = tuple(entry["lectures"].split())
    return Erratum(id, lectures, entry["quantity"], entry["stated"], correct, entry["reason"])


def errata() -> list[Erratum]:
    """Every correction: figures first, then statements."""
    wrong = [id for id, entry in table("numbers").items() if entry["verdict"] == WRONG]
    return [erratum(id) for id in (*wrong, *table("discrepancies"))]


def matching(all: Sequence[Erratum], words: str, lectures: Collection[str] = "ABCDE") -> list[Erratum]:
    """The corrections of these lectures that hold every word; an id finds just itself.

    >>> [found.id for found in matching(errata(), "N54")], [found.id for found in matching(errata(), "358 bottleneck")]
    (['N54'], ['N100', 'N101'])
    """
    wanted = words.casefold().split()
    kept = [found for found in all if set(found.lectures) & set(lectures)]
    if len(wanted) == 1 and (exact := [found for found in kept if found.id.casefold() == wanted[0]]):
        return exact
    return [found for found in kept if all_in(wanted, found.words)]


def all_in(wanted: Sequence[str], text: str) -> bool:
    """Whether every word occurs in the text.

    >>> all_in(["3x3", "stride"], "a 3x3 window with stride 2"), all_in(["pool"], "a window")
    (True, False)
    """
    return all(word in text for word in wanted)


def address(id: str) -> str:
    """Where a correction can be tried, as the page of a lab with its setting; empty where no question knows.

    >>> address("N37"), address("D36")
    ('pooling?pool_stride=1', '')
    """
    return next((entry["page"] for entry in table("questions").values() if entry.get("row") == id), "")


def working(id: str) -> str:
    """The function that works the right value out, as code; empty where there is nothing to compute, or not yet.

    >>> working("N11").splitlines()[0]
    '@ours("N11")'
    """
    from syllabus.recompute import OURS

    return inspect.getsource(OURS[id]) if id in OURS else ""
