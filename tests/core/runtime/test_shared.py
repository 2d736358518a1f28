"""Models asked together: the answers of one by one, from one copy, whoever asks what at the same time."""

from collections.abc import Iterator
from functools import cache, partial
from threading import Barrier, Thread

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.scenes import CLASSES
from core.detect.corner import corner_net
from core.detect.dense import one_stage
from core.detect.pictures import picture
from core.detect.regions import two_stage
from core.errors import ShapeError
from core.learning.train import Stopped
from core.models import pretrained, registry, segmenters
from core.runtime import models, shared
from core.runtime.device import Device, here, processor
from core.runtime.merging import Busy, Merger
from core.runtime.shared import Kind, Way, passed

CPU = processor()


@pytest.fixture(autouse=True)
def on_the_processor(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Asked of the processor also where there is a CUDA device, which rounds otherwise."""
    monkeypatch.setattr(shared, "here", processor)
    shared._merger.cache_clear()
    yield
    shared._merger.cache_clear()


def close(found: object, wanted: object) -> None:
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=2e-5)


@cache
def pictures(*places: int, side: int = 96) -> torch.Tensor:
    return segmenters.inputs_of(np.stack([picture("test", place, side=side).image for place in places]))


@settings(max_examples=8, deadline=None)
@given(
    asked=st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3), st.sampled_from((32, 64))), min_size=1, max_size=8),
    most=st.integers(1, 16),
    passes=st.integers(1, 2),
)
def test_whatever_goes_together_the_answers_are_those_of_one_by_one(asked: list, most: int, passes: int) -> None:
    module, way = registry.load("one_stage"), Way("one_stage")
    merger = Merger(partial(passed, CPU), most=most, passes=passes)
    inputs = [pictures(*range(first, first + count), side=side) for first, count, side in asked]
    found: dict[int, object] = {}
    began = Barrier(len(asked))

    def ask(place: int) -> None:
        began.wait()
        each = inputs[place]
        found[place] = merger.ask(Kind(way, tuple(each.shape[1:]), each.dtype), each)

    threads = [Thread(target=ask, args=(place,)) for place in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with torch.no_grad():
        for place, each in enumerate(inputs):
            close(found[place], module(each))


@pytest.mark.parametrize(
    ("way", "side"),
    [
        pytest.param(Way("scenes"), 64, id="called"),
        pytest.param(Way("fcn", "nets.8"), 64, id="a-part"),
        pytest.param(Way("two_stage", method="first"), 96, id="a-method"),
        pytest.param(Way("lite0"), 64, id="the-pretrained-one"),
    ],
)
def test_a_pass_for_several_gives_each_its_own(way: Way, side: int) -> None:
    inputs = [pictures(0, side=side), pictures(1, 2, side=side), pictures(3, side=side)]
    found = passed(CPU, Kind(way, (3, side, side), torch.float32), inputs)
    whole = pretrained.folded() if way.name == "lite0" else registry.load(way.name)
    module = whole.get_submodule(way.part)
    with torch.no_grad():
        for said, each in zip(found, inputs, strict=True):
            close(said, getattr(module, way.method)(each))
    parts = [each[0] if isinstance(each, tuple) else each for each in found]
    assert len({part.untyped_storage().data_ptr() for part in parts}) == len(inputs)


def test_a_shared_model_stands_where_the_loaded_one_stood() -> None:
    image = picture("test", 3).image
    for ours, theirs in (
        (
            one_stage.answer(shared.shared("one_stage"), image),
            one_stage.answer(registry.load("one_stage"), image),
        ),
        (
            two_stage.found(shared.shared("two_stage", merged=["first"]), image),
            two_stage.found(registry.load("two_stage"), image),
        ),
        (
            corner_net.detect(shared.shared("corners"), np.rint(image * 255)[None].astype(np.uint8))[0],
            corner_net.detect(registry.load("corners"), np.rint(image * 255)[None].astype(np.uint8))[0],
        ),
    ):
        assert ours.labels.tolist() == theirs.labels.tolist()
        assert np.allclose(ours.boxes, theirs.boxes, atol=1e-3)
        assert np.allclose(ours.scores, theirs.scores, atol=1e-5)
    said = segmenters.answers(shared.shared("fcn", part="nets.8"), image)
    assert np.array_equal(said, segmenters.answers(registry.load("fcn").net(8), image))


def test_what_is_not_merged_is_the_models_own() -> None:
    net = shared.shared("one_stage")
    assert net.classes == len(CLASSES)
    assert net.eval() is registry.load("one_stage")
    with pytest.raises(AttributeError, match="nothing_like_it"):
        net.nothing_like_it  # noqa: B018
    assert not hasattr(net, "__array__")


def test_inputs_that_do_not_fit_trouble_nobody_else() -> None:
    good, wide = pictures(0, side=64), torch.zeros(1, 5, 64, 64)
    fits, not_ = shared.enter(Way("scenes"), good), shared.enter(Way("scenes"), wide)
    assert fits.answer().shape == (1, len(CLASSES))
    with pytest.raises(RuntimeError, match="channels"):
        not_.answer()
    with pytest.raises(ShapeError, match="need at least one input"):
        shared.ask(Way("scenes"), torch.zeros(0, 3, 64, 64))


def test_a_question_can_be_taken_back() -> None:
    ticket = shared.enter(Way("scenes"), pictures(0, side=64), asker="somebody")
    assert shared.load().waiting == 1
    assert ticket.cancel()
    with pytest.raises(Stopped):
        ticket.answer()
    load = shared.load()
    assert (load.waiting, load.working, load.asked) == (0, 0, 1)


def test_answers_hold_no_gradients_and_threads_stay_as_they_were() -> None:
    before = torch.get_num_threads()
    inputs = pictures(0, side=64).clone().requires_grad_()
    assert not shared.ask(Way("scenes"), inputs).requires_grad
    assert torch.get_num_threads() == before
    assert torch.is_grad_enabled()


def test_the_runtime_and_the_registry_have_the_same_copy() -> None:
    with models.lent("scenes", lambda: pytest.fail("it is there"), CPU) as module:
        assert module is registry.load("scenes")
    assert models.size(module) >= 4 * registry.card("scenes").parameters


def test_after_the_end_a_question_is_refused_with_a_sentence() -> None:
    assert shared.ask(Way("scenes"), pictures(0, side=64)).shape == (1, len(CLASSES))
    assert shared.close()
    with pytest.raises(Busy, match="this server is being stopped"):
        shared.ask(Way("scenes"), pictures(0, side=64))


@pytest.mark.gpu
def test_a_cuda_device_answers_as_the_processor_does() -> None:
    device = here()
    assert device == Device("cuda", passes=device.passes, rows=device.rows, room=device.room)
    inputs = [pictures(place) for place in range(3)]
    kind = Kind(Way("one_stage"), (3, 96, 96), torch.float32)
    for found, wanted in zip(passed(device, kind, inputs), passed(CPU, kind, inputs), strict=True):
        for ours, theirs in zip(found, wanted, strict=True):
            assert ours.device.type == "cpu"
            assert ours.dtype == torch.float32
            torch.testing.assert_close(ours, theirs, rtol=0.05, atol=0.05)
