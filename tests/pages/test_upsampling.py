"""The upsampling lab: every example's numbers, who is made of whom, and what cannot be."""

import numpy as np
import pytest

from core.filters.grids import read_words, values
from pages._kit.board import link, sum_of
from pages._parts.upsampling.examples import EXAMPLES
from pages._parts.upsampling.figures import checkerboard, findings, grow, growing_scene, python_call
from tests.pages.boards import opened, sound, texts

BY_NAME = pytest.mark.parametrize("name", EXAMPLES)


def grown(name, **changes):
    example = EXAMPLES[name]
    words = [read_words(text) for text in (example.image, example.before, example.kernel)]
    setting = {"factor": example.factor, "stride": example.stride, "crop": example.crop, "extra": example.extra}
    image, before, kernel = (values(each) for each in words)
    return words, grow(example.way, image, before=before, kernel=kernel, **(setting | changes))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Repeat each value", "1 1 2 2; 1 1 2 2; 3 3 4 4; 3 3 4 4", id="N48-nearest"),
        pytest.param("Among zeros", "1 0 2 0; 0 0 0 0; 3 0 4 0; 0 0 0 0", id="N48-bed-of-nails"),
        pytest.param("Back to where the maximum was", "0 0 2 0; 0 1 0 0; 0 0 0 0; 3 0 0 4", id="N47"),
        pytest.param("3 x 3 becomes 5 x 5", "4 3 2 3 4; 5 4 3 4 5; 6 5 4 5 6; 4 6 8 6 4; 2 7 12 7 2", id="N44"),
        pytest.param("2 x 2 with padding 1", "1 1.5 2; 2 2.5 3; 3 3.5 4", id="N51"),
    ],
)
def test_comes_out_as_the_lecture_says(name, expected) -> None:
    words, found = grown(name)
    np.testing.assert_allclose(found.output, values(read_words(expected)))
    assert texts(sound(growing_scene(*words, found)), "output") == [list(row) for row in read_words(expected)]


@BY_NAME
def test_lights_up_what_an_output_is_made_of(name) -> None:
    words, found = grown(name)
    shown = sound(growing_scene(*words, found))
    image = found.image.ravel()
    for each, value in zip(shown["links"]["output"], found.output.ravel(), strict=True):
        weights = [(place, float(note.removeprefix("×"))) for place, note, *_ in each["marks"]["image"]]
        assert sum(weight * image[place] for place, weight in weights) == pytest.approx(value, abs=0.02)
    reached = sum(len(each["marks"]["output"]) for each in shown["links"]["image"])
    assert reached == np.count_nonzero(found.matrix)


@BY_NAME
def test_gives_code_that_gives_the_output(name) -> None:
    words, found = grown(name)
    room = {}
    exec(python_call(*words, found), room)
    np.testing.assert_array_equal(room["output"], found.output)


def test_agrees_in_both_views_and_doubles_with_an_output_padding() -> None:
    # N51, N53
    _, found = grown("2 x 2 with padding 1", extra=1)
    assert found.output.shape == (4, 4)
    np.testing.assert_array_equal(found.output, found.other)
    assert any("Two views, one result" in line and line.endswith("differ by 0.") for line in findings(found))


def test_shows_a_checkerboard_only_where_the_stride_does_not_divide() -> None:
    for side, stride, told in (
        (3, 2, "from 1 to 4 in turn"),
        (4, 2, "every output gets 4"),
        (2, 2, "every output gets 1"),
    ):
        figure, alt = checkerboard((side, side), stride)
        assert told in alt
        inner = np.array(figure["data"][0]["z"])[side:-side, side:-side]
        assert (inner.min() == inner.max()) == (side % stride == 0)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param({"up_way": "transposed", "up_extra": "3"}, "output_padding 3", id="output-padding"),
        pytest.param({"up_way": "max unpooling", "up_image": "1 2 3"}, "2 x 2 windows leave 2 x 2", id="another-map"),
        pytest.param({"up_factor": "4", "up_image": "1 1 1 1 1 1 1"}, "too many to read", id="too-large"),
        pytest.param({"up_way": "transposed", "up_crop": "3"}, "at most", id="cropped-away"),
    ],
)
def test_explains_what_cannot_be(address, said) -> None:
    assert said in opened("upsampling", **address).warning[0].value


def test_follows_its_address_and_its_examples() -> None:
    page = opened("upsampling", up_way="bilinear", up_factor="3")
    assert any("2 × 2 grows to 6 × 6" in text.value for text in page.markdown)
    page.selectbox(key="up_example").set_value("3 x 3 becomes 5 x 5").run()
    assert any("3 × 3 grows to 5 × 5" in text.value for text in page.markdown)
    page.button(key="undo").click().run()
    assert any("2 × 2 grows to 6 × 6" in text.value for text in page.markdown)


def test_leaves_out_products_of_zero_only_where_a_sum_is_long() -> None:
    zeros = [("1", "0", 0.0)] * 12
    assert sum_of(zeros).count("+") == 11
    assert sum_of([*zeros, ("-2", "3", -6.0)]) == "(-2) × 3 + 12 products that are 0"
    assert sum_of([]) == "0"


def test_says_when_a_sum_is_rounded() -> None:
    assert (link({}, "1 / 3", 1 / 3)["sign"], link({}, "1 / 4", 0.25)["sign"]) == ("≈", "=")
    assert link({}, "nothing to add")["total"] == ""
