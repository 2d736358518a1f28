"""Rows that branch and join: counted, run, written as text and exported as code, each checked against PyTorch."""

import contextlib
import io

import pytest
from hypothesis import assume, given, settings

from core.errors import FormError, ShapeError
from core.nets.build import build, code
from core.nets.export import as_text, keras_summary
from core.nets.layers import Add, Concat, Conv, Dense, GlobalPool, Layer, Network, Pad, Pool, Transposed
from core.nets.table import parse, write
from core.nets.trace import trace
from core.nets.workings import COLUMNS, workings
from core.nets.zoo import without_top
from tests.core.nets.networks import graphs

FEW = settings(deadline=None, max_examples=50)


@given(graphs())
@FEW
def test_equals_torch_on_graphs_nobody_drew_before(network: Network) -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    traced = trace(network)
    module = build(traced).eval()
    images = torch.randn(2, *network.input)
    counter = FlopCounterMode(display=False)
    with counter:
        answer = module(images)
    assert tuple(answer.shape[1:]) == traced.rows[-1].shape
    assert sum(weights.numel() for weights in module.parameters()) == traced.parameters
    assert sum(values.numel() for name, values in module.named_buffers() if "running" in name) == traced.statistics
    assert counter.get_total_flops() // 2 == 2 * traced.macs  # two images
    if hasattr(module, "steps"):
        assert [(name, tuple(volume.shape[1:])) for name, volume in module.steps(images)] == [
            (row.name, row.shape) for row in traced.rows
        ]


@given(graphs())
@FEW
def test_exports_code_that_computes_the_same(network: Network) -> None:
    import torch

    traced, made, said = trace(network), {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code(traced), made)  # our own output, and only in this test
    ours, theirs = build(traced).eval(), made["model"].eval()
    for mine, other in zip(ours.state_dict().values(), theirs.state_dict().values(), strict=True):
        other.copy_(mine)
    images = torch.randn(2, *network.input)
    torch.testing.assert_close(ours(images), theirs(images))


@given(graphs())
@FEW
def test_reads_back_what_it_writes(network: Network) -> None:
    assert parse(write(network)) == network


@given(graphs())
@FEW
def test_finds_words_for_every_row(network: Network) -> None:
    traced = trace(network)
    for row in traced.rows:
        for column in COLUMNS:
            told = workings(row, column)
            assert told.endswith(".")
            if column == "parameters":
                assert f"{row.parameters:,}" in told
    assert f"{traced.parameters:,}" in as_text(traced)
    assert f"Total params: {traced.parameters + traced.statistics:,}" in keras_summary(traced)


@given(graphs())
@FEW
def test_sees_no_more_than_its_receptive_field(network: Network) -> None:
    """Differentiate one value with positive weights: the pixels that move it lie within the field, which is not larger
    than they span unless the image ends first or an upsampling or the pooled edge shortens it."""
    import torch

    traced = trace(network)
    fields = traced.rows[-1].fields
    assume(fields is not None)
    module = build(traced).eval().double()
    for weights in module.parameters():
        weights.data.fill_(0.01)
    pixels = torch.ones(1, *network.input, dtype=torch.float64, requires_grad=True)
    answer = module(pixels)[0, 0]
    middle = answer.shape[0] // 2, answer.shape[1] // 2
    (gradient,) = torch.autograd.grad(answer[middle], pixels)
    for way in (0, 1):
        seen = (gradient[0] != 0).any(dim=0).any(dim=1 - way).nonzero().flatten().tolist()
        if seen:
            assert seen[-1] - seen[0] + 1 <= fields[way].size
            steady = not any(isinstance(row.operation, Transposed) for row in traced.rows)
            first, last = fields[way].patch(middle[way])
            inside = first >= 0 and last < network.input[1 + way]
            if steady and inside and all(row.kind != "scale" for row in traced.rows):
                assert (seen[0], seen[-1]) == (first, last)


