import subprocess
import sys

import pytest

from syllabus.numbers import _checked, equal_as_printed, number, recomputed
from syllabus.recompute import CLAIMS, OURS
from syllabus.tables import frozen, row, table

ROWS = table("numbers")
CHECKED = recomputed()
VERDICTS = {"agrees", "lecture is wrong", "not stated", "not computable"}
COLUMNS = {"topic", "quantity", "lectures", "stated", "verdict", "ours", "claim", "reason", "waits"}


def test_holds_every_figure_once_and_in_order():
    assert list(ROWS) == [f"N{n:02}" for n in range(1, 215)]


@pytest.mark.parametrize("id", ROWS)
def test_fills_each_row_with_what_its_verdict_needs(id):
    row = ROWS[id]
    assert set(row) <= COLUMNS
    assert row["verdict"] in VERDICTS
    assert row["stated"]
    assert row["reason"].endswith(".")
    if row["verdict"] in ("lecture is wrong", "not stated"):
        assert "ours" in row
    if row["verdict"] == "not computable":
        assert not {"ours", "waits", "claim"} & set(row)
    if "claim" in row:
        assert row["verdict"] == "lecture is wrong"


@pytest.mark.parametrize("id", OURS)
def test_computes_the_value_of_the_table(id):
    assert equal_as_printed(frozen(ROWS[id]["ours"]), OURS[id]())


@pytest.mark.parametrize("id", [id for id, row in ROWS.items() if "claim" in row])
def test_finds_the_value_of_a_wrong_statement_different(id):
    right, claimed = (frozen(ROWS[id][key]) for key in ("ours", "claim"))
    assert right != claimed
    if id in OURS:
        assert not equal_as_printed(claimed, OURS[id]())


@pytest.mark.parametrize("id", CLAIMS)
def test_follows_the_lecture_to_its_wrong_value(id):
    assert equal_as_printed(frozen(ROWS[id]["claim"]), CLAIMS[id]())


@pytest.mark.parametrize("id", ROWS)
def test_either_computes_a_row_or_says_what_it_waits_for(id):
    computed, waits = id in OURS, "waits" in ROWS[id]
    assert not (computed and waits), f"{id} is computed now: take `waits` out of its row"
    if ROWS[id]["verdict"] in ("agrees", "not stated"):
        assert computed or waits
    if ROWS[id]["verdict"] == "lecture is wrong" and "claim" in ROWS[id]:
        assert computed or waits or id in ("N162", "N181")  # those two are counts of words in a text


def test_knows_what_the_parts_to_come_are_called():
    assert {row["waits"] for row in ROWS.values() if "waits" in row} <= {"detection"}


def test_registers_functions_for_known_rows_only():
    assert set(OURS) <= set(ROWS)
    assert set(CLAIMS) <= {id for id, row in ROWS.items() if "claim" in row}


def test_reports_every_row_with_a_status():
    assert [found.id for found in CHECKED] == list(ROWS)
    assert "differs" not in {found.status for found in CHECKED}
    for found in CHECKED:
        assert found.computed == (found.status == "recomputed")
        assert bool(found.waits) == (found.status == "not yet")


def test_reports_a_value_that_core_no_longer_gives(monkeypatch):
    monkeypatch.setitem(OURS, "N01", lambda: 57)
    assert (number("N01").status, number("N01").ours) == ("differs", 57)


def test_does_not_pretend_to_compute_what_it_only_looked_up():
    waiting, history = _checked("N00", {**row("numbers", "N149"), "waits": "metrics"}), number("N78")
    assert (waiting.computed, waiting.status, waiting.waits, waiting.ours) == (False, "not yet", "metrics", 1)
    assert (history.computed, history.status, history.ours) == (False, "nothing to compute", None)


@pytest.mark.parametrize(
    ("printed", "value", "equal"),
    [
        pytest.param(3.15, 3.1479, True, id="rounds-up"),
        pytest.param(3.15, 3.1449, False, id="rounds-elsewhere"),
        pytest.param(0.0, 0.0, True, id="zero"),
        pytest.param(271351808, 271351809, False, id="whole-numbers-are-exact"),
        pytest.param(271351808, 271351808.0, True, id="a-whole-float"),
        pytest.param((1, 2), (1, 2, 3), False, id="longer"),
        pytest.param((1, (2,)), (1, 2), False, id="other-nesting"),
        pytest.param("3 GB", 3, False, id="text-against-number"),
    ],
)
def test_compares_decimals_as_printed_and_the_rest_exactly(printed, value, equal):
    assert equal_as_printed(printed, value) is equal


def test_works_without_torch_in_the_process():
    code = "import sys; from syllabus.numbers import recomputed; recomputed(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
