"""The views of the resolution lab: one label map down and up, many over all factors, and a network without pooling."""

from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import Scene, draw, label_map, sketch
from core.measure.segmentation import band, counted, mean_iou, pixel_accuracy
from core.segment.unpooled import Depth, deeper, stack
from core.segment.upsample import FACTORS, WAYS, Kept, Labels, Way, down_and_up, grown, lost, one_hot, shares
from core.types import Floats, Mask
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.resolution import figures

SIDE, CLASSES, RADIUS, MANY = 192, len(figures.NAMES), 3, 12
KEPT: dict[str, Kept] = {"the most frequent label": "labels", "shares of all classes": "shares"}
SPOKEN: dict[str, tuple[Kept, Way]] = {
    "labels, repeated": ("labels", "nearest"),
    "labels, bilinear": ("labels", "bilinear"),
    "shares, bilinear": ("shares", "bilinear"),
}


@st.cache_data(show_spinner=False, max_entries=12)
def scene(number: int) -> tuple[Scene, Labels, Mask]:
    """A drawn scene, its label map, and the pixels near true borders."""
    drawn = draw(sketch("test", number, objects=(3, 7), sizes=(0.07, 0.22), name="resolution"), side=SIDE)
    truth = label_map(drawn)
    return drawn, truth, band(truth, RADIUS)


@st.cache_data(show_spinner="Sending twelve label maps down and up at every factor")
def all_factors() -> pd.DataFrame:
    """The pooled mean IoU of every way and factor over many scenes, over all pixels and near borders."""
    seen = [scene(number) for number in range(MANY)]
    rows = []
    for name, (kept, way) in SPOKEN.items():
        for factor in FACTORS:
            every, near = lost(
                [truth for _, truth, _ in seen], [edge for *_, edge in seen], factor, CLASSES, kept=kept, way=way
            )
            rows.append((name, factor, mean_iou(every), mean_iou(near), 1 - pixel_accuracy(near)))
    return pd.DataFrame(rows, columns=["way", "factor", "mean IoU", "near borders", "wrong near borders"])


def one(controls: Any, stage: Any) -> lab.Said:
    """One label map, kept coarse and grown again."""
    with controls:
        factor = int(st.select_slider("Factor", (1, *FACTORS), 8, key="factor", bind="query-params"))
        kept = KEPT[st.radio("Of every block is kept", list(KEPT), key="kept", bind="query-params")]
        way = cast(Way, st.segmented_control(
            "Grown by", WAYS, default="nearest", key="way", bind="query-params", required=True
        ))  # fmt: skip
        number = int(st.slider("Scene", 0, 99, 2, key="scene", bind="query-params"))
    drawn, truth, edge = scene(number)
    answer = down_and_up(truth, factor, CLASSES, kept=kept, way=way)
    wrong = answer != truth
    counts = counted(truth, answer, CLASSES)
    near = counted(truth[edge], answer[edge], CLASSES)
    coarse = shares(truth, factor, CLASSES)
    share = float((wrong & edge).sum() / max(int(wrong.sum()), 1))
    side, iou = coarse.shape[1], mean_iou(counts)
    gone = sorted({figures.NAMES[each] for each in np.setdiff1d(np.unique(truth), np.unique(answer))})
    with stage:
        with st.container(horizontal=True, gap="medium", key="totals"):
            st.metric("Mean IoU", f"{iou:.3f}", width="content")
            st.metric("Mean IoU near borders", f"{mean_iou(near):.3f}", width="content")
            st.metric("Wrong pixels", f"{wrong.mean():.1%}", width="content")
            st.metric("Wrong near borders", f"{1 - pixel_accuracy(near):.1%}", width="content")
        best = coarse.argmax(axis=0)
        shots(
            [
                Shot(drawn.image, f"A scene with {len(drawn.targets)} things.", "The scene"),
                Shot(figures.painted(truth), "Its true label map.", "True labels, 192x192"),
                Shot(
                    figures.painted(best) if kept == "labels" else _mixed(coarse),
                    f"The coarse map of {side}x{side} blocks.",
                    f"Kept: {side}x{side} blocks",
                    sharp=True,
                ),
                Shot(
                    _marked(answer, wrong),
                    f"The map grown again by {way}: {wrong.mean():.1%} of the pixels are wrong.",
                    "Grown again; white is wrong",
                ),
            ],
            least=300,
            most=420,
        )
        st.html(_key())
    return lab.Said(
        notice=[
            f"{side}x{side} blocks are left of {SIDE}x{SIDE} pixels: one value stands for {factor * factor}.",
            f"{wrong.mean():.1%} of all pixels are wrong, and {share:.0%} of those lie within {RADIUS} pixels of a "
            "true border. What is large survives, where it ends does not."
            if wrong.any()
            else "Nothing is lost: every block has one class, or is a single pixel.",
            *([f"Gone altogether: {', '.join(gone)}. No way up brings them back."] if gone else []),
            _tell(kept, way),
        ],
        call=f'down_and_up(labels, {factor}, {CLASSES}, kept="{kept}", way="{way}")',
        shows=(down_and_up, shares, grown, one_hot),
        exports={
            "counts.csv": lambda: pd.DataFrame(counts, figures.NAMES, figures.NAMES).to_csv(),
        },
    )


