"""Plain values and arrays as bytes: the same after a journey, and one error for everything else."""

import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from msgspec.msgpack import Ext

from core.runtime.questions import Question, Reply
from core.runtime.wire import ARRAY, MOST, Numbers, Type, Unfit, packed, unpacked
from core.types import Floats

TYPES = get_args(Type)
shapes = arrays.array_shapes(min_dims=0, max_dims=8, min_side=0, max_side=3)
any_array = st.sampled_from(TYPES).flatmap(lambda name: arrays.arrays(name, shapes))


@dataclass(frozen=True, eq=False)
class Inner:
    """A record inside a record."""

    values: np.ndarray
    by_name: Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Outer:
    """A record with what a record may hold."""

    word: str
    way: Literal["up", "down"]
    share: float | None
    rows: tuple[Inner, ...]
    numbers: Numbers


inner = st.builds(Inner, any_array, st.dictionaries(st.text(max_size=3), any_array, max_size=2))
outer = st.builds(
    Outer,
    st.text(max_size=5),
    st.sampled_from(["up", "down"]),
    st.none() | st.floats(allow_nan=False),
    st.lists(inner, max_size=2).map(tuple),
    any_array.map(Numbers.of),
)
KINDS = (Outer, Numbers, Question, Reply, Floats, np.ndarray, tuple[np.ndarray, ...], Mapping[str, Floats])


def same(one: np.ndarray, other: np.ndarray) -> bool:
    """Bit by bit."""
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


@given(any_array)
def test_any_array_comes_back_bit_by_bit_and_is_the_readers_own(values: np.ndarray) -> None:
    for found in (unpacked(packed(values), np.ndarray), unpacked(packed(Numbers.of(values)), Numbers).array()):
        assert same(found, values)
        assert found.flags.owndata or found.base.flags.owndata
        assert found.flags.writeable
        assert found.flags.aligned


@given(outer)
def test_records_inside_records_come_back(value: Outer) -> None:
    found = unpacked(packed(value), Outer)
    assert (found.word, found.way, found.share) == (value.word, value.way, value.share)
    assert same(found.numbers.array(), value.numbers.array())
    for one, other in zip(found.rows, value.rows, strict=True):
        assert same(one.values, other.values)
        assert one.by_name.keys() == other.by_name.keys()
        assert all(same(one.by_name[name], other.by_name[name]) for name in one.by_name)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.arange(12.0).reshape(3, 4).T, id="columns-first"),
        pytest.param(np.arange(12)[::-3], id="backwards"),
        pytest.param(np.arange(12, dtype=">f4").reshape(3, 4), id="big-end-first"),
        pytest.param(np.broadcast_to(np.float32(1), (3, 4)), id="one-number-for-all"),
    ],
)
def test_how_an_array_lies_in_memory_is_its_own_affair(values: np.ndarray) -> None:
    found = unpacked(packed(values), np.ndarray)
    np.testing.assert_array_equal(found, values)
    assert found.dtype.isnative
    assert found.flags.c_contiguous


def test_a_truth_is_no_other_number() -> None:
    odd = {"type": "bool", "shape": (3,), "data": b"\0\2\xff"}
    assert unpacked(packed(odd), Numbers).array().tobytes() == b"\0\1\1"


def test_numbers_of_numpy_are_numbers() -> None:
    assert unpacked(packed((np.float32(0.5), np.int64(2), np.bool_(True))), tuple[float, int, bool]) == (0.5, 2, True)


@pytest.mark.parametrize(
    "value",
    [np.array([object()]), np.array(["word"]), np.array([1j]), np.zeros(1, "datetime64[s]"), object()],
    ids=["objects", "words", "complex", "dates", "no-array"],
)
def test_what_is_not_plain_is_not_packed(value: object) -> None:
    with pytest.raises(TypeError, match="is no plain value"):
        packed(value)


# -- what a stranger may send


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(data=st.binary(max_size=200))
@example(data=b"\x91" * 10_000)
@example(data=b"\xc1")
@example(data=b"\xdd\xff\xff\xff\xff")
@example(data=b"\xc6\xff\xff\xff\xff")
@example(data=b"\x81" * 10_000)
def test_any_other_bytes_are_unfit(kind: Any, data: bytes) -> None:
    try:
        found = unpacked(data, kind)
    except Unfit:
        return
    assert found in ((), {}), "no arrays may be none at all"


