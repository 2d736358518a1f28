"""A row worked out in words: the numbers in the words are the numbers in the row."""

import re

import pytest

from core.nets.layers import INPUT, Conv, Pool
from core.nets.receptive import Field
from core.nets.table import parse
from core.nets.trace import trace
from core.nets.workings import COLUMNS, directions, workings
from core.nets.zoo import names, network


@pytest.mark.parametrize("name", names())
def test_ends_in_the_number_of_the_row(name: str) -> None:
    for row in trace(network(name)).rows:
        assert f"{row.parameters:,}." in workings(row, "parameters")
        assert f"{row.macs:,}." in workings(row, "multiply-accumulates")
        assert f"{row.values * 4:,} bytes." in workings(row, "memory") or not row.values
        assert re.search(rf"\b{row.receptive_field[0]}(?!\d)", workings(row, "receptive field")), row.name
        assert f"{row.shape[-1]:,}" in workings(row, "output") or str(row.shape[-1]) in workings(row, "output")


@pytest.mark.parametrize("name", names())
def test_finds_the_field_below_again(name: str) -> None:
    fields = {INPUT: (Field(), Field())}
    for row in trace(network(name)).rows:
        if isinstance(row.operation, Conv | Pool):
            assert tuple(way.below for way in directions(row)) == fields[row.of[0]]
        else:
            assert directions(row) == ()
        fields[row.name] = row.fields


def test_works_out_every_column_of_lenets_second_convolution() -> None:
    row = trace(network("lenet5")).rows[3]
    assert [workings(row, column) for column in COLUMNS] == [
        "Both sides: 14 - 5 + 1 = 10. Each of the 16 filters makes one map: 16x10x10.",
        "16 filters, each 5 high, 5 wide and 6 deep like its input, and 16 biases: 16·(5·5·6) + 16 = 2,416.",
        "Each of the 16·10·10 = 1,600 outputs is a sum of 5·5·6 = 150 products: 240,000.",
        "16·10·10 = 1,600 values, 4 bytes each: 6,400 bytes.",
        "The field below, and the side of the window less 1 times the jump below: "
        "6 + (5 - 1)·2 = 14. Its own jump is 2.",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("conv 4 3x1 stride 2x1", "Height: (9 - 3)/2 + 1 = 4; width: 9 - 1 + 1 = 9"),
        ("conv 4 4 stride 2 pad 1", "Both sides: (9 + 2·1 - 4)/2, rounded down, + 1 = 4"),
        ("conv 4 3 dilation 2", "Both sides: 9 - 5 + 1 = 5"),
        ("globalavgpool", "Every map becomes one number"),
        ("relu", "the shape stays 4x9x9"),
    ],
)
def test_says_how_the_sides_come_about(line: str, words: str) -> None:
    assert words in workings(trace(parse(f"input 4x9x9\n{line}")).rows[0], "output")


def test_says_what_groups_and_a_missing_bias_do() -> None:
    told = workings(trace(parse("input 4x9x9\nconv 4 3 groups 2 no bias")).rows[0], "parameters")
    assert "2 deep because 2 groups share the 4 input maps, and no bias: 4·(3·3·2) = 72." in told