def _tell(kept: Kept, way: Way) -> str:
    if way == "nearest":
        return (
            "Repeating gives every block its most frequent label: squares. It is the lecture's direct segmentation of "
            "a heat map, where each answer fills its place."
        )
    faded = (
        " The transposed convolution fades at the picture's border, all classes alike, so the labels are the same as "
        "those of bilinear interpolation: it is the start from which a network learns its upsampling."
        if way == "transposed"
        else ""
    )
    if kept == "labels":
        return (
            f"Between two labels the border runs halfway: smoother than squares, but the true place is unknown.{faded}"
        )
    return (
        "Shares say how much of a block each class covers, as a network's probabilities do. So a border between blocks "
        f"can be put where it was, to a fraction of a block, as long as blocks are not larger than things.{faded}"
    )


def _mixed(coarse: Floats) -> Floats:
    """Blocks in the mixture of their classes' colours: (K, h, w) -> (h, w, 3)."""
    pure = figures.painted(np.arange(CLASSES)[None])[0]
    mixed: Floats = np.einsum("khw,kc->hwc", coarse, pure)
    return mixed


def _marked(answer: Labels, wrong: Mask) -> Floats:
    found = figures.painted(answer)
    found[wrong] = 1.0
    return found


def _key() -> str:
    """Which colour is which class."""
    items = "".join(
        f'<span style="white-space: nowrap"><span style="display: inline-block; width: 0.8em; height: 0.8em; '
        f'background: {colour}; border: 1px solid #8A8F98"></span> {name}</span>'
        for colour, name in zip(figures.COLOURS, figures.NAMES, strict=True)
    )
    return f'<div style="display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.875rem">{items}</div>'


def factors(controls: Any, stage: Any) -> lab.Said:
    """The mean IoU of three ways over all factors."""
    with controls:
        factor = int(st.select_slider("Factor", FACTORS, 8, key="at", bind="query-params"))
        st.caption(f"{MANY} scenes of {SIDE}x{SIDE} pixels together. Near borders: within {RADIUS} pixels of one.")
    found = all_factors()
    curves = {name: found[found.way == name]["mean IoU"].tolist() for name in SPOKEN}
    edges = {name: found[found.way == name]["near borders"].tolist() for name in SPOKEN}
    place = FACTORS.index(factor)
    told = ", ".join(
        f"{name} {values[place]:.3f} ({edges[name][place]:.3f} near borders)" for name, values in curves.items()
    )
    best = max(curves, key=lambda name: curves[name][place])
    pairs = zip(FACTORS, curves["shares, bilinear"], curves["labels, repeated"], strict=True)
    worse = [at for at, smooth, squares in pairs if smooth < squares]
    with stage:
        st.markdown(f"At a factor of **{factor}**: {told}.")
        st.caption("Solid: all pixels. Dotted: near true borders only.")
        lab.chart(
            figures.by_factor(curves, edges, FACTORS, factor),
            key="factors",
            alt=f"Mean IoU over factors {', '.join(map(str, FACTORS))}. At {factor}: {told}.",
            table=found.round(3).set_index("way"),
            quick=True,
        )
    return lab.Said(
        notice=[
            f"At a factor of {factor} the best of the three is: {best}. Growing smoothly helps only as far as the "
            "coarse map knows something between its values.",
            "Repeated labels and repeated shares are the same map, and so are bilinear and a transposed convolution "
            "that begins with the tent: so three curves stand for all six ways.",
            *(
                [
                    f"At {worse[0]} bilinear shares fall below repeated labels: where values are mixed, a thing "
                    "smaller than a block is outvoted by the ground around it."
                ]
                if worse
                else []
            ),
            "These are perfect labels that went through a coarse map. A network is not bound to shares: its scores may "
            "be any numbers, and strong ones beside weak ones move the border between them. So FCN-32s, 32 times "
            "coarser than its picture, does better than perfect labels so coarse, and FCN-8s, with skips to finer "
            "maps, much better: see [their lab](fcn?view=Many+scenes).",
        ],
        call=f'lost(truths, borders, {factor}, {CLASSES}, kept="shares", way="bilinear")',
        shows=(lost, down_and_up, grown),
        exports={"factors.csv": lambda: found.to_csv(index=False)},
    )


