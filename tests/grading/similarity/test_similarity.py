"""What two answers have in common: the laws of winnowing, a plain twin, and texts that are no Python at all."""

import keyword
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.similarity import pairs, tokens, winnowing
from grading.similarity.pairs import Part, compare, parts
from grading.similarity.pairs import given as handed_out
from grading.similarity.pairs import text as read
from grading.similarity.tokens import LONGEST
from grading.similarity.winnowing import hashes, winnowed

MEAN = '''
def mean(values):
    """The mean."""
    total = 0.0
    for value in values:
        if value is None:
            continue
        total += value
    return total / max(1, len(values))
'''
RENAMED = """
# found this all by myself
def average( xs,
             ):
  s = 1.5; \\
  # of all
  for x in xs:
        if x is None: continue
        s+=x
  return s/max(2,
    len(xs),)
"""
OTHER = """
def mean(values):
    kept = [value for value in values if value is not None]
    while len(kept) > 1:
        kept.append(kept.pop() + kept.pop())
    return kept[0] if kept else None, len(kept) == 0
"""
WORDS = ("if", "for", "x", "1", "'a'", "+", "-", "*", "=", "(", ")", "return", "in", "[", "]")
rows = st.lists(st.sampled_from(WORDS), max_size=30)
sizes = st.integers(1, 6)


def names(row: list[str]) -> list[str]:
    return [token.text for token in tokens.tokens(" ".join(row))]


# -- tokens


def test_renaming_layout_numbers_texts_and_comments_change_nothing() -> None:
    assert [one.text for one in tokens.tokens(MEAN)] == [one.text for one in tokens.tokens(RENAMED)]
    assert compare({"a": read([MEAN]), "b": read([RENAMED])}).pairs[0].likeness == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a' 'b'", "x = \"it's\" f'{x}'"),
        ("x = rb'\\n'; y", 's = ""; z'),
        ("x = [1,\n 2,\n]", "x = [1, 2]"),
        ("x = 0x1F + .5 + 1_000j", "x = 7 + 7 + 7"),
        ("def f(): 'doc'\nx", "def f(): 'doc'\nx"),
        ("'''a\nb'''\nx", "x"),
        ("x = '''a\n# b'''", "x = 'c'"),
    ],
    ids=["quotes", "raw", "trailing-comma", "numbers", "docstring-in-line", "docstring", "comment-in-text"],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert [each.text for each in tokens.tokens(one)] == [each.text for each in tokens.tokens(other)]


def test_a_text_among_arguments_is_no_docstring() -> None:
    assert [each.text for each in tokens.tokens("f(\n'a'\n)")] == ["name", "(", "text", ")"]


def test_every_keyword_is_itself() -> None:
    assert [each.text for each in tokens.tokens(" ".join(keyword.kwlist))] == keyword.kwlist


@given(st.lists(st.text(), max_size=4))
def test_reads_whatever_it_is_and_counts_lines_on(pieces: list[str]) -> None:
    found = read(pieces, length=1).lines
    lines = [line for span in found for line in span]
    assert lines == sorted(lines)
    assert not lines or 1 <= lines[0] <= lines[-1] <= sum(piece.count("\n") + 2 for piece in pieces)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"""' * 7,
        '\\"""' * 70_000,
        "'" * 200_000,
        "(" * 200_000,
        "\\",
        '"""\\',
        "\ud800",
        "1" * 200_000,
        "a\x00b\u202e",
    ],
    ids=["empty", "quotes", "escaped-quotes", "many-quotes", "brackets", "backslash", "open", "half", "digits", "odd"],
)
def test_takes_what_is_no_python(text: str) -> None:
    one = read([text, MEAN])
    other = read([MEAN, text])
    assert {each.likeness for each in compare({"a": one, "b": one}).pairs} <= {1.0}
    assert compare({"a": read([MEAN]), "b": other}).pairs
    assert all(1 <= part.one[0] <= part.one[1] for part in parts(one, other))


def test_reads_no_more_than_a_bound() -> None:
    assert len(read(["x " * LONGEST, "y"], length=1).hashes) == LONGEST // 2


# -- winnowing


@given(rows, rows, rows, rows, rows, sizes, sizes)
@settings(max_examples=300)
def test_finds_every_run_that_is_long_enough(shared, before, after, left, right, length, window) -> None:  # type: ignore[no-untyped-def]
    one = hashes(["0", *before, *shared, *after], length)
    other = hashes(["1", *left, *shared, *right], length)
    found = set(winnowed(one, window).values()) & set(winnowed(other, window).values())
    if len(shared) >= window + length - 1:
        assert found & set(hashes(shared, length))
    assert found <= set(one) & set(other)


