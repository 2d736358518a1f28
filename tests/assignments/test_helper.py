"""The helper beside the notebooks: what it shows, with HTML and without."""

import io

import numpy as np
import pytest
from PIL import Image

from assignments.given.helper import ADDRESS, lab, show

GREY = np.linspace(0, 1, 12).reshape(3, 4)
RED = np.zeros((2, 2, 3), dtype=np.uint8) + np.array([255, 0, 0], dtype=np.uint8)


def png(pictures: object) -> np.ndarray:
    data = pictures._repr_png_()  # type: ignore[attr-defined]
    return np.asarray(Image.open(io.BytesIO(data)))


def test_shows_pictures_beside_each_other_as_one() -> None:
    shown = png(show(GREY, RED, width=8))
    assert shown.shape == (8 + 8, 8 + 8 + 8 + 8, 3)  # 4 x 3 twice as large, 2 x 2 four times, 4 pixels around each
    assert (shown[4:10:2, 4:12:2, 0] == np.rint(255 * GREY)).all()
    assert (shown[4:12, 20:28] == (255, 0, 0)).all()
    assert (shown[10:12, 4:12] == 255).all()


def test_shows_the_same_images_as_html_with_titles_as_text() -> None:
    said = show(GREY, titles=["<b>one</b>"])._repr_html_()
    assert said.count('<img src="data:image/png;base64,') == 1
    assert "&lt;b&gt;one&lt;/b&gt;" in said


def test_says_what_it_shows_where_there_is_only_text() -> None:
    assert repr(show(GREY, RED, titles=["grey"])) == "2 pictures: grey"
    assert repr(show(GREY)) == "1 picture"


@pytest.mark.parametrize("shape", [(3,), (2, 2, 4), (1, 2, 2, 3)], ids=str)
def test_refuses_what_is_no_image(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="arrays"):
        show(np.zeros(shape))


def test_stretches_other_ranges_and_shows_holes_as_black() -> None:
    shown = png(show(np.array([[-1.0, np.nan, 3.0]]), width=3))
    assert shown[4, 4:7, 0].tolist() == [0, 0, 255]


def test_leads_to_a_lab_as_text_and_as_a_link() -> None:
    link = lab("convolution", stride=2, example="a & b")
    assert repr(link) == f"{ADDRESS}/convolution?stride=2&example=a+%26+b"
    assert 'href="http://localhost:8501/convolution?stride=2&amp;example=a+%26+b"' in link._repr_html_()
