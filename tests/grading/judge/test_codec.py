"""Answers as plain data: what arrives is what was sent, and whatever no honest process writes is refused."""

import json
import math
import os
import resource
import subprocess
import sys
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from grading.judge.codec import decode, encode
from grading.judge.errors import ForgedAnswer, Unsendable
from grading.judge.handles import About, Table
from grading.limits import DEFAULT, MIB, Limits
from grading.messages import Message
from tests.grading.judge.links import carried

Point = namedtuple("Point", "x y")
TORCH = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8]
TORCH += [torch.uint8, torch.bool, torch.complex64, torch.complex128, torch.uint16, torch.uint32, torch.uint64]


class Level(IntEnum):
    LOW = 1


def through(value: object, limits: Limits = DEFAULT) -> Any:
    """The value as the judge gets it; a handle is its description."""
    return decode(carried(encode(value, limits, Table().keep)), limits, lambda about: about)


def same(one: Any, other: Any) -> bool:
    """Equal, of the same type, all the way down; nan is nan and -0.0 is not 0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return one.hex() == other.hex()
    if isinstance(one, complex):
        return same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, list | tuple | deque):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return len(one) == len(other) and all(map(same, one.items(), other.items()))
    return one == other


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**200), 2**200),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(), max_size=300),
    st.text('\ud83d\ude00\udfffa[,]"\\', max_size=8),
    st.binary(max_size=40),
    st.fractions(),
    st.decimals(allow_nan=False).filter(lambda number: number == 0 or abs(number.adjusted()) < 1000),
    st.datetimes(timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=2))])),
    st.dates(),
    st.times(),
    st.timedeltas(),
)
keys = st.one_of(st.integers(), st.text(max_size=9), st.booleans(), st.tuples(st.integers(), st.text(max_size=3)))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.lists(inner, max_size=4).map(deque),
        st.dictionaries(keys, inner, max_size=4),
        st.dictionaries(keys, inner, max_size=4).map(OrderedDict),
        st.sets(keys, max_size=4),
        st.frozensets(keys, max_size=4),
    ),
    max_leaves=12,
)


@given(values)
def test_it_returns_every_plain_value_exactly(value: object) -> None:
    assert same(through(value), value)


arrays = hnp.arrays(
    dtype=st.one_of(
        hnp.boolean_dtypes(),
        hnp.integer_dtypes(endianness="?"),
        hnp.unsigned_integer_dtypes(endianness="?"),
        hnp.floating_dtypes(endianness="?"),
        hnp.complex_number_dtypes(endianness="?"),
        hnp.unicode_string_dtypes(endianness="?"),
        hnp.byte_string_dtypes(),
        hnp.datetime64_dtypes(),
    ),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


@given(arrays, st.booleans(), st.booleans())
def test_it_returns_every_array_exactly(array: np.ndarray, turned: bool, thinned: bool) -> None:
    sent = array.T if turned else array
    sent = sent[::2] if thinned and sent.ndim else sent
    sent.flags.writeable = False
    got = through(sent)
    assert type(got) is np.ndarray
    assert (got.dtype, got.shape) == (sent.dtype, sent.shape)
    assert got.tobytes() == sent.tobytes()
    assert got.flags.writeable


@given(hnp.arrays(hnp.scalar_dtypes(), ()))
def test_it_returns_every_numpy_number_as_one(array: np.ndarray) -> None:
    number = array[()]
    got = through(number)
    assert type(got) is type(number)
    assert got.tobytes() == number.tobytes()


@pytest.mark.parametrize("dtype", TORCH, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)], ids=str)
def test_it_returns_a_tensor_of_every_kind(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    sent = torch.randint(0, 2, shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    for tensor in (sent, sent.mT if sent.dim() > 1 else sent, sent[..., ::2] if sent.dim() else sent):
        got = through(tensor)
        assert (got.dtype, got.shape) == (tensor.dtype, tensor.shape)
        assert got.reshape(-1).tolist() == tensor.reshape(-1).tolist()
        got.zero_()  # it is the judge's own


def test_it_keeps_the_wish_for_a_gradient_and_what_is_a_parameter() -> None:
    leaf = torch.ones(2, requires_grad=True)
    parameter = torch.nn.Parameter(torch.ones(2))
    frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)
    got = through([leaf, leaf * 2, parameter, frozen, torch.ones(2)])
    assert [tensor.requires_grad for tensor in got] == [True, True, True, False, False]
    assert [type(tensor) is torch.nn.Parameter for tensor in got] == [False, False, True, True, False]


def test_it_resolves_a_tensor_that_is_only_marked_conjugate() -> None:
    sent = torch.tensor([1 + 2j]).conj()
    assert torch.equal(through(sent), torch.tensor([1 - 2j]))


@pytest.mark.parametrize("sparse", [torch.eye(2).to_sparse(), torch.empty(2, device="meta")], ids=str)
def test_it_refuses_a_tensor_without_plain_numbers_in_a_sentence(sparse: torch.Tensor) -> None:
    with pytest.raises(Unsendable, match="cannot be an answer"):
        through(sparse)


@pytest.mark.parametrize(
    ("sent", "got"),
    [
        (Level.LOW, 1),
        (type("Lie", (float,), {"__sub__": lambda *_: 0.0, "__eq__": lambda *_: True, "__hash__": None})(2.0), 2.0),
        (type("Lie", (int,), {"__eq__": lambda *_: True, "__index__": lambda _: 7, "__hash__": None})(2), 2),
        (type("Lie", (str,), {"__str__": lambda _: "no", "__eq__": lambda *_: True, "__hash__": None})("yes"), "yes"),
        (type("Lie", (list,), {"__iter__": lambda _: iter([9])})([1, 2]), [1, 2]),
        (type("Lie", (dict,), {"items": lambda _: [(9, 9)]})({1: 2}), {1: 2}),
        (type("Lie", (tuple,), {"__len__": lambda _: 9})((1, 2)), (1, 2)),
    ],
    ids=["IntEnum", "float", "int", "str", "list", "dict", "tuple"],
)
def test_it_reads_a_subclass_as_what_it_is_underneath(sent: object, got: object) -> None:
    assert same(through(sent), got)


def test_it_reads_a_subclass_of_an_array_or_tensor_as_what_it_is_underneath() -> None:
    class LyingArray(np.ndarray):
        shape = (99,)  # type: ignore[assignment]

        def tobytes(self, order: Any = "C") -> bytes:
            return b"lie"

    class LyingTensor(torch.Tensor):
        def size(self, *args: Any) -> Any:
            return torch.Size([99])

    array = through(np.arange(3.0).view(LyingArray))
    tensor = through(torch.arange(3.0).as_subclass(LyingTensor))
    assert type(array) is np.ndarray
    assert array.tolist() == [0, 1, 2]
    assert type(tensor) is torch.Tensor
    assert tensor.tolist() == [0, 1, 2]


def test_it_lets_a_class_that_only_pretends_stay_where_it_is() -> None:
    class Pretender:
        @property  # type: ignore[misc]
        def __class__(self) -> type:
            return torch.Tensor

    assert isinstance(Pretender(), torch.Tensor)
    got = through(Pretender())
    assert type(got) is About
    assert got.kind == "object"


def test_it_returns_the_dictionaries_of_collections_as_they_are() -> None:
    for sent in (defaultdict(int, a=1), Counter("aab"), OrderedDict(a=1)):
        got = through(sent)
        assert type(got) is type(sent)
        assert got == sent
    assert through(defaultdict(int))["missing"] == 0
    assert type(through(defaultdict(lambda: 3, a=1))) is dict


def test_it_keeps_the_names_of_a_named_tuple() -> None:
    got = through([Point(1, 2), torch.max(torch.tensor([[1.0, 3.0]]), dim=1)])
    assert got[0] == (1, 2)
    assert (got[0].x, got[0].y) == (1, 2)
    assert (got[1].values.item(), got[1].indices.item()) == (3.0, 1)


@pytest.mark.parametrize(
    "value",
    [
        *(torch.Size([1, 2]), range(3, 9, 2), slice(None, 3), ..., np.dtype(">f4"), np.dtype(object), np.float32),
        *(np.bool_, torch.bfloat16, torch.device("cuda:1"), int, list, datetime(2026, 1, 2, 3), date(2026, 1, 2)),
        bytearray(b"ab"),
    ],
    ids=repr,
)
def test_it_returns_words_for_kinds_and_places(value: object) -> None:
    assert same(through(value), value)


def test_it_returns_arrays_of_objects_item_by_item() -> None:
    sent = np.array([[1, "a"], [None, 2.5]], dtype=object)
    got = through(sent)
    assert (got.dtype, got.tolist()) == (sent.dtype, sent.tolist())


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I", "F", "CMYK"])
def test_it_returns_pictures_of_every_mode(mode: str) -> None:
    sent = Image.linear_gradient("L").resize((13, 7)).convert("RGB").convert(mode)
    got = through(sent)
    assert (got.mode, got.size, got.tobytes()) == (sent.mode, sent.size, sent.tobytes())
    assert got.convert("RGB").tobytes() == sent.convert("RGB").tobytes()


def test_it_returns_tables_of_plain_columns() -> None:
    frame = pd.DataFrame(
        {
            "n": [1, 2],
            "x": [0.5, np.nan],
            "t": ["a", None],
            "b": [True, False],
            "d": pd.to_datetime(["2026-01-01"] * 2),
        },
        index=pd.Index(["u", "v"], name="row"),
    )
    pd.testing.assert_frame_equal(through(frame), frame)
    pd.testing.assert_frame_equal(through(pd.DataFrame()), pd.DataFrame())
    pd.testing.assert_series_equal(through(frame["x"]), frame["x"])
    pd.testing.assert_index_equal(through(pd.RangeIndex(1, 9, 3)), pd.RangeIndex(1, 9, 3))
    assert through(pd.Timestamp("2026-01-01 12:00:00.5")) == pd.Timestamp("2026-01-01 12:00:00.5")
    with pytest.raises(Unsendable, match="column of kind category"):
        through(pd.Series(["a"], dtype="category"))


def test_it_describes_what_stays() -> None:
    def function() -> None: ...

    got = through([function, function, object(), Level, iter([1]), torch.nn.ReLU(), np])
    assert [about.kind for about in got] == ["function", "function", "object", "class", "iterator", "network", "module"]
    assert got[0] == got[1]
    assert got[0].name == "function"
    assert ("torch.nn.modules.module", "Module") in got[5].bases
    assert "__call__" in got[5].can


@pytest.mark.parametrize(
    ("value", "limits", "words"),
    [
        ([[[[1]]]], replace(DEFAULT, answer_depth=2), "nested more than 2"),
        (list(range(50)), replace(DEFAULT, answer_items=50), "more than 50 items"),
        (np.zeros(2000), replace(DEFAULT, answer_bytes=MIB // 100), "larger than"),
        (torch.zeros(20_000), replace(DEFAULT, answer_bytes=MIB // 100), "larger than"),
        ("a" * 20000, replace(DEFAULT, answer_bytes=MIB // 100), "larger than"),
        (2 ** (2**21), DEFAULT, "too large"),
        (range(10**12), DEFAULT, "too long"),
        (Decimal("1e999999"), DEFAULT, "too large"),
        (Fraction(1, 3**100_000), DEFAULT, "too large"),
    ],
    ids=["depth", "items", "array", "tensor", "text", "number", "range", "decimal", "fraction"],
)
def test_it_says_what_is_too_much(value: object, limits: Limits, words: str) -> None:
    with pytest.raises(Unsendable, match=words):
        through(value, limits)


def test_it_says_that_a_list_inside_itself_has_no_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(Unsendable, match="nested"):
        through(endless)


def read(*nodes: Any, buffers: Any = (), limits: Limits = DEFAULT) -> Any:
    return decode(Message(json.dumps(nodes[0]).encode(), [bytearray(b) for b in buffers]), limits, lambda about: about)


FORGED: dict[str, tuple[Any, ...]] = {
    "unknown word": (["__reduce__", "os.system", "true"],),
    "no word": ([],),
    "a list for a word": ([["list"], 1],),
    "an object": ({"a": 1},),
    "a large plain number": (2**62,),
    "a hexadecimal number with spaces": (["int", " 0x1"],),
    "a number with an underscore": (["int", "0x1_0"],),
    "an enormous number": (["int", "0x" + "f" * 300_000],),
    "nan as a number's text": (["float", "infinity"],),
    "a number that overflows": (["float", "0x1.0p+9999"],),
    "a shape that does not fit": (["array", "<f8", [3], 0], b"\0" * 16),
    "a negative side": (["array", "<f8", [-1, -2], 0], b"\0" * 16),
    "a side that is no number": (["array", "<f8", [True, 2], 0], b"\0" * 16),
    "an array of nothing that is huge": (["array", "<f8", [2**63, 0], 0], b""),
    "an array of objects": (["array", "|O", [1], 0], b"\0" * 8),
    "a structured array": (["array", "i4,i4", [1], 0], b"\0" * 8),
    "a negative buffer": (["array", "<f8", [1], -1], b"\0" * 8),
    "a missing buffer": (["array", "<f8", [1], 1], b"\0" * 8),
    "a buffer twice": (["list", ["array", "<f8", [1], 0], ["array", "<f8", [1], 0]], b"\0" * 8),
    "a buffer nobody reads": (["list"], b"\0"),
    "a truth value of two": (["array", "|b1", [1], 0], b"\2"),
    "a torch truth value of two": (["tensor", "bool", [1], 0, 0], b"\2"),
    "characters that do not exist": (["array", "<U1", [1], 0], b"\xff\xff\xff\x7f"),
    "a tensor that does not fit": (["tensor", "float32", [2, 2], 0, 0], b"\0" * 8),
    "a tensor of nothing that is huge": (["tensor", "float32", [2**40, 2**40, 0], 0, 0], b""),
    "whole numbers with a gradient": (["tensor", "int64", [1], 1, 0], b"\0" * 8),
    "an unknown kind of tensor": (["tensor", "load", [1], 0, 0], b"\0" * 8),
    "a word of torch that is no kind": (["torch.dtype", "load"],),
    "a word of numpy that is no kind": (["number type", "load"],),
    "a strange device": (["torch.device", "cpu; true"],),
    "a dictionary without a value": (["dict", 1],),
    "a dictionary with a key twice": (["dict", 1, 2, 1, 3],),
    "a key that cannot be one": (["dict", ["list"], 1],),
    "a set of lists": (["set", ["list"]],),
    "keys of one hash": (["set", *(["int", hex(n * (2**61 - 1))] for n in range(2, 300))],),
    "a fraction over zero": (["Fraction", 1, 0],),
    "a fraction not in lowest terms": (["Fraction", 2, 4],),
    "a decimal number out of proportion": (["Decimal", "1E+999999"],),
    "an endless range": (["range", 0, 2**61, 1],),
    "a range that goes nowhere": (["range", 0, 5, 0],),
    "a date that is none": (["date", "2026-13-45"],),
    "a named tuple with a dunder": (["named", "T", ["tuple", "__eq__"], 1],),
    "a named tuple with a name twice": (["named", "T", ["tuple", "x", "x"], 1, 2],),
    "a named tuple with code": (["named", "T", ["tuple", "x: print()"], 1],),
    "a named tuple with too many items": (["named", "T", ["tuple", "x"], 1, 2],),
    "a factory nobody knows": (["defaultdict", "eval"],),
    "a type nobody knows": (["type", "eval"],),
    "a handle with a text as number": (["handle", "1", "object", 0, "a", "m", "A"],),
    "a handle with a truth value as number": (["handle", True, "object", 0, "a", "m", "A"],),
    "a handle of an unknown kind": (["handle", 1, "array", 0, "a", "m", "A"],),
    "a handle without bases": (["handle", 1, "object", 0, "a"],),
    "a handle with half a base": (["handle", 1, "object", 0, "a", "m"],),
    "a handle that can do what nobody can": (["handle", 1, "object", 2**40, "a", "m", "A"],),
    "a handle with an endless name": (["handle", 1, "object", 0, "a" * 999, "m", "A"],),
    "a picture that does not fit": (["image", "RGB", [10, 10], None, 0], b"\0" * 10),
    "a picture of an unknown mode": (["image", "EPS", [1, 1], None, 0], b"\0"),
    "a table without columns": (["frame", 1, 2],),
    "an index of indices": (["index", None, ["tuple", "", ["list"]]],),
    "a record of a class nobody shares": (["record", "Thing", 1],),
    "a member of what is no enumeration": (["member", "Thing", "A"],),
    "text that is none": (["str", 0], b"\xff\xff"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_it_refuses(forged: str) -> None:
    node, *buffers = FORGED[forged]
    with pytest.raises(ForgedAnswer):
        read(node, buffers=buffers)


@pytest.mark.parametrize(
    "head",
    [
        *(b"", b"\x00", b"\xff\xfe", b"nul", b"NaN", b"Infinity", b"1e999", b"1" * 5000, b"[1", b'"\xc3\xa9"'),
        *(b'{"a":1}', b"[" * 100_000, b'["list",' * 5000 + b"1" + b"]" * 5000, b'["list"' + b",1" * 2_000_000 + b"]"),
    ],
    ids=lambda head: repr(head[:12]),
)
def test_it_refuses_bytes_that_are_no_answer(head: bytes) -> None:
    with pytest.raises(ForgedAnswer):
        decode(Message(head), DEFAULT, lambda about: about)


SEEDS = [
    [1, (2.5, "a"), {"k": None}, {3}, 2**80, float("nan"), Fraction(1, 3)],
    {"a": np.arange(6.0).reshape(2, 3), "b": torch.ones(2, 3), "c": np.array(["ab"])},
    [Point(1, 2), Counter("ab"), np.float32(1), torch.float32, Image.new("RGB", (2, 2)), pd.Series([1.0, 2.0])],
    [print, object(), Level, torch.nn.ReLU()],
]


@settings(max_examples=400)
@given(st.sampled_from(SEEDS), st.data())
def test_it_survives_every_mutation_of_an_honest_answer(seed: object, data: st.DataObject) -> None:
    message = encode(seed, DEFAULT, Table().keep)
    head = bytearray(message.head)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(head) - 1))
        how = data.draw(st.sampled_from(["change", "cut", "repeat"]))
        if how == "change":
            head[place] = data.draw(st.sampled_from([*list(b'[]{},:"0123456789-eE.truefalsn'), 0, 255]))
        elif how == "cut":
            del head[place : place + data.draw(st.integers(1, 5))]
        else:
            head[place:place] = head[place : place + data.draw(st.integers(1, 9))]
        head = head or bytearray(b"1")
    buffers = [bytearray(memoryview(buffer).cast("B")) for buffer in message.buffers]
    if buffers and data.draw(st.booleans()):
        buffers.append(buffers.pop()[: data.draw(st.integers(0, 9))])
    try:
        decode(Message(bytes(head), buffers), DEFAULT, lambda about: about)
    except ForgedAnswer:
        return


@settings(max_examples=300)
@given(st.binary(max_size=200), st.lists(st.binary(max_size=20), max_size=3))
def test_it_survives_garbage(head: bytes, buffers: list[bytes]) -> None:
    try:
        decode(Message(head, [bytearray(b) for b in buffers]), DEFAULT, lambda about: about)
    except ForgedAnswer:
        return


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.lists(
        st.one_of(
            inner, st.sampled_from(["list", "dict", "set", "int", "array", "tensor", "handle", "named", "frame"])
        ),
        max_size=5,
    ),
    max_leaves=20,
)


@settings(max_examples=400)
@given(json_values)
def test_it_survives_every_json(value: object) -> None:
    try:
        read(value)
    except ForgedAnswer:
        return


def test_it_never_allocates_what_did_not_arrive() -> None:
    """In a process that may have little memory: a head that asks for terabytes is refused all the same."""
    heads = [
        '["tensor","float32",[1099511627776],0,0]',
        '["array","<U999999",[1000000],0]',
        '["array","<f8",[1099511627776,1099511627776],0]',
        '["image","RGB",[1000000,1000000],null,0]',
        '["range index",null,0,4611686018427387903,1]',
    ]
    script = f"""
