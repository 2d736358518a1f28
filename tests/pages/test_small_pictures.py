"""Pictures as addresses: a session encodes each once, and remembers few."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages._kit import pictures


def page() -> None:
    import numpy as np
    import streamlit as st

    from pages._kit.pictures import data_uri

    shade = st.slider("Shade", 0, 200, 0)
    st.text(data_uri(np.full((4, 5, 3), 7, dtype=np.uint8)))
    st.text(data_uri(np.full((4, 5, 3), shade, dtype=np.uint8)))


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first byte of each picture that was encoded."""
    found, before = list[int](), pictures._file

    def counting(image: np.ndarray, *more: Any) -> bytes:
        found.append(int(image[0, 0, 0]))
        return before(image, *more)

    monkeypatch.setattr(pictures, "_file", counting)
    return found


def test_a_move_encodes_only_the_picture_that_it_changed(encoded: list[int]) -> None:
    app = AppTest.from_function(page).run()
    first = [text.value for text in app.text]
    assert encoded == [7, 0]
    app.slider[0].set_value(9).run()
    assert encoded == [7, 0, 9]
    assert app.text[0].value == first[0]
    assert app.text[1].value != first[1]
    app.slider[0].set_value(0).run()
    assert [text.value for text in app.text] == first
    assert encoded == [7, 0, 9]


def test_another_session_gets_nothing_of_it(encoded: list[int]) -> None:
    for _ in range(2):
        AppTest.from_function(page).run()
    assert encoded == [7, 0, 7, 0]


def test_the_oldest_is_forgotten(encoded: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "KEPT", 2)
    app = AppTest.from_function(page).run()
    for shade in (9, 0):
        app.slider[0].set_value(shade).run()
    assert encoded == [7, 0, 9, 0]
    assert len(app.session_state["_pictures"]) == 2


def test_without_a_session_nothing_is_kept(encoded: list[int]) -> None:
    image = np.full((3, 3, 3), 5, dtype=np.uint8)
    assert pictures.data_uri(image) == pictures.data_uri(image)
    assert pictures.data_uri(image, lossless=True) != pictures.data_uri(image, lossless=False)
    assert encoded == [5, 5, 5, 5]
