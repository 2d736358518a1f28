"""torch's tensors in an answer or an argument: their bytes as they are, their kind and shape in words."""

import re
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from grading.judge.arrays import Buffer, Nodes, only_truth, shape_of
from grading.judge.errors import ForgedAnswer, Unsendable

DTYPES = (
    *("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64"),
    *("complex128", "uint16", "uint32", "uint64", "complex32", "float8_e4m3fn", "float8_e5m2"),
)


def write_tensor(torch: Any, value: Any, buffer: Buffer, nodes: Nodes) -> list[Any] | None:
    """The words for what is torch's, None for anything else."""
    kind = type(value)
    if kind is torch.dtype:
        return ["torch.dtype", str(value).removeprefix("torch.")]
    if kind is torch.device:
        return ["torch.device", str(value)]
    if not issubclass(kind, torch.Tensor):
        return None
    base = torch.Tensor
    with torch._C.DisableTorchFunctionSubclass():
        if base.layout.__get__(value) != torch.strided or base.is_quantized.__get__(value):
            raise Unsendable("A sparse or quantised tensor cannot be an answer; return it as a dense one.")
        name = str(base.dtype.__get__(value)).removeprefix("torch.")
        if name not in DTYPES or base.is_meta.__get__(value):
            raise Unsendable(f"A tensor of kind {name} without plain numbers cannot be an answer.")
        flags = int(base.requires_grad.__get__(value)) + 2 * issubclass(kind, torch.nn.Parameter)
        return ["tensor", name, list(base.size(value)), flags, buffer(memoryview(tensor_bytes(value)))]


def tensor_bytes(value: Any) -> Any:
    """The numbers of a tensor in order, where they lie if they lie in order, else a copy: a flat array of bytes."""
    import torch

    plain = torch.Tensor.detach(value).cpu().resolve_conj().resolve_neg().contiguous()
    return plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else b""


def tensor(name: str, shape: Sequence[int], flags: int, data: memoryview) -> Any:
    """A tensor over these writable bytes; flags 1: wants a gradient, 2: is a parameter."""
    import torch

    dtype = getattr(torch, name)
    if data.nbytes != prod(shape) * dtype.itemsize:
        raise ForgedAnswer("A tensor whose bytes do not fill its shape.")
    made = torch.empty(*shape, dtype=dtype) if not data.nbytes else _over(torch, data, dtype).reshape(tuple(shape))
    if flags & 2:
        return torch.nn.Parameter(made, requires_grad=bool(flags & 1))
    return made.requires_grad_() if flags & 1 else made


def _over(torch: Any, data: memoryview, dtype: Any) -> Any:
    raw = torch.frombuffer(data, dtype=torch.uint8)
    return (raw.clone() if raw.data_ptr() % 16 else raw).view(dtype)


def _read_tensor(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    name, shape, flags, number = rest
    if name not in DTYPES or type(flags) is not int or not 0 <= flags <= 3:
        raise ForgedAnswer("A tensor of a kind nobody knows.")
    if flags & 1 and not name.startswith(("float", "bfloat", "complex")):
        raise ForgedAnswer("A tensor of whole numbers that wants a gradient.")
    data = buffer(number)
    if name == "bool" and data.nbytes:
        import numpy as np

        only_truth(np.frombuffer(data, np.uint8))
    return tensor(name, shape_of(shape), flags, data)


def _read_torch_dtype(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    import torch

    (name,) = rest
    found = vars(torch).get(name) if type(name) is str else None
    if not isinstance(found, torch.dtype):
        raise ForgedAnswer("A kind of tensor nobody knows.")
    return found


def _read_device(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    import torch

    (name,) = rest
    if type(name) is not str or not re.fullmatch(r"[a-z]{1,12}(:[0-9]{1,3})?", name):
        raise ForgedAnswer("A device nobody knows.")
    return torch.device(name)


READERS: dict[str, Callable[[Sequence[Any], Buffer, Any], Any]] = {
    "tensor": _read_tensor,
    "torch.dtype": _read_torch_dtype,
    "torch.device": _read_device,
}
