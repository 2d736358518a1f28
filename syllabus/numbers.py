"""The figures of the lectures against ours: worked out again from core where it exists, never copied as a result."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from syllabus.tables import Row, Value, frozen, row, table

Verdict: TypeAlias = Literal["agrees", "lecture is wrong", "not stated", "not computable"]
Status: TypeAlias = Literal["recomputed", "differs", "not yet", "nothing to compute"]


@dataclass(frozen=True)
class Checked:
    """One figure. `ours` was worked out just now if `computed`, else it is the value of the table, or None.

    status  "recomputed"          core gives the value of the table
            "differs"             core gives another one: a fault of ours
            "not yet"             waits for the part of the course that computes it, named by `waits`
            "nothing to compute"  a fact of history, a setting, a word or a measurement
    """

    id: str
    topic: str
    quantity: str
    lectures: tuple[str, ...]
    stated: str
    verdict: Verdict
    ours: Value | None
    claim: Value | None  # the value behind a wrong statement, where it is arithmetic
    reason: str
    computed: bool
    status: Status
    waits: str


def recomputed() -> list[Checked]:
    """Every figure, in the order of the table; all that core can compute is computed now."""
    return [_checked(id, entry) for id, entry in table("numbers").items()]


def number(id: str) -> Checked:
    """One figure.

    >>> number("N51").stated, number("N51").ours, number("N51").status
    ('4x4', 3, 'recomputed')
    """
    return _checked(id, row("numbers", id))


def equal_as_printed(printed: Value, value: Value) -> bool:
    """Is `value` what was printed? A printed decimal stands for all that round to it; the rest must be equal.

    >>> equal_as_printed(0.958, 59134 / 61706), equal_as_printed((56, 0.06), (56, 0.0601)), equal_as_printed(3, 4)
    (True, True, False)
    """
    if isinstance(printed, tuple) or isinstance(value, tuple):
        return (
            isinstance(printed, tuple)
            and isinstance(value, tuple)
            and len(printed) == len(value)
            and all(map(equal_as_printed, printed, value))
        )
    if isinstance(printed, float) and isinstance(value, int | float):
        digits = -int(Decimal(str(printed)).as_tuple().exponent)
        return abs(value - printed) <= 0.5 * 10.0**-digits * (1 + 1e-9)
    return printed == value


def _checked(id: str, entry: Row) -> Checked:
    from syllabus.recompute import OURS

    printed = frozen(entry["ours"]) if "ours" in entry else None
    value = OURS[id]() if id in OURS else printed
    if id not in OURS:
        status: Status = "not yet" if "waits" in entry else "nothing to compute"
    else:
        same = printed is not None and value is not None and equal_as_printed(printed, value)
        status = "recomputed" if same else "differs"
    return Checked(
        id=id,
        topic=entry["topic"],
        quantity=entry["quantity"],
        lectures=tuple(entry["lectures"].split()),
        stated=entry["stated"],
        verdict=entry["verdict"],
        ours=value,
        claim=frozen(entry["claim"]) if "claim" in entry else None,
        reason=entry["reason"],
        computed=id in OURS,
        status=status,
        waits=entry.get("waits", ""),
    )
