"""The counting of sea lions as a visitor uses it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "sea_lions.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def counted(page: AppTest) -> tuple[int, int]:
    words = (
        next(text.value for text in page.markdown if " counted, " in text.value and text.value[2].isdigit())
        .replace("*", "")
        .split()
    )
    return int(words[0]), int(words[2])


def test_a_higher_threshold_counts_fewer() -> None:
    page = opened(coast="7", threshold="0.1")
    many, true = counted(page)
    page.slider(key="threshold").set_value(0.95).run()
    few, same = counted(page)
    assert few < many
    assert same == true
    page.slider(key="threshold").set_value(0.5).run()
    assert abs(counted(page)[0] - true) < 0.35 * true


def test_peaks_that_may_touch_count_one_animal_many_times() -> None:
    page = opened(coast="3", apart="0")
    many, true = counted(page)
    assert many > 2 * true
    page.slider(key="apart").set_value(24).run()
    assert counted(page)[0] < true


def test_draws_what_is_asked_for() -> None:
    page = opened(over="nothing", heat="pup")
    assert not page.exception
    picture = page.get("html")[-1].proto.body
    assert 'alt="A coast from above with' in picture
    assert len(page.get("download_button")) == 1