def test_keeps_the_total_where_weights_are_shared() -> None:
    """What torchinfo was asked for in vain: the total is what the module holds."""
    text = "input 4x8x8\nc: conv 4 3 pad 1\nagain: conv 4 3 pad 1 shares c\nthird: conv 4 3 pad 1 shares c"
    traced = trace(parse(text))
    assert traced.parameters == 4 * 4 * 9 + 4 == sum(weights.numel() for weights in build(traced).parameters())
    assert [row.macs for row in traced.rows] == [4 * 8 * 8 * 36] * 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pad rows 0x1 columns 2x2", "Zeros around the volume, rows 0 + 8 + 1 = 9, columns 2 + 8 + 2 = 12: 4x9x12."),
        ("pad maps 3x1", "Zeros around the volume, maps 3 + 4 + 1 = 8: 8x8x8."),
        ("pad", "No zeros are added: 4x8x8."),
        ("add share 0.2 of c, input", "2 rows of one shape, added value by value, all but the first times 0.2: 4x8x8."),
    ],
)
def test_says_what_zeros_and_shares_do(line: str, told: str) -> None:
    assert workings(trace(parse(f"input 4x8x8\nc: conv 4 1\n{line}")).rows[-1], "output") == told


def test_leaves_the_padding_out_of_a_mean() -> None:
    """A map of ones stays a map of ones: the mean counts what lies inside, and nothing else."""
    import torch

    text = "input 1x5x5\navgpool 3 stride 1 pad 1"
    inside, counted = (build(trace(parse(f"{text}{word}")))(torch.ones(1, 1, 5, 5)) for word in (" inside", ""))
    assert inside.unique().tolist() == [1.0]
    assert counted[0, 0, 0, 0].item() == pytest.approx(4 / 9)


def test_looks_further_left_and_up_where_zeros_were_put() -> None:
    rows = trace(parse("input 1x8x8\npad rows 2x0 columns 0x3\nconv 1 3 stride 2\npad rows 1x0")).rows
    assert [(row.fields[0].start, row.fields[1].start) for row in rows] == [(-2, 0), (-2, 0), (-4, 0)]


def test_leaves_side_branches_and_top_away() -> None:
    text = """input 3x16x16
        a: conv 8 3 pad 1
        b: conv 8 3 pad 1
        side: globalavgpool of a
        aux: dense 5
        sum: add of a, b
        pool: globalavgpool
        out: dense 5"""
    bare = without_top(parse(text))
    assert [(layer.name, layer.of) for layer in bare.layers] == [("a", ()), ("b", ()), ("sum", ("a", "b"))]


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        pytest.param([Layer("s", Add())], "two inputs or more", id="one input"),
        pytest.param([Layer("a", Conv(4, (3, 3))), Layer("s", Add(), of=("a", "input"))], "one shape", id="shapes"),
        pytest.param([Layer("a", Conv(4, (3, 3))), Layer("s", Concat(), of=("a", "input"))], "one height", id="sides"),
        pytest.param([Layer("p", GlobalPool("max")), Layer("z", Pad((1, 1)))], "pad slides", id="pad a vector"),
        pytest.param([Layer("s", Add(), of=("later", "input"))], "no row 'later'", id="forward"),
        pytest.param([Layer("a", Conv(3, (1, 1))), Layer("b", Dense(3), of=("a", "input"))], "one input", id="dense"),
        pytest.param([Layer("a", Conv(3, (1, 1))), Layer("a", Conv(3, (1, 1)))], "taken", id="twice"),
        pytest.param([Layer("a", Conv(3, (1, 1)), shares="b")], "no row 'b'", id="shares nothing"),
        pytest.param(
            [Layer("a", Pool("max", (2, 2), (2, 2))), Layer("b", Conv(3, (1, 1)), shares="a")],
            "same layer",
            id="unlike",
        ),
    ],
)
def test_names_the_row_and_the_reason(layers: list[Layer], says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        trace(Network("wrong", (3, 8, 8), tuple(layers)))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("add", "joins rows"),
        ("add of c1", "joins rows"),
        ("add of c1, c9", "no row 'c9'"),
        ("conv 3 1 of", "1 to 64 rows"),
        ("conv 3 1 shares", "one row"),
        ("conv 3 1 shares c1 stride 2", "end of the line"),
        ("input: conv 3 1", "taken by the image"),
        ("batchnorm eps 7", "small number"),
        ("batchnorm no shift", "takes eps"),
        ("pad rows 1x", "needs rows"),
        ("pad sides 1", "takes rows, columns, maps"),
        ("add share much of c1, input", "share is a number"),
        ("maxpool 3 inside", "'inside' is no option"),
        ("transposed 4 2 dilation 2", "takes stride, pad, extra, groups, no bias"),
    ],
)
def test_says_what_a_line_lacks(line: str, says: str) -> None:
    with pytest.raises(FormError, match=says):
        parse(f"input 3x8x8\nc1: conv 3 3 pad 1\n{line}")
