"""The corner lab as a visitor uses it, without a browser."""

from dataclasses import replace
from functools import partial

import pytest

from core.filters.grids import read_words
from pages._parts.cornernet import views
from pages._parts.cornernet.answers import answer
from pages._parts.cornernet.numbers import CORNERS, EXAMPLES, pool, pooling_scene
from tests.pages import boards

opened = partial(boards.opened, "cornernet")


def test_finds_the_corner_of_the_example() -> None:
    page = opened()
    assert page.markdown[2].value == "The sum is largest in **row 1, column 2**: 9."
    page = opened(corner_across="0 0; 7 0", corner_along="0 5; 0 0", corner_kind="bottom right")
    assert page.markdown[2].value == "The sum is largest in **row 2, column 2**: 12."


def test_shows_the_code_of_the_corner_that_was_chosen() -> None:
    for kind, name in (("top left", "top_left"), ("bottom right", "bottom_right")):
        page = opened(corner_kind=kind, code="true")
        page.session_state["code"] = True
        page.run()
        assert page.code[0].value.startswith(f"{name}(a, b)")
        assert f"def {name}(" in page.code[1].value


def test_counts_the_comparisons_of_maps_that_are_not_square() -> None:
    page = opened(corner_across="0 0 5; 0 0 0", corner_along="0 0 0; 0 4 0")
    assert any("4 in map A and 3 in map B, and then 6 additions" in text.value for text in page.markdown)


def test_every_example_has_its_corner_where_its_edges_cross() -> None:
    for example in EXAMPLES.values():
        places = set()
        for corner in CORNERS:
            own = example.of(corner)
            across, along = (read_words(text, name="map") for text in (own.across, own.along))
            found = pool(across, along, corner)
            row, column = found.best
            assert found.total[row, column] == found.across.max() + found.along[:, column].max()
            last = len(across) - 1, len(across[0]) - 1
            places.add((row, column) if corner == "top left" else (last[0] - row, last[1] - column))
        assert len(places) == 1  # the same corner, turned


def test_turns_the_example_with_the_corner_and_leaves_own_maps() -> None:
    page = opened()
    page.segmented_control(key="corner_kind").set_value("bottom right").run()
    assert page.markdown[2].value == "The sum is largest in **row 4, column 3**: 9."
    assert page.text_area(key="corner_across").value.endswith("1 5 0 0")
    page.text_area(key="corner_across").set_value("0 0 0 0; 0 0 0 0; 0 0 0 0; 2 0 0 0").run()
    page.segmented_control(key="corner_kind").set_value("top left").run()
    assert page.text_area(key="corner_across").value.endswith("2 0 0 0")
    page.button(key="reset").click().run()
    assert page.markdown[2].value == "The sum is largest in **row 1, column 2**: 9."
    assert opened(corner_kind="bottom right").markdown[2].value == "The sum is largest in **row 4, column 3**: 9."


def test_says_that_no_corner_is_sure_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "answer", lambda number, setting: answer(number, replace(setting, threshold=2.0)))
    page = opened(view="Corners to boxes")
    assert [text.value for text in page.info] == ["No corner reaches this score: lower it."]


def test_says_what_is_no_map_and_what_does_not_fit() -> None:
    assert "one shape" in opened(corner_across="1 2; 3 4").warning[0].value
    assert "This setting is impossible" in opened(corner_across="one two").warning[0].value


def test_links_every_value_to_what_it_looked_at() -> None:
    for example in EXAMPLES.values():
        across, along = (read_words(text, name="map") for text in (example.across, example.along))
        for corner in CORNERS:
            scene = boards.sound(pooling_scene(across, along, pool(across, along, corner)))
            wide = len(across[0])
            first = scene["links"]["most_across"][0]["marks"]["across"]
            assert len(first) - 1 == (wide if corner == "top left" else 1)


def test_makes_more_pairs_when_tags_are_left_out() -> None:
    pairs = {
        tags: int(boards.metrics(opened(view="Corners to boxes", tags=tags, threshold="10"))["Pairs"])
        for tags in ("true", "false")
    }
    assert pairs["true"] < pairs["false"]


def test_finds_less_with_a_higher_threshold() -> None:
    low, high = (boards.metrics(opened(view="Corners to boxes", threshold=each)) for each in ("5", "90"))
    assert int(high["Corners"]) < int(low["Corners"])
