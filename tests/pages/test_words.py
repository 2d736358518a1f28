"""Words that others wrote: headings as bold lines, no picture, and code left as it is."""

import mistune
import pytest

from pages._kit.words import blocks, harmless, without_pictures

HEADINGS = {
    "hash": "# Big",
    "closed": "## Big ##",
    "empty": "#",
    "deep": "###### Big",
    "indented": "   # Big",
    "tab": "#\tBig",
    "after-text": "before\n# Big\nbehind",
    "underlined": "Big\n===",
    "underlined-thin": "Big\n---",
    "quoted": "> # Big",
    "quoted-underlined": "> Big\n> ===",
    "listed": "- # Big",
    "numbered": "3. # Big",
}


def drawn(text: str) -> str:
    return str(mistune.html(harmless(text)))


@pytest.mark.parametrize("text", HEADINGS.values(), ids=HEADINGS)
def test_makes_no_heading(text: str) -> None:
    assert "<h1" in str(mistune.html(text)) or "<h2" in str(mistune.html(text)) or "<h6" in str(mistune.html(text))
    assert "<h" not in drawn(text).replace("<hr", "")
    assert ("Big" in text) == ("Big" in drawn(text))


def test_draws_a_heading_as_a_bold_line_of_its_own() -> None:
    assert drawn("before\n# Big **deal** $x$\nbehind").count("<p>") == 3
    assert "<strong>Big deal $x$</strong>" in drawn("before\n# Big **deal** $x$\nbehind")


@pytest.mark.parametrize("fence", ["```", "```python", "~~~", "````"])
def test_tells_code_in_a_fence_from_words(fence: str) -> None:
    mark = fence.rstrip("python")
    code = f"# a comment\n{mark[:-1]}\n---"
    said = [block for block in blocks(f"before\n{fence}\n{code}\n{mark}\n# behind") if block.text]
    assert [block.text for block in said] == ["before", code, "# behind"]
    assert [block.fenced for block in said] == [False, True, False]
    assert said[1].language == fence.removeprefix(mark)


def test_takes_a_fence_that_nothing_closes_to_the_end() -> None:
    assert list(blocks("```\n# a\n~~~"))[-1] == ("# a\n~~~", True, "")


def test_joins_no_picture_from_what_it_leaves_out() -> None:
    assert "<img" not in drawn("# !**[x](http://e.org/x.png)")


def test_says_what_an_embedded_picture_shows_and_leaves_others_to_be_read() -> None:
    assert without_pictures("![a](data:image/png;base64,aB+/=) b") == "(picture: a) b"
    assert without_pictures("![a](http://e.org/x.png)") == "![a](http://e.org/x.png)"


def test_takes_no_time_over_what_is_meant_to_take_long() -> None:
    for long in (
        "#" + " " * 20_000 + "x" * 20_000,
        "- " * 20_000,
        "> " * 20_000 + "=",
        "=" * 20_000 + "x",
        "1" * 20_000,
    ):
        assert harmless(long)
        assert list(blocks(long))
    assert without_pictures("![](data:" * 50_000 + "![" * 50_000)
