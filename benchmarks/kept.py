"""What was measured last, bench by bench, and the page that shows all of it.

A whole round takes most of an hour and a quiet machine, so every bench keeps what it found in a file of its own, with
the day and the machine: a bench that is run again replaces its own rows of RESULTS.md and leaves the others.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from benchmarks.results import ENOUGH, Section, table


@dataclass(frozen=True)
class Kept:
    """One bench as it was measured: its rows are the cells of the table, as they are shown."""

    name: str
    on: str  # the day, as 2026-01-31
    where: str  # the machine
    command: str
    how: str
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def kept(section: Section, *, on: date, where: str) -> Kept:
    """What to keep of a section."""
    rows = tuple(row.cells(section.command) for row in section.rows)
    return Kept(section.name, on.isoformat(), where, section.command, section.how.strip(), rows, section.notes)


def write(found: Kept, folder: Path) -> None:
    """Into its own file, in place of what was kept before."""
    folder.mkdir(exist_ok=True)
    (folder / f"{found.name}.json").write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")


def read(folder: Path, names: Iterable[str]) -> list[Kept]:
    """All that was kept, in the order of the names."""
    files = [folder / f"{name}.json" for name in names]
    return [_read(file) for file in files if file.exists()]


def document(found: Sequence[Kept], *, terms: Mapping[str, str]) -> str:
    """RESULTS.md."""
    judged = [row[-2] for each in found for row in each.rows if row[-2]]
    parts = [
        "# What Fovea costs, measured",
        "Written by `make bench`; run it again, never edit it.",
        f"{judged.count('yes')} of {len(judged)} goals hold. Times and bytes are medians; brackets hold the 95th "
        f"percentile, or with fewer than {ENOUGH} values their range.",
        table([row for each in found for row in each.rows]),
        "## What the words mean",
        "\n".join(f"- *{term}*: {meaning}." for term, meaning in terms.items()),
        "## How it was measured",
    ]
    for each in found:
        parts += [f"### `{each.command}`", f"On {each.on}: {each.where}.", each.how]
        if each.notes:
            parts.append("\n".join(f"- {note}" for note in each.notes))
    return "\n\n".join(parts) + "\n"


def _read(file: Path) -> Kept:
    found = json.loads(file.read_text(encoding="utf-8"))
    return Kept(**{**found, "rows": tuple(tuple(row) for row in found["rows"]), "notes": tuple(found["notes"])})
