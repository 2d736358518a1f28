"""The short form of a stack."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FormError, LimitError, ShapeError
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten, GlobalPool, Layer, Pool
from core.nets.stack import MOST_LAYERS, extended, next_dilation, parse_stack, shortened, steps, write_stack


@st.composite
def written(draw: st.DrawFn) -> str:
    items = []
    for _ in range(draw(st.integers(1, 6))):
        kind, kernel = draw(st.sampled_from(["conv", "pool"])), draw(st.integers(1, 7))
        item = f"{kind} {kernel}"
        if draw(st.booleans()):
            item += f" stride {draw(st.integers(1, 5))}"
        if kind == "conv" and draw(st.booleans()):
            item += f" dilation {draw(st.integers(1, 5))}"
        choice = draw(st.sampled_from(["", "padding", "same"]))
        if choice == "padding":
            item += f" padding {draw(st.integers(0, kernel // 2))}"
        elif choice == "same" and kind == "conv" and kernel % 2:
            item += " same"
        if draw(st.booleans()):
            item += f" times {draw(st.integers(1, 3))}"
        items.append(item)
    return draw(st.sampled_from([", ", "\n", ",\n  "])).join(items)


@given(written())
@settings(deadline=None)
def test_reads_back_what_it_writes(text: str) -> None:
    layers = parse_stack(text)
    assert parse_stack(write_stack(layers)) == layers
    assert write_stack(parse_stack(write_stack(layers))) == write_stack(layers)


def test_reads_every_word() -> None:
    layers = parse_stack("CONV 3x1 same dilation 2 stride 3, pool 3 stride 2 padding 1, conv 5 padding 2, pool 2")
    assert layers == (
        Layer("conv1", Conv(1, (3, 1), (3, 3), (2, 0), (2, 2))),
        Layer("pool1", Pool("max", (3, 3), (2, 2), (1, 1))),
        Layer("conv2", Conv(1, (5, 5), padding=(2, 2))),
        Layer("pool2", Pool("max", (2, 2), (2, 2))),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "no layer yet", id="empty"),
        pytest.param(" , ,\n", "no layer yet", id="only-commas"),
        pytest.param("conv 3, dense 10", "'dense 10' is no layer", id="unknown-layer"),
        pytest.param("conv", "needs the side of its window", id="no-window"),
        pytest.param("conv three", "needs the side of its window", id="window-in-letters"),
        pytest.param("conv -3", "needs the side of its window", id="negative-window"),
        pytest.param("conv 0", "kernel starts at 1", id="empty-window"),
        pytest.param("conv 3x0", "kernel starts at 1", id="flat-window"),
        pytest.param("conv 3 stride 0", "stride starts at 1", id="stride-zero"),
        pytest.param("conv 3 times 0", "times starts at 1", id="zero-times"),
        pytest.param("conv 3 stride", "stride needs a whole number", id="no-number"),
        pytest.param("conv 3 stride two", "stride needs a whole number", id="number-in-letters"),
        pytest.param("conv 3 stride 2 stride 3", "says stride twice", id="twice"),
        pytest.param("conv 3 same same", "says same twice", id="same-twice"),
        pytest.param("conv 3 same padding 1", "one of them is enough", id="same-and-padding"),
        pytest.param("conv 4 same", "odd sides", id="same-and-even"),
        pytest.param("conv 3 bias", "'bias' is not one of", id="unknown-word"),
        pytest.param("pool 2 dilation 2", "'dilation' is not one of", id="dilated-pooling"),
        pytest.param("pool 2 padding 2", "at most half its window", id="pooling-padding-only"),
    ],
)
def test_names_the_item_it_cannot_read(text: str, said: str) -> None:
    with pytest.raises(FormError, match=said):
        parse_stack(text)


def test_counts_lines_from_one() -> None:
    with pytest.raises(FormError) as caught:
        parse_stack("conv 3,\npool 2\nconv 3, cnv 3")
    assert caught.value.line == 3
    assert "'cnv 3'" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "conv 999999999",
        "conv 3 stride 999999999",
        "conv 3 padding 999999999",
        "conv 3 dilation 999999999",
        "conv 3 times 999999999",
        f"conv 3 times {MOST_LAYERS + 1}",
        "conv 3," * MOST_LAYERS + "pool 2",
        "conv 3," * 100_000,
    ],
)
def test_refuses_absurd_sizes(text: str) -> None:
    with pytest.raises(LimitError):
        parse_stack(text)


@pytest.mark.parametrize(
    "operation", [Dense(10), GlobalPool("max"), Conv(1, (3, 3), stride=(1, 2)), Conv(1, (3, 3), padding=(0, 1))]
)
def test_writes_nothing_it_has_no_words_for(operation: Dense | GlobalPool | Conv) -> None:
    with pytest.raises(ShapeError, match="short form"):
        write_stack([Layer("odd", operation)])


def test_leaves_out_what_works_value_by_value() -> None:
    layers = (
        *parse_stack("conv 3, pool 2"),
        Layer("relu", Activation("relu")),
        Layer("drop", Dropout(0.5)),
        Layer("flat", Flatten()),
        Layer("dense", Dense(10)),
    )
    found = steps(layers, (8, 10))
    assert [step.name for step in found] == ["conv1", "pool1", "dense"]
    assert (found[-1].rows.kernel, found[-1].columns.kernel, found[-1].sides) == (3, 4, (1, 1))


def test_names_the_layer_that_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="pool2"):
        steps(parse_stack("pool 2, pool 2"), 3)


@pytest.mark.parametrize("image", [0, (4, 0), -1])
def test_wants_an_image(image: int | tuple[int, int]) -> None:
    with pytest.raises(ShapeError, match="at least one pixel"):
        steps(parse_stack("conv 1"), image)


def test_grows_from_nothing_and_shrinks_to_nothing() -> None:
    text = ""
    for item in ("conv 3 same", "conv 3 same", "pool 2"):
        text = extended(text, item)
    assert text == "conv 3 same times 2, pool 2"
    assert shortened(shortened(shortened(text))) == ""


def test_refuses_one_layer_too_many() -> None:
    with pytest.raises(LimitError, match=f"at most {MOST_LAYERS} layers"):
        extended(f"conv 3 times {MOST_LAYERS}", "pool 2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", 2), ("pool 2", 2), ("conv 3", 2), ("conv 3 dilation 2, pool 2", 4), ("conv 3 dilation 64", 64)],
)
def test_doubles_the_last_dilation(text: str, expected: int) -> None:
    assert next_dilation(text) == expected
