"""What the preprocessing lab asks of the network, kept per photo, and what it draws."""

from dataclasses import dataclass, field, replace
from hashlib import sha256
from html import escape
from typing import TypeAlias

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.photos import photo, picture
from core.models.pretrained import (
    BLENDS,
    FITS,
    ORDERS,
    SCALINGS,
    Blend,
    Fit,
    Order,
    Scaling,
    framed,
    imagenet_classes,
    prepared,
    probabilities,
    scaled,
)
from core.types import Floats
from pages._kit import imagenet, lab
from pages._kit.pairs import pairs
from pages._kit.pictures import data_uri
from pages._kit.upload import upload
from pages._parts.preprocessing import figures

PHOTOS = ("coffee", "camera", "cat", "flower", "pagoda", "rocket")
SHOWN = 3  # classes of each treatment
Bytes: TypeAlias = NDArray[np.uint8]
STYLE = """<style>
.arrives { margin: 0; max-width: 15rem; }
.arrives img { width: 100%; aspect-ratio: 1; border-radius: 0.4rem; display: block;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); box-sizing: border-box; }
.arrives figcaption { font-size: 0.875rem; margin-top: 0.2rem; }
</style>"""


@dataclass(frozen=True)
class Setting:
    """What is done to a photo before the network sees it; as it stands here, what the network was trained with."""

    photo: str  # its name, or for a visitor's own what its bytes add up to
    scaling: Scaling = "-1 to 1"
    order: Order = "RGB"
    fit: Fit = "crop"
    blend: Blend = "bicubic"
    own: Bytes | None = field(default=None, compare=False, repr=False)  # (H, W, 3), if a visitor brought it

    @property
    def usual(self) -> "Setting":
        """The same photo, treated as the network was trained."""
        return Setting(self.photo, own=self.own)

    @property
    def shows(self) -> str:
        """What is on it, in words."""
        return "your photo" if self.own is not None else f"the photo of {picture(self.photo).shows}"

    @property
    def call(self) -> str:
        """Where it comes from, as code."""
        return "mine" if self.own is not None else f'photo("{self.photo}")'


def controls() -> Setting | None:
    """Draw the controls; nothing while an own photo is asked for and none is there."""
    name = st.selectbox("Photo", PHOTOS, key="photo", bind="query-params")
    own = upload("A JPEG, PNG or WebP", key="picture") if (
        mine := st.toggle("My own photo in its place", key="own", bind="query-params")
    ) else None  # fmt: skip
    scaling = st.segmented_control(
        "Pixels go from", SCALINGS, default="-1 to 1", key="scale", bind="query-params", required=True
    )
    order = st.segmented_control("Colours", ORDERS, default="RGB", key="order", bind="query-params", required=True)
    fit = st.segmented_control(
        "Into a square", FITS, default="crop", key="fit", bind="query-params", required=True,
        help="crop: the middle. squeeze: the whole photo, out of proportion. pad: the whole photo, grey around it.",
    )  # fmt: skip
    blend = st.segmented_control("Resized", BLENDS, default="bicubic", key="blend", bind="query-params", required=True)
    if not mine:
        return Setting(name, scaling, order, fit, blend)
    return None if own is None else Setting(sha256(own.tobytes()).hexdigest(), scaling, order, fit, blend, own)


def said(setting: Setting) -> Floats:
    """The probabilities of the 1000 classes; those of an own photo are forgotten with the session."""
    return _said(setting) if setting.own is None else _own_said(setting)


def seen(inputs: Floats, order: Order) -> str:
    """The input as a picture, drawn as if it were what the network expects, as an address."""
    return data_uri(figures.as_seen(inputs if order == "RGB" else inputs[..., ::-1]), lossless=False)


def square(setting: Setting) -> Bytes:
    """The photo as a square of bytes."""
    return framed(photo(setting.photo) if setting.own is None else setting.own, setting.fit, blend=setting.blend)


@st.cache_data(show_spinner=False)
def on_three_scales() -> tuple[list[str], dict[str, list[float]]]:
    """For every photo the class it gets when all is right, and how sure of it the network is on each scale."""
    right = {name: int(said(Setting(name)).argmax()) for name in PHOTOS}
    rows = {scaling: [float(said(Setting(name, scaling))[right[name]]) for name in PHOTOS] for scaling in SCALINGS}
    return [f"{name}: {imagenet_classes()[place]}" for name, place in right.items()], rows


