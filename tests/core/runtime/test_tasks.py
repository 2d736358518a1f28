"""Long work by name: what goes to another process and what comes back, and nothing else."""

import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from unittest.mock import patch

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages._parts
from core.features.sets import PIXELS
from core.learning.stopping import EarlyStopping
from core.learning.train import Progress
from core.runtime import tasks
from core.runtime.__main__ import PLACE, main
from core.runtime.tasks import Task, may_go, received
from core.runtime.wire import Unfit, packed
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


@given(st.binary(max_size=200))
def test_other_bytes_ask_for_nothing(data: bytes) -> None:
    with pytest.raises(Unfit):
        received(data)


ROOT = Path(__file__).resolve().parents[3]
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
        received(packed((name, tasks._form(counted), packed(asked))), place=PLACE)


SOURCE = """
from collections.abc import Iterator
from core.learning.train import Progress
from core.runtime.tasks import may_go

@may_go
def work(most: int, progress: Progress) -> Iterator[int]:
    yield from range(most)

def no_task(most: int, progress: Progress) -> Iterator[int]:
    yield from range(most)
"""


def like_those(most: int, progress: Progress) -> Iterator[int]:
    yield from ()


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Packages with work in many of their modules, of which nobody has imported any."""
    for module in (
        "a_place.lab.work",
        "a_place.work",
        "a_place.lab.deep.work",
        "a_place2.lab.work",
        "a_house.lab.work",
    ):
        path = (tmp_path / module.replace(".", "/")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(tasks, "_known", {})
    yield
    for name in [each for each in sys.modules if each.startswith(("a_place", "a_house"))]:
        del sys.modules[name]


def asks(name: str) -> bytes:
    return packed((name, tasks._form(like_those), packed((3,))))


@pytest.mark.usefixtures("houses")
def test_work_in_a_module_that_nobody_needed_so_far_is_found_in_its_place() -> None:
    assert list(received(asks("a_place.lab.work:work"), place="a_place")(silent)) == [0, 1, 2]


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a_place.lab.work:no_task", "a_place"),
        ("a_place.lab.no_module:work", "a_place"),
        ("a_place.work:work", "a_place"),
        ("a_place.lab.deep.work:work", "a_place"),
        ("a_place2.lab.work:work", "a_place"),
        ("a_house.lab.work:work", "a_place"),
        ("a_place.a_house.lab.work:work", "a_place"),
        ("a_place..work:work", "a_place"),
        ("a_place.lab.work:work", None),
    ],
)
def test_no_other_module_is_imported_because_somebody_asks(name: str, place: str | None) -> None:
    with pytest.raises(Unfit, match="there is no work of the name"):
        received(asks(name), place=place)
    imported = {each for each in sys.modules if each.startswith(("a_place", "a_house"))}
    assert imported <= {"a_place", "a_place.lab", "a_place.lab.work"}
    assert name.startswith("a_place.lab.") or not imported


def newer(wish: Wish, most: int, progress: Progress) -> Iterator[tuple[str, Wish]]:
    yield from ()


def test_what_another_version_asks_or_finds_is_not_taken_for_something_else() -> None:
    name, form, asked = msgspec.msgpack.decode(Task(counted, (Wish("a"), 3)).sent())
    assert received(packed((name, form, asked)))
    with pytest.raises(Unfit, match="another version"):
        received(packed((name, tasks._form(newer), asked)))


def test_a_whole_number_may_stand_for_a_share() -> None:
    task = received(Task(counted, (Wish("a", limit=1), 3)).sent())
    assert task.asked[0].limit == 1.0


def all_tasks() -> dict[str, Any]:
    for module in pkgutil.walk_packages(pages._parts.__path__, "pages._parts."):
        source = importlib.util.find_spec(module.name)
        if source and source.origin and "@may_go" in Path(source.origin).read_text(encoding="utf-8"):
            importlib.import_module(module.name)
    return {name: work for name, work in tasks._known.items() if name.startswith(PLACE)}


def odd(kind: Any) -> Iterator[type]:
    """Types inside a type that MessagePack has no word for."""
    if isinstance(kind, msgspec.inspect.CustomType):
        yield get_origin(kind.cls) or kind.cls
    for field in getattr(kind, "__struct_fields__", ()):
        value = getattr(kind, field)
        for each in value if isinstance(value, tuple) else (value,):
            yield from odd(each)


def test_the_command_looks_for_work_where_all_of_it_is() -> None:
    with patch("core.runtime.__main__.serve_models") as serve, patch.dict("os.environ"):
        assert main(["auto"]) == 0
    place = ROOT.joinpath(*serve.call_args.kwargs["place"].split("."))
    sources = [path for room in ("core", "pages") for path in (ROOT / room).rglob("*.py")]
    found = [path for path in sources if "\n@may_go\n" in path.read_text(encoding="utf-8")]
    assert {path.parent.parent for path in found} == {place}


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
    task = received(Task(all_tasks()[f"{PLACE}.{name}"], ASKED[name]).sent())
    assert task.asked == ASKED[name]
    found = next(task(silent))
    assert packed(task.read(packed(found))) == packed(found)
    assert type(task.read(packed(found))) is type(found)
