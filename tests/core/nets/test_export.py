"""Exports: every one carries the same numbers, in the form its reader expects."""

import csv
import json

from core.nets import zoo
from core.nets.export import HEADINGS, as_csv, as_text, keras_summary, report
from core.nets.trace import trace

LENET5 = trace(zoo.network("lenet5"))


def test_reports_plain_data() -> None:
    counted = json.loads(json.dumps(report(LENET5)))
    assert counted["parameters"] == sum(layer["parameters"] for layer in counted["layers"]) == 61_706
    assert counted["macs"] == sum(layer["macs"] for layer in counted["layers"])
    assert counted["activations"] == 32 * 32 + sum(layer["activations"] for layer in counted["layers"])
    assert counted["layers"][0]["output"] == [6, 28, 28]


def test_writes_csv_that_any_reader_takes() -> None:
    head, *rows = csv.reader(as_csv(LENET5).splitlines())
    assert tuple(head) == HEADINGS
    assert [row[0] for row in rows] == [row.name for row in LENET5.rows]
    assert sum(int(row[3]) for row in rows) == 61_706


def test_prints_the_summary_of_lecture_c() -> None:
    summary = keras_summary(trace(zoo.network("minimal-cnn")))
    for expected in ("(None, 26, 26, 64)", "640", "43264", "432,650", "Total params: 433,290"):
        assert expected in summary
    assert "relu" not in summary


def test_aligns_a_table_for_a_terminal() -> None:
    text = as_text(LENET5)
    assert "95.8% in dense layers" in text
    table = [line for line in text.splitlines() if "  " in line][1:14]
    assert len({line.rindex("x") for line in table}) == 1
