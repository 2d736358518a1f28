"""Where models run: a CUDA device if there is one, and on the processor one core for each pass."""

import os

import pytest
import torch

from core.runtime import shared
from core.runtime.device import here, processor
from core.runtime.merging import Load


@pytest.fixture(autouse=True)
def chosen_anew() -> None:
    here.cache_clear()


@pytest.mark.parametrize(("there", "name"), [(True, "cuda"), (False, "cpu")])
def test_a_cuda_device_is_taken_if_there_is_one(there: bool, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    assert here().name == name
    here.cache_clear()


def test_the_processor_runs_a_pass_for_each_core_on_one_thread() -> None:
    device, before = processor(), torch.get_num_threads()
    assert 1 <= device.passes <= (os.cpu_count() or 1)
    with device.at_work():
        assert torch.get_num_threads() == 1
        assert not torch.is_grad_enabled()
    assert torch.get_num_threads() == before
    assert torch.is_grad_enabled()


def test_nothing_is_moved_on_the_processor() -> None:
    module, inputs = torch.nn.Linear(2, 2), torch.zeros(1, 2)
    assert processor().placed(module) is module
    assert processor().taken(inputs) is inputs


def test_the_channels_of_a_pixel_stand_side_by_side() -> None:
    pictures = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    taken = processor().taken(pictures)
    assert taken.stride() == (60, 1, 15, 3)
    assert torch.equal(taken, pictures)
    assert processor().taken(taken) is taken


def test_a_process_that_asked_nothing_has_nothing_to_do_and_nothing_to_end() -> None:
    shared._merger.cache_clear()
    assert shared.load() == Load()
    assert shared.close()
    assert not shared._merger.cache_info().currsize
