"""The dropout lab as a visitor uses it, without a browser."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "dropout.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def numbers(page: AppTest) -> list[float]:
    """Resting units, the sum of the batch, the mean so far, the mean of all masks, the sum in use."""
    told = next(text.value for text in page.markdown if text.value.startswith("Batch "))
    return [float(each) for each in re.findall(r"\*\*(-?[\d.]+)\*\*", told)]


@pytest.mark.parametrize(
    ("scaling", "ratio"), [("while training", 1), ("when used", 1), ("forgotten", 4)], ids=lambda each: str(each)
)
def test_checks_the_scaling_by_averaging(scaling: str, ratio: float) -> None:
    *_, met, used = numbers(opened(rate="0.75", scaling=scaling))
    assert used == pytest.approx(ratio * met, rel=0.05)


def test_goes_from_batch_to_batch() -> None:
    page = opened(batch="7")
    first = numbers(page)
    page.button(key="next").click().run()
    assert not page.exception
    assert page.slider(key="batch").value == 8
    assert numbers(page) != first
    page = opened(rate="0.0", batch="200")
    assert numbers(page)[0] == 0
    assert len(set(numbers(page)[1:])) == 1


def test_after_the_last_batch_comes_none() -> None:
    assert opened(batch="200").button(key="next").disabled
