"""The overfitting lab as a visitor uses it, without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "overfitting.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    return next(text.value for text in page.markdown if text.value.startswith("Degree"))


def test_passes_through_all_points_and_is_wrong_elsewhere() -> None:
    said = told(opened())
    assert "Degree **9**, 10 weights, 10 points" in said
    train, test = (float(part) for part in re.findall(r"\*\*([\d.e-]+)\*\*", said)[1:])
    assert train == 0
    assert test > 0.3


@pytest.mark.parametrize(("degree", "many"), [("9", False), ("10", True)], ids=["N166-degree-9", "N166-degree-10"])
def test_has_a_choice_of_exact_fits_from_degree_ten_on(degree: str, many: bool) -> None:
    page = opened(degree=degree)
    assert bool([slider for slider in page.slider if slider.key == "free"]) == many
    assert any("the fit is not unique" in text.value for text in page.markdown) == many


def test_makes_large_weights_pay() -> None:
    page = opened(c="0.001")
    assert not [slider for slider in page.slider if slider.key == "free"]
    assert float(told(page).rpartition("is ")[2].rstrip(".")) < 5
    assert float(told(opened()).rpartition("is ")[2].rstrip(".")) > 50
