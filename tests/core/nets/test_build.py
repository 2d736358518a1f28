"""Building: the module computes what the table says, and the exported code makes the same module."""

import ast
import contextlib
import io
from dataclasses import replace

import pytest

from core.errors import LimitError
from core.nets import zoo
from core.nets.build import build, code
from core.nets.layers import Conv, Dense, Flatten, GlobalPool, Network, numbered
from core.nets.table import parse
from core.nets.trace import trace


def test_runs_lenet5_to_ten_probabilities() -> None:
    import torch

    answer = build(trace(zoo.network("lenet5")))(torch.zeros(2, 1, 32, 32))
    assert answer.shape == (2, 10)
    assert answer.sum(dim=1).tolist() == pytest.approx([1, 1])


@pytest.mark.parametrize(
    "network",
    [
        zoo.network("lenet5"),
        zoo.network("minimal-cnn-pooled"),
        parse(
            "input 4x16x16\na.b: conv 8 3x1 stride 2x1 pad 1x0 groups 2 no bias\nlrn 3\nglobalavgpool\ndense 5 no bias"
        ),
        parse(
            "input 1x16x16\nconv 2 3 dilation 2\navgpool 3 stride 2 pad 1\nmaxpool 2\nflatten\ndropout 0.25\nsigmoid"
        ),
    ],
    ids=lambda network: network.name,
)
def test_exports_code_that_makes_the_same_network(network: Network) -> None:
    traced, made, said = trace(network), {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code(traced), made)  # our own output, and only in this test
    assert str(made["model"]) == str(build(traced))
    assert sum(weights.numel() for weights in made["model"].parameters()) == traced.parameters
    assert said.getvalue().strip() == f"torch.Size({[1, *traced.rows[-1].shape]})"


@pytest.mark.parametrize("name", zoo.names())
def test_exports_the_zoo_as_code_that_runs(name: str) -> None:
    import torch

    traced, made, said = trace(zoo.network(name)), {}, io.StringIO()
    with torch.device("meta"), contextlib.redirect_stdout(said):
        exec(code(traced), made)  # our own output, and only in this test
    assert sum(weights.numel() for weights in made["model"].parameters()) == traced.parameters
    assert said.getvalue().strip() == f"torch.Size({[1, *traced.rows[-1].shape]})"


@pytest.mark.parametrize(
    "name",
    ['x"""; import os; """', "a\\N{x}", "it's", "a\rb = 1", "a\u2028import os", "\\"],
    ids=lambda name: ascii(name),
)
def test_lets_no_name_become_code(name: str) -> None:
    network = parse("name n\ninput 1x8x8\ntrain: conv 2 3\ntype: relu\nforward: flatten")
    tree = ast.parse(code(trace(replace(network, name=name))))
    imports = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["import torch", "from torch import nn"]
    assert len(tree.body) == 4


def test_builds_layers_whose_names_torch_keeps_for_itself() -> None:
    import torch

    module = build(trace(parse("input 1x8x8\ntrain: conv 2 3\ntype: relu\nforward: flatten")))
    assert module(torch.zeros(1, 1, 8, 8)).shape == (1, 72)


def test_flattens_what_a_global_pooling_leaves() -> None:
    import torch

    traced = trace(Network("gap", (3, 9, 7), numbered(Conv(5, (3, 3)), GlobalPool("average"), Dense(2))))
    assert build(traced)(torch.zeros(1, 3, 9, 7)).shape == (1, 2)


def test_refuses_to_fill_the_memory() -> None:
    traced = trace(Network("huge", (3, 512, 512), numbered(Flatten(), Dense(1000))))
    with pytest.raises(LimitError, match="786,433,000 parameters"):
        build(traced)
    assert sum(weights.numel() for weights in build(traced, device="meta").parameters()) == 786_433_000
