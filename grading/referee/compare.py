"""Whether an answer is the expected one, whatever style it was written in.

float64 for float32, a numpy number for a number, a list for an array, a view for a copy, -0.0 for 0.0: all of these are
right. Another shape, a truth value for a number, or a NaN where a number belongs are not.
"""

import sys
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from grading.referee.errors import RefereeError
from grading.referee.rulings import Kind
from grading.referee.tolerance import Tolerance


class _Unfit(Exception):
    """An answer that is no answer to the question, and what kind of one it is."""

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind


def compare(expected: Any, answer: Any, tolerance: Tolerance, *, torch_or_numpy: bool = False) -> Kind:
    """The kind of difference between what the reference says and what came back, or "right".

    >>> from grading.referee.tolerance import EXACT
    >>> compare(55, np.float64(55.0), EXACT), compare(55, 54, EXACT), compare(55, [55], EXACT)
    ('right', 'wrong values', 'wrong shape')
    """
    try:
        return _difference(expected, answer, tolerance, torch_or_numpy)
    except _Unfit as unfit:
        return unfit.kind
    except RecursionError:  # a list that holds itself
        return "wrong type"


def _difference(expected: Any, answer: Any, tolerance: Tolerance, either: bool) -> Kind:
    if expected is None:
        return "right" if answer is None else "wrong type"
    if answer is None:
        return "no answer"
    if isinstance(expected, np.ndarray) or is_tensor(expected):
        if is_tensor(expected) and not is_tensor(answer) and not either:
            return "wrong type"
        if isinstance(expected, np.ndarray) and is_tensor(answer) and not either:
            return "wrong type"
        wanted = _array(expected)
        if isinstance(answer, list | tuple) and not answer and not wanted.size:  # no boxes: [] for an array (0, 4)
            return "right"
        return _arrays(wanted, _array(answer), tolerance)
    if isinstance(expected, bool | np.bool_):
        given = _scalar(answer)
        return _word(bool(expected) == given) if isinstance(given, bool) else "wrong type"
    if isinstance(expected, int | float | np.integer | np.floating):
        return _numbers(expected, _scalar(answer), tolerance)
    if isinstance(expected, str):
        return _word(str.__eq__(expected, answer)) if isinstance(answer, str) else "wrong type"
    if isinstance(expected, tuple | list):
        parts = _items(answer)
        if len(parts) != len(expected):
            return "wrong shape"
        return _first(_difference(e, a, tolerance, either) for e, a in zip(expected, parts, strict=True))
    if isinstance(expected, dict):
        if not isinstance(answer, dict):
            return "wrong type"
        if set(expected) != set(answer):
            return "wrong values"
        return _first(_difference(value, answer[key], tolerance, either) for key, value in expected.items())
    raise RefereeError(f"a referee cannot compare a {type(expected).__name__}: numbers, arrays, words, lists and dicts")


def is_tensor(value: object) -> bool:
    """Whether it is a torch tensor; asks without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _first(kinds: Any) -> Kind:
    return next((kind for kind in kinds if kind != "right"), "right")


def _word(equal: bool) -> Kind:
    return "right" if equal else "wrong values"


def _numbers(expected: Any, given: bool | int | float, tolerance: Tolerance) -> Kind:
    if isinstance(given, bool):
        return "wrong type"
    if isinstance(expected, np.generic):
        expected = expected.item()
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(expected, int) and isinstance(given, int):  # beyond 2**53 a float would round
        return _word(abs(given - expected) <= tolerance.absolute + tolerance.relative * abs(expected))
    try:
        return _arrays(np.asarray(float(expected)), np.asarray(float(given)), tolerance)
    except OverflowError:
        return "wrong values"


def _arrays(expected: NDArray[Any], given: NDArray[Any], tolerance: Tolerance) -> Kind:
    if given.shape != expected.shape:
        return "wrong shape"
    if (expected.dtype.kind == "b") != (given.dtype.kind == "b") and given.size:
        return "wrong type"
    exact = tolerance.absolute == tolerance.relative == 0
    if exact and expected.dtype.kind in "biu" and given.dtype.kind in "biu":  # beyond 2**53 a float would round
        return _word(bool(np.array_equal(expected, given)))
    wanted, got = expected.astype(np.float64), given.astype(np.float64)
    if bool(np.any(~np.isfinite(got) & np.isfinite(wanted))):
        return "not a number"
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf; equal infinities are accepted by the first test
        close = np.abs(got - wanted) <= tolerance.absolute + tolerance.relative * np.abs(wanted)
    close &= np.isfinite(wanted)  # near an infinity everything is within its share
    return _word(bool(np.all((got == wanted) | close | (np.isnan(got) & np.isnan(wanted)))))


def _scalar(answer: Any) -> bool | int | float:
    """A plain number out of a number, a numpy number, or an array or tensor without axes."""
    if isinstance(answer, np.ndarray) or is_tensor(answer):
        array = _array(answer)
        if array.shape != ():
            raise _Unfit("wrong shape")
        return cast("bool | int | float", array.item())
    if isinstance(answer, bool | np.bool_):
        return bool(answer)
    if isinstance(answer, int | np.integer):
        return int(answer)
    if isinstance(answer, float | np.floating):
        return float(answer)
    raise _Unfit("wrong shape" if isinstance(answer, list | tuple) else "wrong type")


def _array(answer: Any) -> NDArray[Any]:
    """A plain array of numbers or truth values out of an array, a tensor, nested lists, or a number."""
    if is_tensor(answer):
        try:
            tensor = answer.detach().cpu()
            answer = (tensor.double() if tensor.is_floating_point() else tensor).numpy()
        except (TypeError, RuntimeError) as error:  # sparse, quantised, without memory
            raise _Unfit("wrong type") from error
    elif isinstance(answer, list | tuple):
        answer = _nested(answer)
    elif not isinstance(answer, np.ndarray | np.generic | bool | int | float):
        raise _Unfit("wrong type")
    try:
        array = np.asarray(answer)
    except (TypeError, ValueError, OverflowError) as error:
        raise _Unfit("wrong type") from error
    if array.dtype.kind not in "biuf":
        raise _Unfit("wrong type")
    return array


def _nested(answer: list[Any] | tuple[Any, ...]) -> NDArray[Any]:
    parts = [_array(part) for part in answer]
    if len({part.shape for part in parts}) > 1:
        raise _Unfit("wrong shape")  # rows of different lengths
    return np.stack(parts) if parts else np.empty(0)


def _items(answer: Any) -> list[Any]:
    """The parts of a list, a tuple, or an array along its first axis."""
    if isinstance(answer, list | tuple):
        return list(answer)
    if isinstance(answer, np.ndarray) or is_tensor(answer):
        array = _array(answer)
        if array.ndim:
            return list(array)
    raise _Unfit("wrong shape" if isinstance(answer, int | float | np.generic | np.ndarray) else "wrong type")
