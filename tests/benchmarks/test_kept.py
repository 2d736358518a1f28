"""What is kept of a bench, and the page made from it."""

from datetime import date
from pathlib import Path

from benchmarks.kept import document, kept, read, write
from benchmarks.results import Goal, Row, Section, Series

MANY = Series(tuple(float(value) for value in range(1, 101)), "ms")
DAY = date(2026, 1, 2)


def load(*rows: Row) -> Section:
    return Section("load", "Counted by hand.", rows, ("Twice.",))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    found = kept(load(Row("size | all", MANY)), on=DAY, where="2 cores")
    write(found, tmp_path)
    assert read(tmp_path, ["start", "load"]) == [found]


def test_a_bench_replaces_its_own_rows_only(tmp_path: Path) -> None:
    for name, value in (("one", 1.0), ("two", 2.0), ("one", 3.0)):
        write(kept(Section(name, "How.", (Row(name, Series((value,), "s")),)), on=DAY, where="here"), tmp_path)
    assert [row[1] for each in read(tmp_path, ["two", "one"]) for row in each.rows] == ["2.0 s", "3.0 s"]


def test_the_document_counts_goals_and_says_how_and_where_it_was_measured() -> None:
    rows = (
        Row("latency", MANY, goals=(Goal("p95", 90),)),
        Row("size", MANY),
        Row("time", MANY, goals=(Goal("p95", 95),)),
    )
    text = document([kept(load(*rows), on=DAY, where="2 cores")], terms={"stock": "as it comes"})
    assert "1 of 2 goals hold." in text
    assert "- *stock*: as it comes." in text
    assert text.endswith("### `python -m benchmarks load`\n\nOn 2026-01-02: 2 cores.\n\nCounted by hand.\n\n- Twice.\n")