def _asked(setting: Setting) -> Floats:
    return probabilities(prepared(square(setting)[None], scaling=setting.scaling, order=setting.order))[0]


_said = st.cache_data(show_spinner=False, max_entries=600, hash_funcs={Setting: repr})(_asked)
_own_said = st.cache_data(show_spinner=False, max_entries=60, hash_funcs={Setting: repr}, scope="session")(_asked)


def compared(setting: Setting) -> pd.DataFrame:
    """The first classes of both treatments, with both probabilities."""
    right, here = said(setting.usual), said(setting)
    chosen = list(dict.fromkeys([*(-right).argsort()[:SHOWN].tolist(), *(-here).argsort()[:SHOWN].tolist()]))
    return pd.DataFrame(
        {
            "class": [imagenet_classes()[place] for place in chosen],
            "as it was trained": [float(right[place]) for place in chosen],
            "these settings": [float(here[place]) for place in chosen],
        }
    )


def stage(setting: Setting) -> pd.DataFrame:
    """The input as the network sees it, what it says, and the six photos on three scales."""
    imagenet.ready(inside=False)
    table = compared(setting)
    best, now = imagenet_classes()[int(said(setting.usual).argmax())], said(setting)
    top = imagenet_classes()[int(now.argmax())]
    first, second = st.columns([1, 2], vertical_alignment="center")
    inputs = scaled(square(setting), setting.scaling)
    span = f"{inputs.min():.3g} to {inputs.max():.3g}"
    with first:
        alt = f"{setting.shows.capitalize()} as the network takes it: values from {span}."
        st.html(
            f'{STYLE}<figure class="arrives"><img class="shot" src="{seen(inputs, setting.order)}" alt="{escape(alt)}">'
            f"<figcaption>What arrives, values {span}</figcaption></figure>"
        )
    with second:
        st.markdown(
            f"It says **{top}**, {now.max():.0%} sure."
            + (
                ""
                if top == best
                else f" Treated as it was trained, it says {best}, {said(setting.usual).max():.0%} sure."
            )
        )
        told = ", ".join(f"{row[1]} {row[2]:.0%} and {row[3]:.0%}" for row in table.itertuples())
        shown = table.assign(**{name: [f"{value:.1%}" for value in table[name]] for name in table.columns[1:]})
        lab.chart(
            pairs(
                table["class"].tolist(),
                {name: table[name].to_numpy() for name in table.columns[1:]},
                height=90 + 42 * len(table),
                lying=True,
            ),
            key="answers",
            alt=f"Probabilities as trained and with these settings: {told}.",
            table=shown,
            quick=True,
        )
    names, rows = on_three_scales()
    st.markdown("**Six photos on three scales: how sure it is of the class it names when all is right**")
    means = ", ".join(f"{scaling}: {np.mean(row):.0%}" for scaling, row in rows.items())
    lab.chart(
        figures.collapse(names, rows),
        key="collapse",
        alt=f"How sure the network is of the class it names when all is right, in the mean of six photos: {means}.",
        table=pd.DataFrame({"photo": names, **{key: [f"{value:.1%}" for value in row] for key, row in rows.items()}}),
        quick=True,
    )
    return table


def notice(setting: Setting) -> list[str]:
    """What to notice, from the numbers."""
    _, rows = on_three_scales()
    right, unit, raw = (float(np.mean(rows[scaling])) for scaling in ("-1 to 1", "0 to 1", "0 to 255"))
    usual, turned = said(setting.usual), said(replace(setting.usual, order="BGR"))
    place = int(usual.argmax())
    return [
        f"Of the class it names when all is right the network is {right:.0%} sure in the mean of six photos, "
        f"{unit:.0%} with pixels from 0 to 1, and {raw:.0%} with raw bytes. Nothing warns you: it still gives a "
        "thousand probabilities that add up to 1.",
        "From 0 to 1 every photo looks pale and without shadows, and the network copes. Raw bytes are more than a "
        "hundred times too large: almost everything is brighter than white.",
        f"With red and blue exchanged it is {turned[place]:.0%} sure of {imagenet_classes()[place]} in place of "
        f"{usual[place]:.0%}. OpenCV reads photos as BGR, so this happens. A grey photo does not mind.",
        "Every pretrained model has a preprocessing of its own. Keras' MobileNetV2, of the lecture, takes "
        "x / 127.5 - 1, as this network does. VGG16 takes BGR, less the mean of each colour.",
    ]
