"""The matrix lab: the lectures' matrices, rows that light up, letters, and equality with filtering."""

import numpy as np
import pytest

from core.filters.grids import read_words, values
from pages._parts.matrix.figures import EXAMPLES, findings, matrix_scene, multiply, python_call
from tests.pages.boards import metrics, opened, sound, texts

BY_NAME = pytest.mark.parametrize("name", EXAMPLES)


def multiplied(name):
    example = EXAMPLES[name]
    image, kernel = read_words(example.image), read_words(example.kernel)
    setting = {"stride": example.stride, "margin": example.margin, "extra": example.extra}
    return image, kernel, setting, multiply(values(image), values(kernel), direction=example.direction, **setting)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        pytest.param("1D, stride 1", "ay + bz, ax + by + cz, bx + cy + dz, cx + dy", id="N54"),
        pytest.param("1D transposed, stride 1", "ax, ay + bx, az + by + cx, bz + cy + dx, cz + dy, dz", id="N55"),
        pytest.param("1D, stride 2", "ay + bz, bx + cy + dz", id="N56"),
        pytest.param("1D transposed, stride 2", "ax, ay, az + bx, by, bz, 0", id="N57"),
    ],
)
def test_writes_the_products_of_lecture_e(name, letters) -> None:
    image, _, _, found = multiplied(name)
    assert any(f"[{letters}]" in line for line in findings(image, found, letters=True))


@pytest.mark.parametrize(
    ("name", "shape", "filled"),
    [
        pytest.param("2D, plus filter at stride 2", (9, 49), 45, id="N43"),
        pytest.param("1D, stride 1", (4, 6), 12, id="N54"),
        pytest.param("1D, stride 2", (2, 6), 6, id="N56"),
    ],
)
def test_has_the_matrices_of_the_lectures(name, shape, filled) -> None:
    found = multiplied(name)[3]
    assert (found.matrix.shape, found.filled) == (shape, filled)


@BY_NAME
def test_equals_filtering_and_lights_up_rows_and_columns(name) -> None:
    image, kernel, _, found = multiplied(name)
    np.testing.assert_allclose(found.output, found.filtered, atol=1e-9)
    assert found.apart < 1e-9
    for letters in (False, True):
        shown = sound(matrix_scene(image, kernel, found, letters=letters))
        wide = found.matrix.shape[1]
        for row, link in enumerate(shown["links"]["output"]):
            assert {place[0] // wide for place in link["marks"].get("matrix", [])} <= {row}
        for column, link in enumerate(shown["links"]["image"]):
            assert {place[0] % wide for place in link["marks"]["matrix"]} <= {column}
        assert np.shape(texts(shown, "matrix")) == found.matrix.shape


@BY_NAME
def test_gives_code_that_gives_the_output(name) -> None:
    image, kernel, setting, found = multiplied(name)
    room = {}
    exec(python_call(image, kernel, found, **setting), room)
    np.testing.assert_allclose(room["output"], found.output)


def test_follows_its_address_and_its_examples() -> None:
    page = opened("matrix")
    assert metrics(page)["Matrix"] == "4 x 6"
    assert metrics(page)["Weights to learn"] == "3"
    page.slider(key="matrix_stride").set_value(2).run()
    assert metrics(page)["Matrix"] == "2 x 6"
    page.selectbox(key="matrix_example").set_value("2D transposed, bilinear").run()
    assert metrics(page)["Matrix"] == "25 x 9"
    assert metrics(page)["Differs from filtering by"] == "0"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param({"matrix_kernel": "1 1 1 1 1 1 1"}, "kernel side of at most 6", id="kernel-too-large"),
        pytest.param({"matrix_image": "1 1 1 1 1 1 1 1 1 1; " * 10}, "up to 2,500 can be read", id="flood"),
        pytest.param({"matrix_kernel": "one"}, "'one' is not a number", id="unreadable"),
        pytest.param({"matrix_direction": "transposed", "matrix_extra": "2"}, "output_padding 2", id="output-padding"),
    ],
)
def test_explains_what_cannot_be(address, said) -> None:
    assert said in opened("matrix", **address).warning[0].value
