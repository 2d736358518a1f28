"""The corner lab as a visitor uses it, without a browser."""

from functools import partial

from core.filters.grids import read_words
from pages._parts.cornernet.numbers import CORNERS, EXAMPLES, pool, pooling_scene
from tests.pages import boards

opened = partial(boards.opened, "cornernet")


def test_finds_the_corner_of_the_example() -> None:
    page = opened()
    assert page.markdown[2].value == "The sum is largest in **row 1, column 2**: 9."
    page = opened(corner_across="0 0; 7 0", corner_along="0 5; 0 0", corner_kind="bottom right")
    assert page.markdown[2].value == "The sum is largest in **row 2, column 2**: 12."


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
