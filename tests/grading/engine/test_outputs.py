"""Outputs that a hostile process may forge."""

from base64 import b64encode

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.engine.outputs import checked

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
shaped = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "error", "display_data", "execute_result", "?"])},
    optional={"name": anything, "text": anything, "data": anything, "metadata": anything, "traceback": anything},
)


@given(st.lists(anything | shaped, max_size=5) | anything)
def test_it_makes_valid_notebooks_of_whatever_is_said(said: object) -> None:
    cell = nbformat.v4.new_code_cell(
        source="", outputs=[nbformat.from_dict(o) for o in checked(said, count=100, size=10**6)]
    )
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize(
    "mime", ["text/html", "text/markdown", "text/latex", "application/javascript", "image/svg+xml", "image/png"]
)
def test_it_keeps_nothing_that_runs_in_a_browser(mime: str) -> None:
    said = [{"output_type": "display_data", "data": {mime: "<script>alert(1)</script>", "text/plain": "plain"}}]
    assert [output["data"] for output in checked(said, count=10, size=10**6)] == [{"text/plain": "plain"}]


def test_it_keeps_no_more_than_asked() -> None:
    said = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 1000
    assert len(checked(said, count=200, size=10**6)) == 201  # and one that says that the rest is missing


def test_it_mends_what_cannot_be_stored() -> None:
    (output,) = checked([{"output_type": "stream", "name": "stdout", "text": "a\ud800b"}], count=10, size=10**6)
    assert output["text"].encode() == b"a?b"


def test_a_picture_stays_one() -> None:
    picture = b64encode(b"\x89PNG\r\n\x1a\n" + b"pixels").decode()
    (output,) = checked([{"output_type": "display_data", "data": {"image/png": picture + "\n"}}], count=10, size=10**6)
    assert output["data"] == {"image/png": picture}


def test_it_keeps_no_more_bytes_than_asked() -> None:
    said = [{"output_type": "stream", "name": "stdout", "text": "x" * 60}] * 3
    assert len(checked(said, count=10, size=150)) == 2
