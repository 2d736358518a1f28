"""The photo search: what a word finds, what it misses, and why."""

import pytest

from tests.pages.figures import Visit


def test_finds_cats_and_says_by_which_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("photo_search", monkeypatch, {})
    assert "**3** of 39 pictures, by 5 classes: tiger cat" in lab.text
    lab.page.slider(key="least").set_value(0.85)
    lab.run()
    assert "**1** of 39 pictures" in lab.text
    assert "**Missed: 2 that a person describes with this word**" in lab.text
    assert lab.exported("gallery.csv")


def test_cannot_find_what_is_not_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("photo_search", monkeypatch, {"find": "person"})
    assert "None of the 1000 classes has this name" in lab.warnings[0]
    assert "**Missed: 4 that" in lab.text
    assert "39 pictures, cut from 18 photos" in lab.text


def test_takes_any_word_for_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("photo_search", monkeypatch, {"find": "<b>.*</b>"})
    assert "None of the 1000 classes" in lab.warnings[0]
    lab.page.text_input(key="find").set_value("")
    lab.run()
    assert "Type a word" in lab.page.info[0].value
