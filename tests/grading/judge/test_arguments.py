"""Arguments of a test reach the student's code as they are, and the large ones without being copied on our side."""

import collections
import functools
import pickle
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from grading.judge.arguments import ArgumentReader, ArgumentWriter
from grading.judge.errors import ArgumentError
from grading.limits import DEFAULT
from grading.messages import Message
from tests.grading.judge.links import carried, student_of


def writer() -> ArgumentWriter:
    return ArgumentWriter(DEFAULT, lambda value: None, lambda function: 1, {})


def through(value: object) -> Any:
    message = carried(writer().write(value))
    return ArgumentReader(lambda number: number, lambda name: name, lambda number, name: name).read(
        message.head, message.buffers
    )


@pytest.mark.parametrize(
    "value",
    [
        *(None, 2**100, "a\ud800", [1, (2.5, {"k": {3}})], collections.OrderedDict(a=1), range(3), slice(1), ..., len),
        *(np.sum, functools.partial(max, 3), ValueError, collections.Counter("ab"), np.float32(2), np.dtype("f4")),
        torch.float16,
    ],
    ids=lambda value: type(value).__name__,
)
def test_it_carries_plain_values_and_what_can_be_imported(value: object) -> None:
    got = through(value)
    assert type(got) is type(value)
    assert repr(got) == repr(value)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.complex64], ids=str)
@pytest.mark.parametrize("shape", [(), (0, 2), (3, 4)], ids=str)
def test_it_carries_tensors_of_every_kind(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    sent = torch.ones(shape).to(dtype)
    for tensor in (sent, sent.T if sent.dim() == 2 else sent, sent[..., ::2] if sent.dim() else sent):
        got = through(tensor)
        assert (got.dtype, got.shape) == (tensor.dtype, tensor.shape)
        assert got.reshape(-1).tolist() == tensor.reshape(-1).tolist()
        got.zero_()
    assert sent.reshape(-1).tolist() == torch.ones(shape).to(dtype).reshape(-1).tolist()


def test_it_carries_arrays_that_the_student_may_change() -> None:
    plain = np.arange(6.0).reshape(2, 3)
    for array in (plain, plain.T, plain[:, ::2], np.array(3.0), np.array(["a", None], dtype=object)):
        got = through(array)
        assert got.dtype == array.dtype
        assert got.tolist() == array.tolist()
        got[...] = 0
    plain.flags.writeable = False
    assert not through(plain).flags.writeable  # as it would be in one process


def test_it_leaves_an_array_from_a_read_only_message_changeable() -> None:
    message = writer().write(np.arange(3.0))
    fixed = Message(message.head, [bytes(memoryview(buffer)) for buffer in message.buffers])
    got = ArgumentReader(lambda number: number, str, lambda number, name: name).read(fixed.head, fixed.buffers)
    got[0] = 5
    tensor = writer().write(torch.zeros(3))
    got = ArgumentReader(lambda number: number, str, lambda number, name: name).read(
        tensor.head, [bytes(memoryview(buffer)) for buffer in tensor.buffers]
    )
    got[0] = 5


def test_it_carries_a_tensor_from_an_odd_address() -> None:
    message = writer().write(torch.arange(4.0))
    memory = bytearray(64)
    memory[3:19] = bytes(memoryview(message.buffers[0]))
    got = ArgumentReader(lambda number: number, str, lambda number, name: name).read(
        message.head, [memoryview(memory)[3:19]]
    )
    assert (got + 1).tolist() == [1, 2, 3, 4]
    assert got.data_ptr() % 16 == 0


def test_it_keeps_one_object_one_object() -> None:
    tensor, array = torch.zeros(2), np.zeros(2)
    got = through([tensor, tensor, array, array])
    assert got[0] is got[1]
    assert got[2] is got[3]


def test_it_keeps_gradients_wishes_and_parameters() -> None:
    got = through([torch.zeros(2, requires_grad=True), torch.nn.Parameter(torch.zeros(2)), torch.zeros(2)])
    assert [tensor.requires_grad for tensor in got] == [True, True, False]
    assert type(got[1]) is torch.nn.Parameter


def test_it_carries_networks_pictures_and_tables() -> None:
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2)).eval()
    got = through(network)
    x = torch.ones(1, 1, 5, 5)
    torch.testing.assert_close(got(x), network(x))
    assert not got.training
    picture = Image.new("RGB", (3, 2), "red")
    assert through(picture).tobytes() == picture.tobytes()
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    pd.testing.assert_frame_equal(through(frame), frame)
    sparse = torch.eye(2).to_sparse()
    assert through(sparse).to_dense().tolist() == torch.eye(2).tolist()


def test_it_copies_no_array_on_the_way_out() -> None:
    tensor, array = torch.zeros(1000), np.zeros(1000)
    message = writer().write([tensor, array])
    assert len(message.head) < 1000
    tensor[0] = array[0] = 1
    assert [bytes(memoryview(buffer).cast("B")[:8]) != bytes(8) for buffer in message.buffers] == [True, True]


def test_it_carries_a_large_network_faster_than_torchs_own_pickle() -> None:
    """47 MB: one copy on the way, where pickle makes several."""
    from torchvision.models import resnet18

    network = resnet18()
    began = time.process_time()
    pickle.loads(pickle.dumps(network, protocol=5))
    stock = time.process_time() - began
    began = time.process_time()
    got = through(network)
    ours = time.process_time() - began
    assert sum(p.numel() for p in got.parameters()) == sum(p.numel() for p in network.parameters())
    assert ours < stock


def test_it_draws_a_generator_but_no_endless_one() -> None:
    assert list(through(n for n in range(3))) == [0, 1, 2]

    def endless() -> Any:
        while True:
            yield 1

    with pytest.raises(ArgumentError, match="without an end"):
        writer().write(endless())


class OfTheTest:
    __module__ = "__main__"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (OfTheTest(), "locked cell"),
        (OfTheTest, "locked cell"),
        ([{"k": OfTheTest()}], "locked cell"),
        (open, None),
        (__import__("threading").Lock(), "cannot reach"),
    ],
    ids=["object", "class", "inside", "fine", "lock"],
)
def test_it_says_what_cannot_travel(value: object, words: str | None) -> None:
    if words is None:
        assert through(value) is value
        return
    with pytest.raises(ArgumentError, match=words):
        writer().write(value)


def test_it_says_that_an_argument_is_too_deep() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ArgumentError, match="too deeply"):
        writer().write(deep)


def test_it_calls_back_with_the_same_function_each_time() -> None:
    student, own = student_of("seen = []\ndef keep(f): seen.append(f); return f(2)")
    double = lambda x: 2 * x  # noqa: E731
    keep = student.name("keep")
    assert (keep(double), keep(double)) == (4, 4)
    assert own["seen"][0] is own["seen"][1]
    assert own["seen"][0].__name__ == "<lambda>"
    with pytest.raises(RuntimeError, match="while the test waits"):
        own["seen"][0](3)


def test_it_refuses_a_callbacks_answer_that_cannot_travel() -> None:
    student, _ = student_of("def call(f): return f()")
    with pytest.raises(RuntimeError, match="ended in an error"):
        student.name("call")(lambda: OfTheTest())
