"""The small icon font: it has every icon that is asked for, and little else."""

from fontTools.ttLib import TTFont

from pages._kit import icons


def test_has_every_icon_of_the_installed_streamlit_and_of_our_pages() -> None:
    whole = icons.ligatures(TTFont(icons.font()))
    assert (icons.wanted() & whole) - icons.ligatures(TTFont(icons.SLIM)) == set(), "run `make icons`"


def test_names_only_icons_that_exist() -> None:
    assert set(icons.ours()) - icons.ligatures(TTFont(icons.font())) == set()


def test_is_a_fraction_of_the_whole() -> None:
    assert icons.SLIM.stat().st_size < icons.font().stat().st_size / 5
