"""The bench of graphs: every way answers as the network itself does, for any number of pictures."""

from pathlib import Path

import pytest
import torch
from torch import nn

from benchmarks import graphs
from benchmarks.graphs import PLAIN, Subject, compiled, compiler, detector, exported, side_by_side


@pytest.fixture
def small() -> Subject:
    layers = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 6 * 6, 4))
    inputs = torch.rand(3, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    module = layers.eval().requires_grad_(False)
    return Subject("the small one", module, module, inputs, (1, 3), lambda way: way(inputs[:1]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_the_detector_is_exported_for_any_number_of_pictures(tmp_path: Path) -> None:
    subject = detector()
    ask = exported(subject.module, subject.inputs[:16], tmp_path / "network.onnx")
    for count in (1, 3, 64):
        few = subject.inputs[:count]
        torch.testing.assert_close(ask(few), subject.module(few), rtol=1e-4, atol=1e-4)


def test_as_a_page_asks_it_answers_alike(small: Subject) -> None:
    torch.testing.assert_close(side_by_side(small.module)(small.inputs), small.module(small.inputs))


@pytest.mark.slow
@pytest.mark.skipif(compiler() is None, reason="there is no C++ compiler here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
def test_compiled_answers_alike() -> None:
    inputs = torch.linspace(-1, 1, 5)
    assert compiled(nn.ReLU(), [inputs])(inputs).tolist() == [0, 0, 0, 0.5, 1]


def test_measures_a_quick_round_and_says_what_was_left_out(small: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphs, "SUBJECTS", (lambda: small,))
    section = graphs.measure(quick=True)
    assert [(row.what, row.peer.split()[0], len(row.ours.values)) for row in section.rows] == [
        ("A whole answer of the small one", "channels", 2),
        ("A whole answer of the small one", "onnxruntime", 2),
    ]
    assert section.notes[-1] == "Nothing was compiled: this was a quick run."


def test_a_whole_round_has_a_row_for_every_way_and_number(small: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    steady = {PLAIN: lambda inputs: inputs, "other": lambda inputs: inputs + 0.5}
    ways = {name: graphs.Way(ask, name) for name, ask in steady.items()}
    monkeypatch.setattr(graphs, "ready", lambda *_, **__: ways)
    rows, notes = graphs.compared(small, quick=False)
    assert [row.what for row in rows] == ["A whole answer of the small one", "3 pictures through the small one"]
    assert [len(row.ours.values) for row in rows] == [graphs.LONE, graphs.CROWD]
    assert "other 0.5" in notes[1]
