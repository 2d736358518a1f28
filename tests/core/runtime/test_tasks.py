"""Long work by name: what goes to another process and what comes back, and nothing else."""

import importlib.util
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pages._parts
from core.features.sets import PIXELS
from core.learning.stopping import EarlyStopping
from core.learning.train import Progress
from core.runtime import tasks
from core.runtime.tasks import Task, Unfit, may_go, packed, received, unpacked
from core.types import Floats, Mask
from pages._parts.parcels import work as parcels
from pages._parts.recipe import training as recipe
from pages._parts.residual import training as residual
from pages._parts.tsne import work as tsne


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    name: Literal["a", "b"]
    counts: tuple[int, ...] = ()
    limit: float | None = None


@dataclass(frozen=True, eq=False)
class Piece:
    """What is found."""

    values: Floats
    mask: Mask
    by_name: Mapping[str, float]


@may_go
def counted(wish: Wish, most: int, progress: Progress) -> Iterator[tuple[str, Piece]]:
    for number in range(most):
        progress(number / most, f"number {number}")
        values = np.full((number, 2), float(number))
        yield wish.name, Piece(values, values > 1, {"sum": float(values.sum())})


def silent(share: float, what: str) -> None:
    pass


def test_a_task_is_the_same_after_a_journey() -> None:
    task = Task(counted, (Wish("b", (1, 2), 0.5), 3))
    again = received(task.sent())
    assert again == task
    for (name, piece), (theirs, other) in zip(task(silent), again(silent), strict=True):
        assert name == theirs
        assert np.array_equal(piece.values, other.values)


def test_what_was_found_comes_back_as_what_it_was() -> None:
    task = Task(counted, (Wish("a"), 3))
    for name, piece in task(silent):
        theirs, other = task.read(packed((name, piece)))
        assert (theirs, dict(other.by_name)) == (name, dict(piece.by_name))
        assert (other.values.dtype, other.mask.dtype) == (np.float64, np.bool_)
        assert np.array_equal(other.values, piece.values)
        assert np.array_equal(other.mask, piece.mask)
        other.values[...] = 1  # it is the asker's own


@given(arrays.arrays(st.sampled_from([np.float32, np.int64, np.uint8, np.bool_]), arrays.array_shapes(min_dims=0)))
def test_any_array_comes_back(values: np.ndarray) -> None:
    found = unpacked(packed(values), np.ndarray)
    assert (found.dtype, found.shape) == (values.dtype, values.shape)
    assert np.array_equal(found, values, equal_nan=values.dtype.kind == "f")


@given(st.binary(max_size=200))
def test_other_bytes_ask_for_nothing(data: bytes) -> None:
    with pytest.raises(Unfit):
        received(data)


NAME = f"{counted.__module__}:{counted.__qualname__}"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        pytest.param("os:system", ("true",), id="not-of-ours"),
        pytest.param("core.measure.iou:iou", (), id="no-task"),
        pytest.param("pages._parts.no_such_lab.work:work", (), id="no-module"),
        pytest.param("pages._parts..work:work", (), id="no-name"),
        pytest.param("pages._parts." + "a." * 5000 + "a:work", (), id="too-deep"),
        pytest.param("pages._parts.fcn.work:answered", ("plain", 1), id="of-ours-but-no-task"),
        pytest.param(NAME, (Wish("a"),), id="too-little"),
        pytest.param(NAME, (Wish("a"), 3, 4), id="too-much"),
        pytest.param(NAME, (Wish("c"), 3), id="not-one-of-the-words"),  # type: ignore[arg-type]
        pytest.param(NAME, (Wish("a"), "3"), id="not-a-number"),
    ],
)
def test_asks_only_for_what_may_be_asked(name: str, asked: tuple[object, ...]) -> None:
    with pytest.raises(Unfit):
        received(msgspec.msgpack.encode((name, tasks._form(counted), packed(asked))))


def newer(wish: Wish, most: int, progress: Progress) -> Iterator[tuple[str, Wish]]:
    yield from ()


def test_what_another_version_asks_or_finds_is_not_taken_for_something_else() -> None:
    name, form, asked = msgspec.msgpack.decode(Task(counted, (Wish("a"), 3)).sent())
    assert received(msgspec.msgpack.encode((name, form, asked)))
    with pytest.raises(Unfit, match="another version"):
        received(msgspec.msgpack.encode((name, tasks._form(newer), asked)))


def test_a_whole_number_may_stand_for_a_share() -> None:
    task = received(Task(counted, (Wish("a", limit=1), 3)).sent())
    assert task.asked[0].limit == 1.0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param((("|O", (1,)), b"12345678"), id="objects"),
        pytest.param((("<f8", (2,)), b"12345678"), id="too-short"),
        pytest.param((("<f4", (2,)), b"12345678"), id="other-numbers"),
        pytest.param((("no", (1,)), b"1"), id="no-type"),
        pytest.param((("(,,)f8", (1,)), b"12345678"), id="no-type-that-numpy-reads-as-code"),
    ],
)
def test_an_array_is_one_or_is_refused(body: object) -> None:
    data = msgspec.msgpack.encode(msgspec.msgpack.Ext(tasks.ARRAY, msgspec.msgpack.encode(body)))
    with pytest.raises(Unfit):
        unpacked(data, Floats)


def test_refuses_too_much_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MOST", 100)
    with pytest.raises(Unfit, match="at most 100"):
        unpacked(packed(np.zeros(100)), np.ndarray)


def all_tasks() -> dict[str, Any]:
    for module in pkgutil.walk_packages(pages._parts.__path__, "pages._parts."):
        source = importlib.util.find_spec(module.name)
        if source and source.origin and "@may_go" in Path(source.origin).read_text(encoding="utf-8"):
            importlib.import_module(module.name)
    return {name: work for name, work in tasks._known.items() if name.startswith(tasks.ROOM)}


def odd(kind: Any) -> Iterator[type]:
    """Types inside a type that MessagePack has no word for."""
    if isinstance(kind, msgspec.inspect.CustomType):
        yield get_origin(kind.cls) or kind.cls
    for field in getattr(kind, "__struct_fields__", ()):
        value = getattr(kind, field)
        for each in value if isinstance(value, tuple) else (value,):
            yield from odd(each)


@pytest.mark.parametrize("name", sorted(all_tasks()))
def test_what_labs_send_is_plain(name: str) -> None:
    work = all_tasks()[name]
    hints = get_type_hints(work)
    assert hints.pop("progress") == Progress
    found = get_args(hints.pop("return"))
    assert {each for kind in (*hints.values(), *found) for each in odd(msgspec.inspect.type_info(kind))} <= {np.ndarray}


ASKED: dict[str, tuple[object, ...]] = {
    "callbacks.views:work": (1, EarlyStopping(patience=2)),
    "fcn.work:measure": (1,),
    "parcels.work:trained": (parcels.Setting(("area",), 2, 20),),
    "proposals.measuring:on_scenes": (1,),
    "recipe.training:work": (recipe.Setting(),),
    "residual.training:work": (residual.Setting((1,), norm=True, epochs=1, seed=0),),
    "tsne.work:drawn": ((tsne.Setting("digits", 100, PIXELS, 10),),),
    "unet.work:measure": (1,),
}


@pytest.mark.parametrize("name", sorted(ASKED))
def test_what_labs_find_comes_back(name: str) -> None:
    task = received(Task(all_tasks()[f"{tasks.ROOM}{name}"], ASKED[name]).sent())
    assert task.asked == ASKED[name]
    found = next(task(silent))
    assert packed(task.read(packed(found))) == packed(found)
    assert type(task.read(packed(found))) is type(found)
