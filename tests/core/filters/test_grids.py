import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError, LimitError, ShapeError
from core.filters.grids import read_number, read_words, replaced, values, write_words


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10**6))
def test_reads_back_what_it_writes(rows, columns, seed):
    numbers = np.random.default_rng(seed).integers(-999, 999, (rows, columns)) / 8
    words = tuple(tuple(f"{value:g}" for value in row) for row in numbers)
    again = read_words(write_words(words))
    assert again == words
    np.testing.assert_array_equal(values(again), numbers)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_reads_or_refuses_any_text_and_never_falls(text):
    try:
        grid = values(read_words(text))
    except CoreError:
        return
    assert grid.ndim == 2
    assert np.isfinite(grid).all()


def test_understands_fractions_commas_and_lines():
    assert values(read_words("0, 1/4\n-1/2 +3;")).tolist() == [[0, 0.25], [-0.5, 3]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2; 3", "row 2 of the grid has 1 number, but row 1 has 2"),
        ("1 2; 3 x", "row 2 of the grid: 'x' is not a number such as 3, -0.5 or 1/4 (at most six digits)"),
        ("1;;2", "row 2 of the grid is empty: write a number in every column"),
        (" ; ", 'the grid is empty: write rows such as "0 1; 2 3"'),
        ("1/0", "row 1 of the grid: '1/0' divides by zero"),
        ("; 1", "row 1 of the grid is empty: write a number in every column"),
    ],
)
def test_says_which_row_is_wrong(text, sentence):
    with pytest.raises(CoreError) as caught:
        read_words(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "word", ["__import__('os')", "1e999999999", "9" * 5000, "1/2/3", "nan", "inf", "0x1", "1_0", "٣"]
)
def test_evaluates_nothing_and_takes_plain_numbers_only(word):
    with pytest.raises(CoreError):
        read_number(word)


def test_names_the_grid_it_was_told():
    with pytest.raises(ShapeError, match="row 2 of the kernel"):
        read_words("1 2; 3", name="kernel")


def test_caps_the_size_of_a_grid_and_of_its_text():
    assert len(read_words("1;" * 12)) == 12
    with pytest.raises(LimitError, match="13 x 1"):
        read_words("1;" * 13)
    with pytest.raises(LimitError, match="1 x 13"):
        read_words("1 " * 13)
    with pytest.raises(LimitError, match="characters"):
        read_words("1 " * 1_000_000)


def test_rewrites_one_number_and_keeps_the_others_as_written():
    words = read_words("1/5 0; 0 1/5")
    assert write_words(replaced(words, 0, 1, "-0,5")) == "1/5 -0.5; 0 1/5"
    with pytest.raises(CoreError, match="row 1, column 2"):
        replaced(words, 0, 1, "two")
    with pytest.raises(ShapeError, match="no row 3"):
        replaced(words, 2, 0, "1")
