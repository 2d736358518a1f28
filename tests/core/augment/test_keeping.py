"""Which labels survive: digits, clocks, animals from above, eyes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.augment.keeping import Change, digit_after, verdict
from core.augment.subjects import SUBJECTS, clock, spoken, subject
from core.errors import CoreError


@pytest.mark.parametrize(
    ("digit", "change", "read"),
    [
        (6, Change(turn=180), 9),
        (9, Change(turn=-175), 6),
        (8, Change(turn=180), 8),
        (8, Change(turn=90), None),
        (0, Change(turn=90), 0),
        (2, Change(turn=180), None),
        (2, Change(mirror=True), None),
        (8, Change(mirror=True), 8),
        (7, Change(turn=15), 7),
        (7, Change(turn=375), 7),
    ],
    ids=["6-is-9", "9-is-6", "8-is-8", "8-lying", "0-lying", "2-upside-down", "2-mirrored", "8-mirrored", "7-leaning",
         "7-once-around"],
)  # fmt: skip
def test_knows_what_a_digit_reads_as(digit: int, change: Change, read: int | None) -> None:
    assert digit_after(digit, change) == read
    assert verdict("digit", str(digit), change).kept == (read == digit)


@given(st.integers(0, 143), st.integers(0, 10))
def test_a_clock_turned_by_an_eleventh_shows_another_time(five: int, elevenths: int) -> None:
    """Both hands agree again only after turns of 360 / 11 degrees: the minute hand runs twelve times as fast."""
    label = spoken(5 * five)
    told = verdict("clock", label, Change(turn=360 / 11 * elevenths))
    assert told.kept == (elevenths == 0)
    assert ("a clock at" in told.why) == (elevenths > 0)


def test_a_clock_turned_otherwise_shows_no_time() -> None:
    assert "contradict" in verdict("clock", "3:00", Change(turn=90)).why
    assert "backwards" in verdict("clock", "3:00", Change(mirror=True)).why
    assert verdict("clock", "3:00", Change(turn=1)).kept


def test_draws_the_hands_where_the_time_says() -> None:
    three, nine = clock(180), clock(540)
    assert three[80, 100:110].mean() < 0.3 < nine[80, 100:110].mean()  # the hour hand points to the right
    assert nine[80, 50:60].mean() < 0.3
    np.testing.assert_allclose(three[:70, 81:], np.flip(nine, axis=1)[:70, 81:], atol=0.35)


@pytest.mark.parametrize(
    ("name", "change", "kept"),
    [
        ("sea lions", Change(turn=123, mirror=True), True),
        ("sea lions", Change(scale=1.5), False),
        ("cat", Change(turn=40), True),
        ("cat", Change(mirror=True), False),
        ("drawn scene", Change(turn=77, mirror=True, scale=0.5), True),
    ],
)
def test_asks_another_question_of_every_subject(name, change: Change, kept: bool) -> None:
    assert verdict(name, subject(name).labels[0], change).kept == kept


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("number", [0, 7, 30])
def test_every_subject_has_its_truth(name, number: int) -> None:
    found = subject(name, number)
    assert found.image.dtype == np.float64
    assert 0 <= found.image.min() < found.image.max() <= 1
    assert len(found.labels) == len(found.boxes) > 0
    assert found.seen.all()
    assert found.boxes.min() >= 0
    assert found.boxes[:, 2].max() <= found.sides[1]


def test_names_the_subjects_there_are() -> None:
    with pytest.raises(CoreError, match="drawn scene, cat"):
        subject("dog")  # type: ignore[arg-type]
    with pytest.raises(CoreError, match="one of 0 to 9"):
        digit_after(12, Change())