@given(rows, rows, rows, rows, sizes, sizes)
def test_what_was_handed_out_hides_no_other(shared, before, left, template, length, window) -> None:  # type: ignore[no-untyped-def]
    without = set(hashes(template, length))
    one, other = hashes([*before, *shared], length), hashes([*left, *shared], length)
    common = set(winnowed(one, window, without=without).values()) & set(
        winnowed(other, window, without=without).values()
    )
    assert not common & without
    own = hashes(shared, length)
    if any(all(each not in without for each in own[at : at + window]) for at in range(len(own) - window + 1)):
        assert common


@given(rows, sizes, sizes)
def test_keeps_one_of_every_window_as_a_plain_reading_of_the_rule_does(row, length, window) -> None:  # type: ignore[no-untyped-def]
    found = hashes(row, length)
    plain = {}
    for start in range(max(0, len(found) - window) + 1 if found else 0):
        part = found[start : start + window]
        place = start + max(at for at, each in enumerate(part) if each == min(part))
        plain[place] = found[place]
    assert winnowed(found, window) == plain


# -- pairs


@given(st.dictionaries(st.sampled_from("abcdefgh"), rows, min_size=2), st.integers(1, 3))
def test_pairs_are_those_that_a_look_at_all_finds(class_of, length) -> None:  # type: ignore[no-untyped-def]
    """With windows of one, fingerprints are all k-grams: then counting sets must say the same."""
    texts = {name: read([" ".join(row)], length=length, window=1) for name, row in class_of.items()}
    grams = {
        name: {tuple(names(row)[at : at + length]) for at in range(len(names(row)) - length + 1)}
        for name, row in class_of.items()
    }
    often = {
        gram for each in grams.values() for gram in each if sum(gram in other for other in grams.values()) > pairs.FEW
    }
    grams = {name: each - often for name, each in grams.items()}
    expected = {
        (one, other): (len(shared), len(shared) / len(grams[one]), len(shared) / len(grams[other]))
        for one, other in combinations(sorted(grams), 2)
        if (shared := grams[one] & grams[other])
    }
    found = compare(texts, least=1)
    assert {(each.one, each.other): (each.shared, each.of_one, each.of_other) for each in found.pairs} == expected
    assert found.common == len(often)
    likeness = [each.likeness for each in found.pairs]
    assert likeness == sorted(likeness, reverse=True)


@given(rows, rows)
def test_it_is_symmetric(one, other) -> None:  # type: ignore[no-untyped-def]
    first, second = read([" ".join(one)], length=3, window=2), read([" ".join(other)], length=3, window=2)
    there, back = compare({"a": first, "b": second}), compare({"a": second, "b": first})
    assert [each.likeness for each in there.pairs] == [each.likeness for each in back.pairs]
    assert {each.of_one for each in there.pairs} == {each.of_other for each in back.pairs}


@pytest.mark.parametrize("people", [2, 3, 4])
def test_the_same_is_wholly_alike(people: int) -> None:
    found = compare({str(number): read([MEAN]) for number in range(people)})
    assert {each.likeness for each in found.pairs} == {1.0}
    assert len(found.pairs) == people * (people - 1) // 2


def test_what_was_handed_out_says_nothing() -> None:
    same = read([RENAMED], given=handed_out([MEAN]))
    assert not same.kept
    assert compare({"a": same, "b": same}).pairs == ()


def test_what_many_have_says_nothing_and_is_counted() -> None:
    class_of = {str(number): read([MEAN]) for number in range(pairs.FEW + 1)}
    found = compare(class_of)
    assert found.pairs == ()
    assert found.common == found.fingerprints == len(class_of["0"].fingerprints)
    assert len(compare(class_of, common=1.0).pairs) == 10
    assert len(compare({**class_of, "x": read([OTHER])}, common=1.0).pairs) == 10


def test_a_line_or_two_in_common_is_no_pair() -> None:
    line = "x = a[b:c] + d(e, f) * g"
    one, other = read([MEAN, line]), read([OTHER, line])
    number = len(one.fingerprints & other.fingerprints)
    assert 0 < number < pairs.LEAST
    assert compare({"a": one, "b": other}).pairs == ()
    assert len(compare({"a": one, "b": other}, least=number).pairs) == 1


def test_others_are_not_alike() -> None:
    assert compare({"a": read([MEAN]), "b": read([OTHER])}).pairs == ()


def test_shows_the_lines_that_are_the_same() -> None:
    one, other = read(["x = 1", MEAN]), read([OTHER, RENAMED, "print(1)"])
    (part,) = parts(one, other)
    assert part == Part((4, 11), (11, 19))
    (back,) = parts(other, one)
    assert (back.other, back.one) == (part.one, part.other)
    assert parts(one, other, without=handed_out([MEAN])) == ()


def test_winnows_by_the_numbers_that_the_page_names() -> None:
    assert (winnowing.LENGTH, winnowing.WINDOW) == (12, 6)
