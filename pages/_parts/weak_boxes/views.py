"""What the lab of weak boxes draws: controls, one scene in three pictures, and the curve over many."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES
from core.explain.weak import above, box_overlap, pieces, weak_box
from core.types import Floats, Mask
from pages._kit import lab
from pages._kit.pictures import pixels as bytes_of
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.cam.figures import over
from pages._parts.weak_boxes import figures
from pages._parts.weak_boxes.work import (
    KINDS,
    MEASURES,
    SCENES,
    SHARES,
    Case,
    Kind,
    cases,
    curves,
    endings,
    heard_places,
    maps,
    named_right,
    of_kind,
    sizes,
)

MOST_PIECES = 6
COVERED, INSIDE, RIGHT = MEASURES["covered"], MEASURES["inside"], MEASURES["right"]


@dataclass(frozen=True)
class Setting:
    """Which scene, which map, above which share of its maximum."""

    number: int
    kind: Kind
    share: float


def controls() -> Setting:
    """Draw the controls."""
    share = st.slider(
        "Keep what is above, share of the maximum", 0.05, 0.9, 0.2, 0.05, key="share", bind="query-params",
        format="percent",
    )  # fmt: skip
    number = st.slider("Scene", 0, SCENES - 1, 6, key="scene", bind="query-params", help="Nobody learned from these.")
    kind = st.radio("Map of a head on the", KINDS, key="kind", bind="query-params")
    return Setting(int(number), cast(Kind, kind), float(share))


def stage(setting: Setting) -> pd.DataFrame:
    """One scene: its map, what stands out, the boxes; then the curve."""
    case, heat = cases()[setting.number], maps(setting.kind)[setting.number]
    found, parts = weak_box(heat, setting.share), pieces(above(heat, setting.share))
    overlap = box_overlap(heat, case.box, setting.share)
    _pictures(setting, case, heat, parts, found, overlap)
    rows = curves()
    best = {kind: float(np.argmax(values)) for kind, values in rows.items()}
    told = "; ".join(
        f"{kind}: best {rows[kind].max():.2f} above {SHARES[int(place)]:.0%}" for kind, place in best.items()
    )
    table = pd.DataFrame({"above": [f"{share:.0%}" for share in SHARES], **{k: v.round(3) for k, v in rows.items()}})
    st.markdown(f"**The same on all {SCENES} scenes**")
    lab.chart(
        figures.curves(SHARES, rows, setting.kind, setting.share),
        key="curves",
        quick=True,
        alt=f"Mean IoU of the boxes with the truth over {SCENES} scenes, by threshold. {told}.",
        table=table,
    )
    _endings()
    return table


def _endings() -> None:
    """Nets that were trained with either pooling from the start, all else alike."""
    found = endings()
    st.markdown(
        f"**Nets that learned with it.** The heads above share maps that were learned with a mean. Here are "
        f"{len(of_kind(KINDS[0]))} nets trained with a mean and as many with a maximum, all else alike."
    )
    st.caption(
        "Box IoU: at the threshold that was best on other scenes. Thing covered: the share of its pixels above half of "
        "the map's maximum. On the thing: the share of what is above half that lies on it."
    )
    lab.chart(
        figures.endings(found),
        key="endings",
        quick=True,
        alt="Means over the nets. "
        + "; ".join(f"{kind}: {', '.join(f'{name} {value:.2f}' for name, value in found.loc[kind].items())}"
                    for kind in KINDS)
        + ".",
    )  # fmt: skip
    folded("The numbers behind this chart", found.round(3), key="endings-numbers")


def _pictures(
    setting: Setting, case: Case, heat: Floats, parts: NDArray[np.int64], found: Floats | None, overlap: float
) -> None:
    """The map, what stands out of it, and both boxes."""
    name, count = CLASSES[case.label], int(parts.max())
    masks: Mask = np.array([parts == number for number in range(1, min(count, MOST_PIECES) + 1)])
    end = ". No box was found." if found is None else f" and the found one; their IoU is {overlap:.2f}."
    shots(
        [
            Shot(
                over(bytes_of(case.image.astype(np.float64)), heat, side=128),
                f"The votes for {name} over the scene.",
                "1. The map",
            ),
            Shot(
                figures.brightness(heat),
                f"{count} connected pieces above {setting.share:.0%} of the maximum.",
                f"2. Above {setting.share:.0%}: {count} piece{'' if count == 1 else 's'}",
                masks=masks if count else None,
            ),
            Shot(
                case.image.astype(np.float64),
                f"A drawn {name} with its true box{end}",
                f"3. Box of the largest: IoU {overlap:.2f}",
                boxes=case.box[None] if found is None else np.stack([case.box, found]),
                labels=("truth",) if found is None else ("truth", "box"),
            ),
        ],
        least=190,
        most=330,
    )
    if found is None:
        st.warning(
            "The map is empty: every place votes against the class, so there is no box.", icon=":material/lightbulb:"
        )


def notice(setting: Setting) -> list[str]:
    """What to notice, from the numbers."""
    rows, right, places = curves(), named_right(), heard_places()
    at_lecture = {kind: float(values[SHARES.index(0.2)]) for kind, values in rows.items()}
    best = {kind: (float(values.max()), SHARES[int(values.argmax())]) for kind, values in rows.items()}
    mean, maximum, hears = KINDS
    large, learned = sizes(mean, 0.2), endings()
    return [
        "Nobody showed this network a box. It learned names only, and the box is read off its map.",
        f"At the lecture's 20% the boxes reach a mean IoU of {at_lecture[mean]:.2f}: "
        f"{float((large > 1).mean()):.0%} of them are too large, half of them more than {float(np.median(large)):.1f} "
        f"times. At {best[mean][1]:.0%} they would reach {best[mean][0]:.2f}. The map of 8x8 fades out slowly; the "
        "rule was made for other networks, and a threshold belongs to its maps.",
        "The largest piece is kept, not the brightest. Raise the threshold and watch one piece fall into several.",
        f"Both heads learned from the same maps and name {right['mean']:.0%} and {right['maximum']:.0%} of these "
        f"scenes right. A mean hears all 64 places of a map, the maximum {places['maximum']:.0f} of them, one of each "
        "map.",
        f"What the maximum hears makes boxes of {best[hears][0]:.2f} at best, already above {best[hears][1]:.0%}: a "
        f"few telling details. All of its weighted maps together reach {best[maximum][0]:.2f}, but these maps were "
        "learned with a mean behind them.",
        f"Learned with a maximum from the start, a net marks {learned.loc[maximum, COVERED]:.0%} of the thing above "
        f"half of its map's maximum; learned with a mean, {learned.loc[mean, COVERED]:.0%}: the lecture's argument. "
        f"What it marks lies on the thing more often, {learned.loc[maximum, INSIDE]:.0%} against "
        f"{learned.loc[mean, INSIDE]:.0%}. After these short trainings the nets with a maximum name "
        f"{learned.loc[maximum, RIGHT]:.0%} of the scenes right, those with a mean {learned.loc[mean, RIGHT]:.0%}.",
    ]
