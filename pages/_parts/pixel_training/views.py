"""The views of the lab on training with pixels: patches, whole pictures, and how steady a step is."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.models.segmenters import DIFFICULTIES, NAMES, SIDE, Difficulty, Labels
from core.segment import masks
from core.segment.fcn import FINEST, Finest, field
from core.segment.steps import masked_variance, pixel_gradients, spread, three_ways
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.pixel_training import figures, work
from pages._parts.unet.figures import inked

MASKS, MOST = 100, 19  # masks to try; the last scene to choose
SHOWN = 12  # patches that are drawn


def _scene() -> tuple[Difficulty, int]:
    difficulty = st.segmented_control(
        "Scenes", DIFFICULTIES, default="plain", key="scenes", bind="query-params", required=True
    )
    number = int(st.slider("Another scene", 0, MOST, 16, key="scene", bind="query-params"))
    return difficulty, number


def patchwise(controls: Any, stage: Any) -> lab.Said:
    """Patches cut anywhere, each labelled by the pixel in its middle."""
    with controls:
        difficulty, number = _scene()
        balance = st.slider("Balance: 0 as it is, 1 all alike", 0.0, 1.0, 0.0, 0.1, key="balance", bind="query-params")
        count = int(st.slider("Patches", 10, 300, 60, 10, key="patches", bind="query-params"))
        side = int(st.slider("Side of a patch", 9, 89, 39, 2, key="patch", bind="query-params"))
        seed = int(st.slider("Draw again", 0, 20, 0, key="draw", bind="query-params"))
    scene = work.scene(difficulty, number)
    image = scene.image.astype(np.float64)
    places = masks.centres(scene.labels, count, balance=float(balance), random=np.random.default_rng(seed))
    read = masks.times_read((SIDE, SIDE), places, side=side)
    there, _, got = work.shares(scene.labels, places, float(balance))
    cost, dense = masks.passes(count, side, SIDE), masks.passes(SIDE * SIDE, side, SIDE)
    present = [place for place in range(len(NAMES)) if there[place] > 0]
    names = [NAMES[place] for place in present]
    values = pd.DataFrame(
        {"pixels, %": (100 * there[present]).round(1), "patches, %": (100 * got[present]).round(1)}, index=names
    )
    boxes = np.array(
        [(c - side // 2, r - side // 2, c - side // 2 + side, r - side // 2 + side) for r, c in places[:SHOWN]]
    )
    with stage:
        st.markdown(
            f"{count} patches cost as much as **{cost:.1f}** passes over the whole picture, and answer for {count} "
            f"pixels of {SIDE * SIDE:,}."
        )
        shots(
            [
                Shot(
                    image,
                    f"A scene with {min(SHOWN, count)} patches of {side}x{side} framed.",
                    f"The first {min(SHOWN, count)} patches",
                    boxes=boxes.astype(np.float64),
                ),
                Shot(
                    inked(read.astype(np.float64), most=max(1.0, float(read.max()))),
                    f"How often every pixel is read: up to {read.max()} times, {read.mean():.1f} on average.",
                    f"How often a pixel is read: up to {read.max()} times",
                ),
            ],
            most=320,
        )
        cut = masks.patches(image, places[:SHOWN], side=side)
        labels = [NAMES[scene.labels[r, c]] for r, c in places[:SHOWN]]
        shots(
            [Shot(each, f"A patch: {label}.", label) for each, label in zip(cut, labels, strict=True)],
            least=64,
            most=84,
        )
        told = ", ".join(f"{name} {row.iloc[0]} and {row.iloc[1]} %" for name, row in values.iterrows())
        lab.chart(
            figures.shares(names, {"of the pixels": there[present], "of the patches": got[present]}),
            key="shares",
            quick=True,
            alt=f"Of the pixels and of the patches: {told}.",
        )
        folded("The numbers behind this chart", values, key="shares-numbers")
    notice = [
        f"A patch is an ordinary example for a classifier: a picture of {side}x{side} and one label. So everything "
        "known about unequal classes applies; the slider resamples until all classes come equally often.",
        f"To label every pixel like this, {SIDE * SIDE:,} patches are needed: {dense:,.0f} times the work of one pass, "
        "since neighbouring patches share almost everything and each computes it again.",
        "What a patch cannot show, the net cannot use: a patch inside a large square looks like one inside a large "
        "circle.",
        f"The maps of stride 8 of our FCN see {field(8)}x{field(8)} pixels, those of stride 32 "
        f"{field(32)}x{field(32)}.",
    ]
    call = f"centres(labels, {count}, balance={balance:g}, random=np.random.default_rng({seed}))"
    shows = (masks.centres, masks.wanted_shares, masks.times_read, masks.passes)
    return lab.Said(notice, call, shows, {"shares.csv": lambda: values.to_csv(index_label="class")})


def whole(controls: Any, stage: Any) -> lab.Said:
    """All pixels of a picture at once, some of them left out by chance, each with its weight."""
    with controls:
        difficulty, number = _scene()
        finest: Finest = st.segmented_control(
            "Losses of", FINEST, default=32, format_func=lambda each: f"FCN-{each}s", key="net", bind="query-params",
            required=True,
        )  # fmt: skip
        masked = st.toggle("Random mask M(x)", True, key="mask", bind="query-params")
        keep = float(
            st.slider(
                "A pixel stays with a chance of", 0.02, 1.0, 0.2, 0.02, key="keep", bind="query-params",
                disabled=not masked,
            )
        )  # fmt: skip
        weigh = st.toggle("Class weights w(x)", False, key="weigh", bind="query-params")
        seed = int(st.slider("Another mask", 0, 40, 0, key="again", bind="query-params", disabled=not masked))
    scene = work.scene(difficulty, number)
    losses = work.losses(difficulty, number, finest)
    keep = keep if masked else 1.0
    weights = _weights(scene.labels, weigh=weigh)
    full = masks.full_loss(losses, weights)
    mask = masks.random_mask((SIDE, SIDE), keep, random=np.random.default_rng(seed))
    this = masks.masked_loss(losses, weights, mask, keep=keep)
    many = _many(difficulty, number, finest, weigh, keep)
    counted = weights * losses
    most = float(np.quantile(counted, 0.995)) or 1.0
    values = pd.DataFrame(
        {"loss": [full, this, many.mean(), many.std()]},
        index=["all pixels", "this mask", f"mean of {MASKS} masks", f"spread of {MASKS} masks"],
    ).round(4)
    with stage:
        st.markdown(
            f"Full loss **{full:.4f}**, with this mask **{this:.4f}**; over {MASKS} masks **{many.mean():.4f}** on "
            f"average, give or take {many.std():.4f}."
        )
        shots(
            [
                Shot(scene.image.astype(np.float64), "The scene.", "The scene"),
                Shot(
                    inked(counted, most=most),
                    f"w(x) l(x): {float((counted > most / 4).mean()):.0%} of the pixels are bright, most near borders.",
                    "w(x) l(x), bright is large",
                ),
                Shot(
                    inked(np.where(mask, counted, 0.0), most=most),
                    f"The same for the {mask.mean():.0%} of the pixels that the mask leaves.",
                    f"M(x) w(x) l(x): {mask.mean():.0%} of the pixels",
                ),
            ],
            least=170,
            most=300,
        )
        lab.chart(
            figures.losses_of_masks(many, full),
            key="masks",
            quick=True,
            alt=f"Losses of {MASKS} masks: from {many.min():.3f} to {many.max():.3f}, mean {many.mean():.3f}; the full "
            f"loss is {full:.3f}.",
        )
        folded("The numbers behind this chart", values, key="masks-numbers")
    notice = [
        "A masked loss is divided by the chance to stay, so on average over all masks it is the full loss. It costs "
        "the same pass: a mask saves nothing, it brings chance.",
        "Chance is what whole pictures lack: without a mask the same picture gives the same step every time.",
        "Class weights do to whole pictures what balanced drawing did to patches: a pixel of a class with half the "
        "share counts twice.",
        "Losses are large near borders and small elsewhere. The full loss is an average over mostly easy pixels.",
    ]
    call = f"masked_loss(losses, weights, random_mask({SIDE, SIDE}, {keep:g}, random=random), keep={keep:g})"
    shows = (masks.full_loss, masks.masked_loss, masks.losses_of_masks, masks.balancing_weights)
    return lab.Said(notice, call, shows, {"losses.csv": lambda: values.to_csv(index_label="of")})


@st.cache_data(show_spinner=False, max_entries=200)
def _many(difficulty: Difficulty, number: int, finest: Finest, weigh: bool, keep: float) -> Floats:
    """The masked loss of many masks."""
    losses = work.losses(difficulty, number, finest)
    weights = _weights(work.scene(difficulty, number).labels, weigh=weigh)
    return masks.losses_of_masks(losses, weights, keep=keep, count=MASKS, random=np.random.default_rng(0))


def _weights(labels: Labels, *, weigh: bool) -> Floats:
    return masks.balancing_weights(labels, len(NAMES), 1.0) if weigh else np.ones(labels.shape)


def steady(controls: Any, stage: Any) -> lab.Said:
    """How far a step varies from one draw to the next, for the three ways to choose pixels."""
    with controls:
        difficulty = st.segmented_control(
            "Scenes", DIFFICULTIES, default="plain", key="scenes", bind="query-params", required=True
        )
        count = st.select_slider(
            "Pixels in a step", (8, 16, 32, 64, 128, 256, 512), 64, key="pixels", bind="query-params"
        )
        batch = int(st.slider("Pictures in a step", 1, 6, 1, key="batch", bind="query-params"))
        balance = float(st.slider("Balance of the classes", 0.0, 1.0, 0.0, 0.25, key="even", bind="query-params"))
    found = work.steps(difficulty, int(count), batch, balance)
    ways = {
        f"{count} patches, all pictures": found.patches,
        f"{count} pixels, masked": found.masked,
        "all pixels, no mask": found.whole,
    }
    spreads = {name: spread(each, found.full) for name, each in ways.items()}
    patches, masked, full = spreads.values()
    costs = (masks.passes(int(count), field(8), SIDE), float(batch), float(batch))
    values = pd.DataFrame(
        {"spread": np.round(list(spreads.values()), 3), "cost in passes": np.round(costs, 1)}, index=list(spreads)
    )
    with stage:
        st.markdown(
            f"With {count} pixels, a step from patches strays by **{patches:.2f}** of its length, one from {batch} "
            f"masked picture{'s' * (batch > 1)} by **{masked:.2f}**; without a mask by **{full:.2f}**."
        )
        told = "; ".join(f"{name} {each:.2f}" for name, each in spreads.items())
        lab.chart(figures.spreads(spreads), key="spreads", quick=True, alt=f"Spread of a step: {told}.")
        folded("The numbers behind this chart", values, key="spreads-numbers")
        st.caption(
            "Steps of a training that begins: a 1x1 convolution on the 64 maps of stride 8 of the shipped FCN, its "
            f"weights 0. {work.DRAWS} steps of each kind, {work.PICTURES} scenes, {28 * 28} pixels of each."
        )
    notice = [
        "The same number of pixels says more if it comes from all over: neighbours agree, and a picture lacks most "
        f"classes. Patches stray by {patches:.2f}, masked pixels of {batch} picture{'s' * (batch > 1)} by "
        f"{masked:.2f}.",
        f"But {count} patches of {field(8)}x{field(8)} cost {costs[0]:.1f} passes over a picture, and all {28 * 28} "
        f"pixels of a picture cost one. Long, Shelhamer and Darrell found whole pictures to learn as well, and faster.",
        "A mask only adds to what already varies between pictures. What helps is another picture in the step, not "
        "another pixel of the same.",
        "Each picture with a mask varies by (1 - keep) / keep times the sum of its squared gradients: halve the "
        "chance, and that part of the variance about doubles.",
    ]
    call = f"spread(steps, full)  # {count} pixels: {patches:.2f} from patches, {masked:.2f} masked"
    shows = (pixel_gradients, three_ways, spread, masked_variance)
    return lab.Said(notice, call, shows, {"spreads.csv": lambda: values.to_csv(index_label="steps")})
