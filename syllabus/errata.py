"""Where the lectures are wrong: what they have, what is right, and why."""

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
