"""The optimisers lab as a visitor uses it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "optimisers.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def told(page: AppTest) -> str:
    return next(text.value for text in page.markdown if text.value.startswith("After"))


def test_explains_a_walk_that_runs_away() -> None:
    page = opened(rate_a="0.12")
    assert "gradient descent, rate 0.12 runs away" in page.warning[0].value
    assert any("2 / 20 = 0.1. Above it every step swings further out" in t.value for t in page.markdown)
    page.select_slider(key="rate_a").set_value(0.08).run()
    assert not page.warning


def test_lets_momentum_roll_into_the_deeper_valley() -> None:
    page = opened(surface="two valleys", rate_a="0.03", step="150")
    assert "**gradient descent, rate 0.03** is 0.6 above the lowest point" in told(page)
    assert "**momentum, rate 0.03** is 1.6e-07 above the lowest point" in told(page)


def test_sets_the_betas_of_adam_and_the_start_from_the_address() -> None:
    page = opened(method_b="Adam", rate_b="0.5", first_b="0.5", second_b="0.9", x_rav="1.0", y_rav="-0.2", noise="0.5")
    assert page.slider(key="first_b").value == 0.5
    assert "**Adam, rate 0.5**" in told(page)
    before = told(page)
    page.slider(key="draw").set_value(3).run()
    assert told(page) != before
