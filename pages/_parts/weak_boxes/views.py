"""What the lab of weak boxes draws: controls, one scene in three pictures, and the curve over many."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES
from core.explain.weak import Neighbours, above, box_overlap, pieces, weak_box
from core.types import Floats, Mask
from pages._kit import lab
from pages._kit.pictures import pixels as bytes_of
from pages._kit.shots import Shot, shots
from pages._parts.cam.figures import over
from pages._parts.weak_boxes import figures
from pages._parts.weak_boxes.work import (
    KINDS,
    SCENES,
    SHARES,
    Case,
    Kind,
    cases,
    curves,
    heard_places,
    maps,
    named_right,
)

MOST_PIECES = 6


@dataclass(frozen=True)
class Setting:
    """Which scene, which map, above which share of its maximum."""

    number: int
    kind: Kind
    share: float
    neighbours: Neighbours = 4


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
    return table


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
    return [
        "Nobody showed this network a box. It learned names only, and the box is read off its map.",
        f"At the lecture's 20 % the boxes reach a mean IoU of {at_lecture[mean]:.2f}; at {best[mean][1]:.0%} they "
        f"would reach {best[mean][0]:.2f}. The map of 8x8 fades out slowly, and 20 % keeps much of what lies around "
        "the thing. The rule was made for other networks: a threshold belongs to its maps.",
        "The largest piece is kept, not the brightest. Raise the threshold and watch one piece fall into several.",
        f"Both heads learned from the same maps and name {right['mean']:.0%} and {right['maximum']:.0%} of these "
        f"scenes right. A mean hears all 64 places of a map, the maximum {places['maximum']:.0f} of them, one of each "
        "map.",
        f"What the maximum hears makes boxes of {best[hears][0]:.2f} at best, already above {best[hears][1]:.0%}: a "
        f"few telling details. All of its weighted maps together reach {best[maximum][0]:.2f}. The maps themselves "
        "were learned with a mean behind them; a network that learned with a maximum would have others.",
    ]
