"""The four views of the pooling heads: each draws its controls and its figure, and returns what it has to say."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.blocks import heads
from core.blocks.heads import HEADS, Epoch, Examples, Head
from core.data.digits import held_out_digits, training_digits
from core.errors import ShapeError
from core.features.patches import learn_filters, patch_features, placed
from core.learning.train import Progress
from core.nets.layers import Dense, Flatten, GlobalPool, Network, numbered
from core.nets.trace import Trace, trace
from core.nets.zoo import network, without_top
from core.runtime.tasks import Task, may_go
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.gap import figures

NAMES = ("strong pixel", "wide blob")
CANVAS, FILTERS, ROUNDS = 14, 32, 60


def maps(controls: Any, stage: Any) -> lab.Said:
    """One strong pixel against a wide weak blob."""
    with controls:
        side = st.slider("Side of the maps", 3, 14, 7, key="side", bind="query-params")
        strength = st.slider("Value of the pixel", 0.0, 10.0, 6.0, 0.5, key="pixel", bind="query-params")
        width = min(st.slider("Width of the blob", 1, 14, 4, key="width", bind="query-params"), side)
        weak = st.slider("Value of the blob", 0.0, 10.0, 1.0, 0.5, key="blob", bind="query-params")
        asked = st.segmented_control(
            "Frame the pixels that get a gradient through", ("nothing", "average", "maximum"), default="nothing",
            key="gradient", bind="query-params", required=True,
        )  # fmt: skip
    drawn = (heads.strong_pixel(side, strength), heads.wide_blob(side, width, weak))
    pooled = {
        "average": tuple(float(heads.global_average(each[None])[0]) for each in drawn),
        "maximum": tuple(float(heads.global_max(each[None])[0]) for each in drawn),
    }
    rows = {
        "average": [heads.average_matrix(1, side, side).reshape(side, side)] * 2,
        "maximum": [heads.maximum_matrix(each[None]).reshape(side, side) for each in drawn],
    }
    values = pd.DataFrame(pooled, index=list(NAMES)).round(4).reset_index(names="map")
    winners = {how: _winner(pair) for how, pair in pooled.items()}
    with stage:
        st.markdown(f"The average prefers **{winners['average']}**, the maximum **{winners['maximum']}**.")
        alt = f"Two maps of {side}x{side}: one pixel of {strength:g}, and a blob {width} wide of {weak:g}."
        lab.chart(figures.two_maps(drawn, rows.get(asked), NAMES), key="maps", quick=True, alt=alt)
        st.caption("What each pooling makes of the two maps. The longer bar of each pair has the full length.")
        told = "; ".join(f"{how}: {pair[0]:.3g} and {pair[1]:.3g}" for how, pair in pooled.items())
        lab.chart(figures.scores(pooled, NAMES), key="scores", quick=True, alt=f"Pixel and blob, {told}.", table=values)
    notice = [
        f"The maximum looks at one pixel: {strength:g} against {weak:g}. One sure detail is enough, so a network that "
        "ends in it learns to find the most telling part.",
        f"The average adds up {width}x{width} values of {weak:g} and divides by {side * side}: "
        f"{pooled['average'][1]:.3g}. It rewards a network for finding all of an object.",
        f"The average prefers the pixel only if it is worth more than {width * width * weak:g}, the sum of the blob.",
        "The gradient goes back the same way. Through the average every pixel gets one part in "
        f"{side * side} of it; through the maximum one pixel gets all.",
    ]
    call = f"global_average(wide_blob({side}, {width}, {weak:g})[None])  # {pooled['average'][1]:.4g}"
    return lab.Said(notice, call, (heads.global_average, heads.global_max), _as_csv(values))


def matrix(controls: Any, stage: Any) -> lab.Said:
    """A pooling as a matrix, next to the unrolled volume."""
    with controls:
        how = st.segmented_control(
            "From maps to a vector by", ("average", "maximum", "flatten"), default="average", key="how",
            bind="query-params", required=True,
        )  # fmt: skip
        count = st.slider("Maps", 1, 6, 3, key="maps", bind="query-params")
        height = st.slider("Height", 1, 7, 2, key="height", bind="query-params")
        across = st.slider("Width of a map", 1, 7, 3, key="across", bind="query-params")
        seed = st.slider("Draw other values", 0, 20, 0, key="draw", bind="query-params")
    volume = np.random.default_rng(seed).integers(0, 10, (count, height, across)).astype(np.float64)
    entries, direct = {
        "average": (heads.average_matrix(count, height, across), heads.global_average(volume)),
        "maximum": (heads.maximum_matrix(volume), heads.global_max(volume)),
        "flatten": (heads.flatten_matrix(count, height, across), volume.ravel()),
    }[how]
    product = entries @ volume.ravel()
    size, zeros = f"{entries.shape[0]}x{entries.shape[1]}", float((entries == 0).mean())
    values = pd.DataFrame({"output": range(len(direct)), "matrix times volume": product.round(4), how: direct.round(4)})
    with stage:
        st.markdown(
            f"A matrix of **{size}**, {zeros:.0%} zeros. Its product and the pooling differ by at most "
            f"**{np.abs(product - direct).max():.1g}**."
        )
        alt = f"Matrix of {size} for {count} maps of {height}x{across}; the largest entry is {entries.max():.3g}."
        lab.chart(figures.matrix(entries, volume), key="matrix", quick=True, alt=alt, table=values)
    notice = [
        f"Average: every map is a block of {height * across} equal entries, 1/{height * across}, on the diagonal. "
        "Nothing in it is learned, and nothing mixes two maps.",
        "Maximum: a single 1 in each block, at the largest value. Draw other values and it moves: the matrix depends "
        "on the image, so no fixed one does it.",
        "Flatten is the identity. All the mixing is left to the dense layer behind it, which needs a weight for "
        "every pixel of every map.",
    ]
    shows = (heads.average_matrix, heads.maximum_matrix, heads.flatten_matrix)
    return lab.Said(notice, f"average_matrix({count}, {height}, {across}) @ volume.ravel()", shows, _as_csv(values))


def sizes(controls: Any, stage: Any) -> lab.Said:
    """Images of another size than the network was drawn for, and what the two kinds of head cost."""
    with controls:
        side = st.slider("Side of the image", 64, 512, 256, 32, key="image", bind="query-params")
        classes = st.slider("Classes", 2, 1000, 1000, key="classes", bind="query-params")
        st.caption("The convolutions are those of VGG16, drawn for 224x224.")
    tops = _tops(classes)
    values = pd.DataFrame([_top(name, drawn, side) for name, drawn in tops.items()]).set_index("head")
    parameters = {name: drawn.parameters_of(Dense) for name, drawn in tops.items()}
    with stage:
        for name, drawn in tops.items():
            try:
                heads.must_take(drawn, (3, side, side))
                st.success(f"**{name}** takes an image of {side}x{side}.", icon=":material/check_circle:")
            except ShapeError as error:
                st.warning(f"**{name}** takes no image of {side}x{side}: {error}.", icon=":material/cancel:")
        told = ", ".join(f"{name} {count:,}" for name, count in parameters.items())
        lab.chart(figures.costs(parameters), key="costs", quick=True, alt=f"Parameters: {told}.", table=values)
    _, dense, average = parameters.values()
    notice = [
        "The convolutions do not mind: a larger image makes larger maps. Flatten makes a longer vector of them, and "
        "the weights behind it were made for one length.",
        "Global average pooling makes 512 numbers of 512 maps, however large they are.",
        f"Into {classes} classes the dense layer behind flatten has {dense:,} parameters, behind the average "
        f"{average:,}: {dense / average:.0f} times fewer. Network in Network goes further: its last convolution has "
        "one map per class, the average is the score, and the head has no weights at all.",
        "It is the dense layer behind the average that lets maps and classes differ in number, not the softmax.",
    ]
    call = f'must_take(trace(network("vgg16")), (3, {side}, {side}))'
    return lab.Said(notice, call, (heads.must_take,), _as_csv(values))


def training(controls: Any, stage: Any) -> lab.Said:
    """Four heads learn from the same features; digits in the middle, or anywhere."""
    with controls:
        reach = st.slider("A digit lies up to so many pixels off the middle", 0, 3, 3, key="reach", bind="query-params")
        images = st.select_slider("Images to learn from", (100, 200, 400, 800), 400, key="images", bind="query-params")
        begin = st.button("Train the four heads", key="train", type="primary")
        st.caption(
            f"Digits on {CANVAS}x{CANVAS} pixels; {FILTERS} fixed features of the places in them, found by clustering "
            "patches. Every head has one hidden layer of 64 units. All learn from the same images, and 360 others test "
            "them."
        )
    setting = (reach, images)
    if begin:
        watching.begin("heads", setting, Task(trained, setting))
    parameters = {kind: trace(heads.head(kind, (FILTERS, 5, 5))).parameters for kind in HEADS}
    with stage:
        if watching.current("heads") is None:
            st.info("Press the button. It takes some seconds, and the curves grow as it goes.")
        watching.watch("heads", lambda work: _draw_curves(work, parameters), now=setting)
    work = watching.current("heads")
    found = _curves(work) if work else {}
    values = figures.last(found, parameters)
    notice = []
    if work and len(found) == len(HEADS):
        far, many = cast(tuple[int, int], work.setting)
        dense, average = found["dense"][-1], found["average"][-1]
        notice.append(
            f"The dense head has {parameters['dense']:,} parameters and ends with {dense.training:.1%} wrong on what "
            f"it learned and {dense.held_out:.1%} on new images; the average, with {parameters['average']:,}, with "
            f"{average.training:.1%} and {average.held_out:.1%}. They learned from {many} images with the digit "
            + (f"up to {far} pixels off the middle." if far else "in the middle.")
        )
    notice += [
        "A dense head learns by heart where everything was. Let the digits move, and what it knows about one place is "
        "worth nothing at the next: that is the gap between the dotted and the solid line.",
        "The average throws places away before anything can be learned by heart. Put the digits in the middle, where "
        "places tell them apart, and that is a loss: then the dense head wins.",
        "In the paper the differences are smaller: 11.59 % with a dense head, 10.88 % with dropout, 10.41 % with the "
        "average, on natural images.",
    ]
    shows = (heads.train_head, heads.head, patch_features, placed)
    return lab.Said(notice, f'train_head("average", learn, held_out, epochs={ROUNDS})', shows, _as_csv(values))


def _as_csv(values: pd.DataFrame) -> lab.Exports:
    return {"values.csv": lambda: values.to_csv(index=False)}


def _top(name: str, drawn: Trace, side: int) -> dict[str, str]:
    """What the head of a network meets on an image of that side."""
    rows = trace(drawn.network, (3, side, side)).rows
    top = next(row for row in rows if isinstance(row.operation, Flatten | GlobalPool))
    return {
        "head": name,
        "volume before it": "x".join(map(str, top.taken)),
        "length of the vector": f"{top.shape[0]:,}",
        "parameters": f"{drawn.parameters_of(Dense):,}",
    }


@lru_cache(maxsize=20)  # not Streamlit's: a thread asks
def _features(reach: int, images: int) -> tuple[Examples, Examples]:
    random, learn, held = np.random.default_rng(reach), training_digits(), held_out_digits()
    drawn = [placed(each, CANVAS, reach=reach, random=random) for each in (learn.images[:images], held.images)]
    filters = learn_filters(drawn[0], FILTERS, random=random)
    seen = [patch_features(each, filters) for each in drawn]
    scale = seen[0].std()
    return Examples(seen[0] / scale, learn.labels[:images]), Examples(seen[1] / scale, held.labels)


@st.cache_data(show_spinner=False, max_entries=50)
def _tops(classes: int) -> dict[str, Trace]:
    """VGG16 as it is, with one dense layer, and with global average pooling before it."""
    whole, trunk = network("vgg16"), without_top(network("vgg16"))
    ends = {"Flatten, one dense layer": Flatten(), "Global average, one dense layer": GlobalPool("average")}
    return {
        "Flatten, three dense layers": trace(whole),
        **{
            name: trace(Network(name, whole.input, (*trunk.layers, *numbered(end, Dense(classes)))))
            for name, end in ends.items()
        },
    }


@may_go
def trained(reach: int, images: int, progress: Progress) -> Iterator[tuple[Head, Epoch]]:
    """All heads, one after the other, on the same features."""
    progress(0.0, "finding features")
    learn, held_out = _features(reach, images)
    for number, kind in enumerate(HEADS):
        own = watching.part(progress, number, len(HEADS))
        for epoch in heads.train_head(kind, learn, held_out, epochs=ROUNDS):
            yield kind, epoch
            own(epoch.number / ROUNDS, f"{figures.TITLES[kind]}, round {epoch.number}")


def _curves(work: Job) -> dict[Head, list[Epoch]]:
    found: dict[Head, list[Epoch]] = {}
    for kind, epoch in list(work.found):
        found.setdefault(kind, []).append(epoch)
    return found


def _draw_curves(work: Job, parameters: dict[Head, int]) -> None:
    found = _curves(work)
    values = figures.last(found, parameters)
    ends = "; ".join(f"{row.head} {row[5]} % wrong on new images" for row in values.itertuples())
    lab.chart(figures.curves(found, ROUNDS), key="curves", quick=True, alt=f"Errors while training. {ends}.")
    folded("Where every head ended", values.set_index("head"), key="curves-numbers")
    st.caption("Solid: images nobody learned from. Dotted: those learned from.")


def _winner(pair: tuple[float, ...]) -> str:
    if abs(pair[0] - pair[1]) < 1e-12:
        return "neither"
    return f"the {NAMES[0] if pair[0] > pair[1] else NAMES[1]}"
