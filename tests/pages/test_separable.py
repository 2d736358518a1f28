"""The lab on 1x1 and separable convolutions as a visitor uses it, without a browser."""

import pytest

from tests.pages.figures import Visit


def test_counts_the_predicted_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("separable", monkeypatch, {})
    assert "1/128 + 1/3² = **0.1189**: two steps take 27,496,448 of 231,211,008" in visit.text
    assert "**8.41 times** fewer" in visit.text
    assert "576 + 8,192 parameters" in visit.alts["costs"]


def test_says_where_two_steps_cost_more(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("separable", monkeypatch, {"kernel": "1", "filters": "1", "maps": "16", "side": "8", "bias": "true"})
    assert "1/1 + 1/1² = **2.0000**" in visit.text
    assert "that is more" in visit.text
    assert "Here two steps cost at least as much as one" in visit.text


def test_mixes_by_the_written_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("separable", monkeypatch, {"view": "mixing alone", "weights": "1/3 1/3 1/3; 1 -1 0"})
    assert "mix 1: 1/3·9 + 1/3·6 + 1/3·2 = **5.667**" in visit.text
    assert "mix 2: 1·9 + (-1)·6 + 0·2 = **3**" in visit.text
    assert len(visit.drawn["mixing"]["data"]) == 5
    visit.page.selectbox(key="example").set_value("Every pair: 3 to 4")
    visit.run()
    assert "mix 4: 1·9 + 1·6 + 1·2 = **17**" in visit.text
    visit.page.slider(key="row").set_value(3)
    visit.run()
    assert "mix 4: 1·9 + 1·0 + 1·4 = **13**" in visit.text


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        pytest.param("1 2", "rows of 3 numbers would do", id="too-few"),
        pytest.param("1 2 x", "weights", id="no-number"),
        pytest.param("1 0 0;" * 5, "at most 4", id="too-many-rows"),
        pytest.param("", "empty", id="empty"),
    ],
)
def test_explains_weights_that_cannot_mix(weights: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("separable", monkeypatch, {"view": "mixing alone"})
    visit.page.text_area(key="weights").set_value(weights)
    visit.run()
    assert says in visit.warnings[0]


def test_exports_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Visit("separable", monkeypatch, {}).exported("separable.py")
    assert Visit("separable", monkeypatch, {"view": "mixing alone"}).exported("mix.csv")
