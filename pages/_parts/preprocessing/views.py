"""What the preprocessing lab asks of the network, kept per photo, and what it draws."""

from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
import pandas as pd
import streamlit as st

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
from pages._parts.preprocessing import figures

PHOTOS = ("coffee", "camera", "cat", "flower", "pagoda", "rocket")
SHOWN = 3  # classes of each treatment


@dataclass(frozen=True)
class Setting:
    """What is done to a photo before the network sees it; as it stands here, what the network was trained with."""

    photo: str
    scaling: Scaling = "-1 to 1"
    order: Order = "RGB"
    fit: Fit = "crop"
    blend: Blend = "bicubic"

    @property
    def usual(self) -> "Setting":
        """The same photo, treated as the network was trained."""
        return Setting(self.photo)


def controls() -> Setting:
    """Draw the controls."""
    name = st.selectbox("Photo", PHOTOS, key="photo", bind="query-params")
    scaling = st.segmented_control(
        "Pixels go from", SCALINGS, default="-1 to 1", key="scale", bind="query-params", required=True
    )
    order = st.segmented_control("Colours", ORDERS, default="RGB", key="order", bind="query-params", required=True)
    fit = st.segmented_control(
        "Into a square", FITS, default="crop", key="fit", bind="query-params", required=True,
        help="crop: the middle. squeeze: the whole photo, out of proportion. pad: the whole photo, grey around it.",
    )  # fmt: skip
    blend = st.segmented_control(
        "Resized", BLENDS, default="bicubic", key="blend", bind="query-params", required=True
    )  # fmt: skip
    return Setting(name, scaling, order, fit, blend)


@st.cache_data(show_spinner=False, max_entries=600)
def said(setting: Setting) -> Floats:
    """The probabilities of the 1000 classes."""
    return probabilities(prepared(square(setting)[None], scaling=setting.scaling, order=setting.order))[0]


@st.cache_data(show_spinner=False)
def on_three_scales() -> tuple[list[str], dict[str, list[float]]]:
    """For every photo the class it gets when all is right, and how sure of it the network is on each scale."""
    right = {name: int(said(Setting(name)).argmax()) for name in PHOTOS}
    rows = {scaling: [float(said(Setting(name, scaling))[right[name]]) for name in PHOTOS] for scaling in SCALINGS}
    return [f"{name}: {imagenet_classes()[place]}" for name, place in right.items()], rows


def square(setting: Setting) -> np.ndarray:  # type: ignore[type-arg]
    """The photo as a square of bytes."""
    return framed(photo(setting.photo), setting.fit, blend=setting.blend)


@st.cache_data(show_spinner=False, max_entries=200)
def seen(setting: Setting) -> bytes:
    """The input as a picture, drawn as if it were what the network expects."""
    from PIL import Image

    pixels = square(setting) if setting.order == "RGB" else square(setting)[..., ::-1]
    drawn = Image.fromarray(figures.as_seen(scaled(pixels, setting.scaling)))
    drawn.save(kept := BytesIO(), "WEBP", quality=88)
    return kept.getvalue()


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
    imagenet.ready()
    table = compared(setting)
    best, now = imagenet_classes()[int(said(setting.usual).argmax())], said(setting)
    top = imagenet_classes()[int(now.argmax())]
    first, second = st.columns([1, 2], vertical_alignment="center")
    inputs = scaled(square(setting), setting.scaling)
    span = f"{inputs.min():.3g} to {inputs.max():.3g}"
    with first, st.container(border=True):
        alt = f"The photo of {picture(setting.photo).shows} as the network takes it: values from {span}."
        st.image(seen(setting), alt=alt, width="stretch", caption=f"What arrives, values {span}")
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
            figures.answers(table["class"], *(table[name].to_numpy() for name in table.columns[1:])),
            key="answers",
            alt=f"Probabilities as trained and with these settings: {told}.",
            table=shown,
        )
    names, rows = on_three_scales()
    st.markdown("**All six photos on three scales**")
    means = ", ".join(f"{scaling}: {np.mean(row):.0%}" for scaling, row in rows.items())
    lab.chart(
        figures.collapse(names, rows),
        key="collapse",
        alt=f"How sure the network is of what it should say, in the mean of six photos: {means}.",
        table=pd.DataFrame({"photo": names, **{key: [f"{value:.1%}" for value in row] for key, row in rows.items()}}),
    )
    return table


def notice(setting: Setting) -> list[str]:
    """What to notice, from the numbers."""
    _, rows = on_three_scales()
    right, unit, raw = (float(np.mean(rows[scaling])) for scaling in ("-1 to 1", "0 to 1", "0 to 255"))
    usual, turned = said(setting.usual), said(replace(setting.usual, order="BGR"))
    place = int(usual.argmax())
    return [
        f"In the mean of six photos the network is {right:.0%} sure of what it should say, {unit:.0%} with pixels "
        f"from 0 to 1, and {raw:.0%} with raw bytes. Nothing warns you: it still gives a thousand probabilities that "
        "add up to 1.",
        "From 0 to 1 every photo looks pale and without shadows, and the network copes. Raw bytes are a hundred times "
        "too large: almost everything is brighter than white.",
        f"With red and blue exchanged it is {turned[place]:.0%} sure of {imagenet_classes()[place]} in place of "
        f"{usual[place]:.0%}. OpenCV reads photos as BGR, so this happens. A grey photo does not mind.",
        "Every pretrained model has a preprocessing of its own. Keras' MobileNetV2, of the lecture, takes "
        "x / 127.5 - 1, as this network does. VGG16 takes BGR without its means.",
    ]
