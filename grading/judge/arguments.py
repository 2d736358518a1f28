"""Questions of the judge: arguments travel to the student's process as a pickle, large arrays beside it, uncopied.

The judge is trusted, so the student's side may unpickle what it sends; never the other way round. What is already the
student's travels as its number and arrives as the very object; what only the judge has travels as a callback, or not.
"""

import builtins
import io
import pickle
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from types import BuiltinMethodType, FunctionType, GeneratorType, LambdaType, MethodType, ModuleType
from typing import Any

from grading.judge.errors import ArgumentError
from grading.judge.tensors import tensor, tensor_bytes
from grading.limits import Limits
from grading.messages import Message


def theirs(number: int) -> object:
    """Stands in a pickle for an object of the student's; only the reader knows which."""
    raise LookupError(number)


def shared(name: str) -> object:
    """Stands in a pickle for what a locked cell defined in both processes."""
    raise LookupError(name)


def callback(number: int, name: str) -> object:
    """Stands in a pickle for a function that stays with the judge."""
    raise LookupError(number)


def module(name: str) -> ModuleType:
    """A module by its name."""
    import importlib

    return importlib.import_module(name)


def rebuilt_tensor(name: str, shape: tuple[int, ...], flags: int, data: Any) -> Any:
    """A tensor over the bytes that came beside the pickle."""
    return tensor(name, shape, flags, memoryview(data).cast("B"))


class ArgumentWriter:
    """The judge's half. `number_of` knows the student's objects, `callbacks` keeps the judge's functions."""

    def __init__(
        self,
        limits: Limits,
        number_of: Callable[[object], int | None],
        callbacks: Callable[[Callable[..., object]], int],
        shared_names: Mapping[int, str],
    ) -> None:
        self._limits, self._number_of, self._callbacks, self._shared = limits, number_of, callbacks, shared_names

    def write(self, value: object) -> Message:
        """A pickle and its buffers; what cannot travel is an ArgumentError with a sentence for the instructor."""
        stream, buffers = io.BytesIO(), list[pickle.PickleBuffer]()
        pickler = _Pickler(stream, protocol=5, buffer_callback=buffers.append)
        pickler.reduce = self._reduce
        try:
            pickler.dump(value)
        except ArgumentError:
            raise
        except RecursionError as error:
            raise ArgumentError("An argument of the test is nested too deeply to reach the student's code.") from error
        except Exception as error:
            raise ArgumentError(f"An argument of the test cannot reach the student's code: {error}") from error
        return Message(stream.getvalue(), [buffer.raw() for buffer in buffers])

    def _reduce(self, value: object) -> Any:
        kind = type(value)
        number = self._number_of(value)
        if number is not None:
            return theirs, (number,)
        if kind in (FunctionType, LambdaType, MethodType, BuiltinMethodType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        if kind is GeneratorType:
            return iter, (self._drawn(value),)
        if kind is ModuleType:
            return module, (value.__name__,)  # type: ignore[attr-defined]
        torch: Any = sys.modules.get("torch")
        if torch is not None and issubclass(kind, torch.Tensor):
            return _reduced_tensor(torch, value)
        return NotImplemented

    def _function(self, value: Any) -> Any:
        if id(value) in self._shared:
            return shared, (self._shared[id(value)],)
        if isinstance(value, BuiltinMethodType) or (isinstance(value, MethodType) and not _local(type(value.__self__))):
            return NotImplemented
        if isinstance(value, FunctionType) and not _local(value):
            return NotImplemented
        return callback, (self._callbacks(value), str(getattr(value, "__name__", "callback")))

    def _class(self, value: type) -> Any:
        if id(value) in self._shared:
            return shared, (self._shared[id(value)],)
        if not _local(value):
            return NotImplemented
        raise ArgumentError(
            f"The test passes the student's code something of the class {value.__name__}, which only the test knows. "
            "Define the class in a locked cell above, so that both have it."
        )

    def _drawn(self, value: Any) -> list[object]:
        drawn = list(islice(value, self._limits.answer_items + 1))
        if len(drawn) > self._limits.answer_items:
            raise ArgumentError("A generator without an end cannot be passed to the student's code.")
        return drawn


class _Pickler(pickle.Pickler):
    reduce: Callable[[object], Any]

    def reducer_override(self, value: object) -> Any:
        return self.reduce(value)


def _local(value: Any) -> bool:
    """Whether something exists in a test only, so that its name finds nothing elsewhere."""
    name = getattr(value, "__module__", None) or ""
    if name == "__main__" or "<locals>" in value.__qualname__ or value.__name__ == "<lambda>":
        return True
    found: Any = sys.modules.get(name)
    for part in value.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is not value


def _reduced_tensor(torch: Any, value: Any) -> Any:
    name = str(value.dtype).removeprefix("torch.")
    if value.layout != torch.strided or value.is_quantized or value.is_meta:
        return NotImplemented
    flags = int(value.requires_grad) + 2 * isinstance(value, torch.nn.Parameter)
    return rebuilt_tensor, (name, tuple(value.shape), flags, pickle.PickleBuffer(tensor_bytes(value)))


class ArgumentReader:
    """The student's half: `mine` finds an object by number, `named` one of a locked cell, the third a callback."""

    def __init__(
        self,
        mine: Callable[[int], object],
        named: Callable[[str], object],
        called_back: Callable[[int, str], object],
    ) -> None:
        self._found: dict[str, Callable[..., object]] = {"theirs": mine, "shared": named, "callback": called_back}

    def read(self, head: bytes | memoryview, buffers: Any) -> Any:
        """What the judge wrote. Arrays lie in buffers of their own and may be changed."""
        own = [buffer if not memoryview(buffer).readonly else bytearray(buffer) for buffer in buffers]
        unpickler = _Unpickler(io.BytesIO(head), buffers=own)
        unpickler.found = self._found
        return unpickler.load()


class _Unpickler(pickle.Unpickler):
    found: Mapping[str, Callable[..., object]]

    def find_class(self, module_name: str, name: str) -> Any:
        if module_name == __name__ and name in self.found:
            return self.found[name]
        if module_name == "builtins":
            return vars(builtins).get(name) or super().find_class(module_name, name)
        return super().find_class(module_name, name)