import resource, sys
import numpy, torch, pandas, PIL.Image
from grading.judge.codec import decode
from grading.judge.errors import ForgedAnswer
from grading.limits import DEFAULT
from grading.messages import Message
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for head in {heads!r}:
    try:
        decode(Message(head.encode(), [bytearray(8)] if "range" not in head else []), DEFAULT, lambda about: about)
    except ForgedAnswer:
        pass
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=120, env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_it_bounds_time_and_memory_of_the_largest_answers() -> None:
    head = b'["list"' + b',["list"]' * 900_000 + b"]"
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    assert len(decode(Message(head), DEFAULT, lambda about: about)) == 900_000
    assert time.process_time() - began < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 2_000_000


def test_it_touches_no_library_for_plain_values() -> None:
    script = """
import sys
from grading.judge.answers import Answers
from grading.judge.student import Student
from grading.judge.codec import decode, encode
from grading.limits import DEFAULT
assert decode(encode([1, 2.5, {"a": (1,)}], DEFAULT, None), DEFAULT, None) == [1, 2.5, {"a": (1,)}]
loaded = {"numpy", "torch", "pandas", "PIL", "IPython"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_it_costs_no_copy_to_write_a_large_tensor() -> None:
    sent = torch.zeros(1000)
    (buffer,) = encode(sent, DEFAULT, Table().keep).buffers
    sent[0] = 1.0
    assert bytes(buffer[:4]) == np.float32(1).tobytes()
    assert math.prod(sent.shape) * 4 == memoryview(buffer).nbytes
