"""The losses lab as a visitor uses it, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "losses.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    return next(text.value for text in page.markdown if "**" in text.value and "Predict" not in text.value)


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ({"p": "0.5"}, ("0.50", "0.693", "-2.000", "-0.500")),
        ({"p": "0.5", "right": "no"}, ("0.50", "0.693", "2.000", "0.500")),
        ({"moved": "the score", "z": "0.0"}, ("0.50", "0.693", "-2.000", "-0.500")),
    ],
    ids=["N143-yes", "N143-no", "N143-by-the-score"],
)
def test_tells_loss_and_both_slopes(address: dict[str, str], numbers: tuple[str, ...]) -> None:
    said = told(opened(**address))
    assert all(f"**{number}**" in said for number in numbers), said


def test_drags_the_squares_and_not_the_distances() -> None:
    page = opened(view="Squares or distances", off="12.0")
    assert told(page) == "Least squares finds a radius of **6.01**, least distances **5.02**; it is **5**."
    page.slider(key="outliers").set_value(0).run()
    assert not page.exception
    assert told(page) == "Least squares finds a radius of **5.01**, least distances **5.02**; it is **5**."


def test_says_what_was_found_to_whoever_predicted() -> None:
    page = opened()
    page.text_input(key="prediction").set_value("-0.5").run()
    assert any("By -1/p, which is -2" in text.value for text in page.markdown)