@given(outer, st.data())
def test_broken_bytes_are_unfit_or_another_value(value: Outer, data: st.DataObject) -> None:
    whole = packed(value)
    at = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Unfit):
        unpacked(whole[:at], Outer)
    broken = whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :]
    try:
        found = unpacked(broken, Outer)
    except Unfit:
        return
    assert isinstance(found.numbers.array(), np.ndarray)
    assert all(isinstance(row.values, np.ndarray) for row in found.rows)


EIGHT = b"12345678"


@pytest.mark.parametrize(
    ("name", "shape", "data"),
    [
        pytest.param("object", [1], EIGHT, id="objects"),
        pytest.param("no", [1], EIGHT, id="no-type"),
        pytest.param("float64,float64", [1], EIGHT, id="two-types"),
        pytest.param("(,,)f8", [1], EIGHT, id="no-type-that-numpy-reads-as-code"),
        pytest.param(8, [1], EIGHT, id="no-word"),
        pytest.param("float64", [2], EIGHT, id="too-few-bytes"),
        pytest.param("float64", [], EIGHT * 2, id="too-many-bytes"),
        pytest.param("float64", [1], EIGHT[1:], id="half-a-number"),
        pytest.param("float64", [-1], EIGHT, id="as-many-as-there-are"),
        pytest.param("float64", [True], EIGHT, id="truth"),
        pytest.param("float64", [1.0], EIGHT, id="a-share"),
        pytest.param("float64", [1] * 9, EIGHT, id="many-sides"),
        pytest.param("float64", 1, EIGHT, id="no-list"),
        pytest.param("float64", [2**40, 2**40], EIGHT, id="huge"),
        pytest.param("float64", [0, 2**32], b"", id="a-huge-side-of-nothing"),
        pytest.param("float64", [0, *[2**32 - 1] * 7], b"", id="huge-sides-of-nothing"),
        pytest.param("float64", [1], "12345678", id="words"),
        pytest.param("float64", [1], None, id="nothing"),
    ],
)
def test_an_array_is_one_or_is_refused(name: object, shape: object, data: object) -> None:
    numbers = msgspec.msgpack.encode({"type": name, "shape": shape, "data": data})
    for sent, kind in ((numbers, Numbers), (packed(Ext(ARRAY, numbers)), np.ndarray)):
        with pytest.raises(Unfit):
            unpacked(sent, kind)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(np.arange(3, dtype=np.float32), id="other-numbers"),
        pytest.param([1.0, 2.0], id="a-list"),
        pytest.param(Ext(ARRAY + 1, b""), id="another-extension"),
        pytest.param(Numbers.of(np.arange(3.0)), id="a-record"),
    ],
)
def test_an_array_of_floats_is_nothing_else(value: object) -> None:
    with pytest.raises(Unfit):
        unpacked(packed(value), Floats)


def test_too_much_at_once_is_refused() -> None:
    data = packed(np.zeros(100))
    assert len(unpacked(data, np.ndarray, most=len(data))) == 100
    with pytest.raises(Unfit, match=f"at most {len(data) - 1}"):
        unpacked(data, np.ndarray, most=len(data) - 1)
    with pytest.raises(Unfit, match=f"at most {MOST}"):
        unpacked(bytes(MOST + 1), np.ndarray)


@pytest.mark.parametrize("field", ["name", "inputs", "type", "shape", "data", "unknown"])
def test_a_question_takes_no_more_memory_than_its_bytes(field: str) -> None:
    """A byte of MessagePack may be an empty table, which takes 64 as an object: nothing here is read without a type."""
    count = 2**18
    tables = b"\xdd" + count.to_bytes(4, "big") + b"\x80" * count
    asked = b"\x81" + packed(field) + tables
    data = asked if field in ("name", "inputs", "unknown") else b"\x81" + packed("inputs") + asked
    tracemalloc.start()
    with pytest.raises(Unfit):
        unpacked(data, Question)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**17
