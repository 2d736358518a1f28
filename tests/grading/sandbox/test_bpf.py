"""Assembled filters decide as their conditions say; checked by running them instruction by instruction."""

from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox import bpf
from grading.sandbox.bpf import Condition
from tests.grading.sandbox.simulator import verdict

NUMBERS = st.integers(0, 500)
WORDS = st.integers(0, 2**32 - 1)


def assembled(*parts) -> bytes:
    return bpf.assembled([*bpf.prologue(), *(line for part in parts for line in part), *bpf.otherwise(400)])


@given(st.sets(NUMBERS, max_size=60), NUMBERS)
def test_allows_exactly_what_is_listed(listed: set[int], asked: int) -> None:
    wanted = bpf.ALLOW if asked in listed else bpf.REFUSE if asked <= 400 else bpf.UNKNOWN
    assert verdict(assembled(bpf.allowed(listed)), asked) == wanted


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sets(st.integers(0, 9), min_size=1), st.booleans()), max_size=3),
    st.lists(st.integers(0, 9), min_size=6, max_size=6),
)
def test_a_guarded_call_needs_every_condition(drawn, arguments: list[int]) -> None:
    conditions = [Condition(place, tuple(values), wanted=wanted) for place, values, wanted in drawn]
    holds = all((arguments[place] in values) is wanted for place, values, wanted in drawn)
    program = assembled(bpf.guarded(7, conditions), bpf.allowed([8]))
    assert verdict(program, 7, *arguments) == (bpf.ALLOW if holds else bpf.REFUSE)
    assert verdict(program, 8, *arguments) == bpf.ALLOW
    assert verdict(program, 9, *arguments) == bpf.REFUSE


@given(WORDS, WORDS, st.integers(0, 2**32 - 1))
def test_a_condition_looks_through_its_mask_at_the_lower_half(value: int, mask: int, upper: int) -> None:
    program = assembled(bpf.guarded(7, [Condition(2, (value & mask,), mask=mask)]))
    assert verdict(program, 7, 0, 0, value | upper << 32) == bpf.ALLOW
    assert verdict(program, 7, 0, 0, value ^ mask) == (bpf.ALLOW if mask == 0 else bpf.REFUSE)


@given(st.sets(NUMBERS))
def test_runs_cover_each_number_once(numbers: set[int]) -> None:
    found = [number for first, last in bpf.runs(numbers) for number in range(first, last + 1)]
    assert found == sorted(numbers)


def test_runs_are_as_long_as_they_can_be() -> None:
    assert list(bpf.runs([0, 1, 2, 4])) == [(0, 2), (4, 4)]


@given(NUMBERS)
def test_ends_who_calls_in_a_foreign_manner(number: int) -> None:
    program = assembled(bpf.allowed(range(501)))
    assert verdict(program, number, architecture=0x40000003) == bpf.KILL  # 32-bit
    assert verdict(program, number | bpf.X32) == bpf.KILL


def test_answers_a_call_always_the_same() -> None:
    program = assembled(bpf.answered(3, bpf.UNKNOWN), bpf.allowed([3]))
    assert verdict(program, 3) == bpf.UNKNOWN
