"""The lab on small filters as a visitor uses it, without a browser."""

import pytest

from tests.pages.figures import Visit


def test_counts_the_predicted_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("small_filters", monkeypatch, {})
    assert "**3 of 3x3** against **one 7x7**: 110,784 and 200,768 parameters." in visit.text
    assert "The large window has **1.81 times** as many." in visit.text
    assert "27C² + 3C = 110,784 parameters against 49C² + C = 200,768, with C = 64" in visit.text
    assert "**7** and **7** pixels wide, the same" in visit.text
    assert "nonlinearities 3 against 1" in visit.alts["bars"]
    assert "3.2 MB against" in visit.alts["bars"]
    assert visit.exported("stack.py")


def test_counts_as_the_lecture_on_one_map_without_biases(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit("small_filters", monkeypatch, {"maps": "1", "bias": "false"})
    assert "27 and 49 parameters" in visit.text
    assert "27C² = 27 parameters against 49C² = 49" in visit.text


@pytest.mark.parametrize(
    ("kernel", "layers", "large"), [("3", "1", 3), ("5", "2", 9), ("7", "6", 37)], ids=["one", "two", "six-large"]
)
def test_finds_the_window_of_the_same_field(
    kernel: str, layers: str, large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit("small_filters", monkeypatch, {"kernel": kernel, "layers": layers, "side": "1"})
    assert f"**one {large}x{large}**" in visit.text
    assert f"**{large}** and **{large}** pixels wide, the same" in visit.text
    assert ("One layer is no stack yet" in visit.text) == (layers == "1")
