"""Which of the things taught can be tried: a page that shows it, a function that is it, a test that proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import Literal

from syllabus.tables import table


@dataclass(frozen=True)
class Covered:
    """One thing taught. `page` and `test` are paths in the repository, `symbol` a dotted name.

    Nearly all is shown by a lab and is a function of core. What the course does instead of showing it, such as its
    project, is a file of the assignments and done by grading. The three are empty while there is none; `status` is
    "covered" once all three are there.
    """

    id: str
    name: str
    lectures: tuple[str, ...]
    taught: str
    page: str
    symbol: str
    test: str
    status: Literal["covered", "missing"]


@cache
def taught_by_page() -> Mapping[str, tuple[str, ...]]:
    """The names of what each page teaches; the pages in the order of the lectures' table.

    >>> taught_by_page()["receptive_field"][0]
    'Dilated convolution'
    """
    found = dict[str, tuple[str, ...]]()
    for system in table("systems").values():
        page = PurePath(system.get("page", ""))
        if page.parts[:1] == ("pages",):
            name = page.stem
            found[name] = (*found.get(name, ()), system["name"])
    return found


def coverage() -> list[Covered]:
    """Everything taught, in the order of the lectures' table.

    >>> coverage()[11].name, coverage()[11].status
    ('Local linear filter (correlation)', 'covered')
    """
    return [
        Covered(
            id=id,
            name=entry["name"],
            lectures=tuple(entry["lectures"].split()),
            taught=entry["taught"],
            page=entry.get("page", ""),
            symbol=entry.get("symbol", ""),
            test=entry.get("test", ""),
            status="covered" if all(entry.get(key) for key in ("page", "symbol", "test")) else "missing",
        )
        for id, entry in table("systems").items()
    ]