def _depths(found: pd.DataFrame) -> pd.DataFrame:
    """Both curves as a table."""
    return pd.DataFrame(
        {
            "convolutions": found.convolutions.to_numpy(),
            "field": found.field.to_numpy(),
            "map": [f"{side}x{side}" for side in found.side],
            "MB": (found.bytes / 2**20).round(1).to_numpy(),
            "billion products": (found.macs / 1e9).round(1).to_numpy(),
        },
        index=pd.Index(found.network, name="network"),
    )


@st.cache_data(show_spinner=False, max_entries=50)
def nets(every: int, side: int) -> dict[str, tuple[Depth, ...]]:
    """Both networks of 1 to 24 convolutions."""
    return {
        "without pooling": deeper(24, side=side),
        "with pooling": deeper(24, pool_every=every, side=side),
    }


def unpooled(controls: Any, stage: Any) -> lab.Said:
    """The view and the memory of a network without pooling beside one with it."""
    with controls:
        depth = int(st.slider("Convolutions", 1, 24, 10, key="depth", bind="query-params"))
        every = int(st.slider("With pooling: one after so many", 2, 6, 3, key="every", bind="query-params"))
        side = int(st.select_slider("Side of the image", (224, 320, 512), 224, key="size", bind="query-params"))
    found = nets(every, side)
    flat, pooled = (each[depth - 1] for each in found.values())
    needed = side // 2  # 2 * needed + 1 is the first odd number that reaches an even side
    with stage:
        st.markdown(
            f"{depth} convolutions **without pooling** see **{flat.field}** pixels and keep "
            f"**{flat.bytes / 2**20:,.0f} MB** per image; **with** pooling {pooled.field} pixels and "
            f"{pooled.bytes / 2**20:,.0f} MB."
        )
        for key, what, title, log in (
            ("fields", "field", "receptive field, pixels", False),
            ("memory", "bytes", "memory per image, MB", False),
        ):
            lab.chart(
                figures.growing(found, what, title, log=log, chosen=depth),
                key=key,
                alt=f"{title.capitalize()} over depth. At {depth}: "
                + ", ".join(
                    f"{name} {getattr(each, what) / (2**20 if what == 'bytes' else 1):,.0f}"
                    for name, each in zip(found, (flat, pooled), strict=True)
                )
                + ".",
                quick=True,
            )
        curves = pd.concat([pd.DataFrame(map(vars, each)).assign(network=name) for name, each in found.items()])
        folded("The numbers behind these charts", _depths(curves), key="depth-numbers")
    return lab.Said(
        notice=[
            f"Without pooling each 3x3 convolution widens the view by 2 pixels: 2·{depth} + 1 = {flat.field}. To see "
            f"all of {side} pixels it would take {needed}.",
            f"Its last map is as large as the image, {flat.side}x{flat.side}; with pooling it is "
            f"{pooled.side}x{pooled.side}. That is the exchange: deep for what, fine for where.",
            f"All its layers work on all pixels: {flat.macs / 1e9:,.1f} billion multiply-accumulates. The one with "
            f"pooling has {pooled.parameters / flat.parameters:,.1f} times the weights, because it makes more maps the "
            f"smaller they get, and takes {pooled.macs / 1e9:,.1f} billion.",
            "Memory is what training keeps of one image, 4 bytes a value, 64 maps a layer (doubled at every pooling, "
            "to 512 at most).",
        ],
        call=f"deeper({depth}, side={side}), deeper({depth}, pool_every={every}, side={side})",
        shows=(deeper, stack),
        exports={"depth.csv": lambda: _depths(curves).to_csv()},
    )
