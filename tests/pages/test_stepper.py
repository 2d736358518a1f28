import json

import numpy as np
import pytest

from core.errors import LimitError
from core.filters.examples import EXAMPLES
from core.filters.grids import read_words, values
from core.filters.walk import walk
from pages._kit.stepper import VIEWS, scene, short
from pages._parts.convolution.figures import answer, findings, python_call, table

BY_NAME = pytest.mark.parametrize("name", list(EXAMPLES))


def walked(name):
    example = EXAMPLES[name]
    image, kernel = read_words(example.image), read_words(example.kernel)
    setting = {
        "manner": example.manner,
        "padding": example.padding,
        "stride": example.stride,
        "dilation": example.dilation,
        "output_padding": example.output_padding,
    }
    return image, kernel, walk(values(image), values(kernel), **setting), setting


@BY_NAME
@pytest.mark.parametrize("view", VIEWS)
def test_sends_the_browser_every_number_it_shows(name, view):
    image, kernel, found, _ = walked(name)
    shown = json.loads(json.dumps(scene(image, kernel, found, view=view, compute=False)))
    ground = [cell for row in shown["ground"]["rows"] for cell in row]
    own = [cell["text"] for cell in ground if cell["kind"] == "own"]
    assert own == [word for row in image for word in row]
    totals = [text for row in shown["output"]["rows"] for text in row]
    assert [row["total"] for row in shown["sums"]] == totals
    assert [len(taps) for taps in shown["taps"]] == [len(shown["kernel"]["laid"])] * len(totals)
    for taps, value in zip(shown["taps"], shown["output"]["values"], strict=True):
        weights = values((tuple(shown["kernel"]["laid"]),))[0]
        read = values((tuple(ground[cell]["text"] for cell in taps),))[0]
        assert weights @ read == pytest.approx(value)
    if view == "stamps":
        assert shown["stamps"]["steps"][-1]["totals"] == totals
    if view == "matrix":
        assert np.shape(shown["matrix"]["entries"]) == found.matrix.shape


@BY_NAME
def test_gives_code_that_gives_the_output(name):
    image, kernel, found, setting = walked(name)
    room = {}
    exec(python_call(image, kernel, **setting).replace("\nfound.output", "\noutput = found.output"), room)
    np.testing.assert_array_equal(room["output"], found.output)
    numbers = [[float(word) for word in line.split(",")] for line in table(found.output).splitlines()]
    np.testing.assert_allclose(numbers, found.output, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("Plus filter at stride 2", "moves by 2: floor((7 - 3) / 2) + 1 = 3 stops", id="N41"),
        pytest.param("Transposed, padding 1", "spans 3 of them, so it stops 5 - 3 + 1 = 3 times", id="N51"),
        pytest.param("Stride 2 halves", "floor((6 - 3) / 2) + 1 = 2 stops", id="N52"),
        pytest.param("Matrix of a 1D filter", "From left to right: the window walks over 6 pixels", id="N54"),
        pytest.param("Plus filter at stride 2", "441 entries, 45 of them not 0", id="N43"),
    ],
)
def test_notices_in_numbers(name, sentence):
    image, kernel, found, setting = walked(name)
    told = {key: setting[key] for key in ("manner", "stride", "dilation")}
    assert sentence in " ".join(findings(image, kernel, found, **told))


def test_tells_the_middle_or_that_there_is_none():
    assert answer(walked("Plus filter at stride 2")[2]).endswith("and 8 stands in its middle.")
    assert "no single middle: 1, 3, 9, 11" in answer(walked("Stride 2 halves")[2])


def test_leaves_out_zero_products_only_where_a_sum_is_long():
    image, kernel = read_words("1 2 3 4; " * 4), read_words("0 0 0 1; " * 4)
    shown = scene(image, kernel, walk(values(image), values(kernel)), view="windows", compute=False)
    assert shown["sums"][0]["terms"].endswith(" + 12 products that are 0")
    assert shown["sums"][0]["terms"].count(" + ") == 4
    nine = scene(*walked("Plus filter at stride 2")[:3], view="windows", compute=False)
    assert nine["sums"][0]["terms"].count(" + ") == 8


def test_says_when_a_sum_is_rounded():
    shown = scene(*walked("A flat image and its border")[:3], view="windows", compute=False)
    corner, middle = shown["sums"][0], shown["sums"][5]
    assert (corner["sign"], corner["total"]) == ("≈", "2.667")
    assert (middle["sign"], middle["total"]) == ("=", "6")


def test_refuses_grids_that_nobody_can_read():
    image, kernel = read_words("1 " * 12), read_words("1 1 1")
    found = walk(values(image), values(kernel), manner="transposed", stride=4)
    with pytest.raises(LimitError, match="1 x 49 cells"):
        scene(image, kernel, found, view="windows", compute=False)


def test_refuses_a_matrix_that_nobody_can_read_but_shows_the_rest():
    image, kernel = read_words("1 1 1 1 1 1 1 1; " * 8), read_words("1")
    shown = scene(image, kernel, walk(values(image), values(kernel)), view="matrix", compute=False)
    assert shown["matrix"]["refused"].startswith("The matrix has 64 rows and 64 columns")


@pytest.mark.parametrize(
    ("value", "text"), [(8.000000000000002, "8"), (-1e-9, "0"), (-1 / 3, "-0.333"), (100.0, "100")]
)
def test_writes_numbers_short(value, text):
    assert short(value) == text
