"""Patches that excite channels most, and a channel's map beside a photo, from kept runs of the pretrained network."""

from dataclasses import dataclass
from hashlib import sha256
from html import escape

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.gallery import gallery
from core.models.levels import PARTS, Level, fields, maps_of, responses
from core.models.pretrained import framed
from core.types import FeatureMap, Heatmap
from pages._kit import imagenet
from pages._kit.pictures import data_uri
from pages._kit.scrolling import folded
from pages._kit.upload import upload
from pages._parts.levels import figures

MOST = 112  # pixels that are cut out of a picture, at most
PATCHES, CHANNELS = 6, 6
PHOTOS = ("cat", "coffee", "camera", "astronaut", "rocket", "pagoda", "flower", "coins", "brick")
STYLE = """<style>
.channels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0.9rem;
  padding: 0 !important; margin: 0; list-style: none; }
.channels li { margin: 0 !important; font-size: 0.85rem; }
.channels img { width: 100%; aspect-ratio: 370 / 60; border-radius: 0.3rem; display: block; margin-top: 0.2rem; }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; max-width: 38rem; }
.beside figure { margin: 0; min-width: 0; }
.beside img { width: 100%; aspect-ratio: 1; border-radius: 0.3rem; display: block; image-rendering: pixelated; }
.beside figcaption { font-size: 0.85rem; margin-top: 0.2rem; }
</style>"""


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo whose maps are drawn: what it is called, its square (224, 224, 3), and whether a visitor brought it."""

    name: str
    square: NDArray[np.uint8]
    own: bool = False


@dataclass(frozen=True)
class Setting:
    """How deep, which channels, and the photo whose map is drawn; none while an own one is waited for."""

    depth: int
    first: int
    photo: Photo | None

    @property
    def part(self) -> str:
        """The part of the network."""
        return PARTS[self.depth]


@st.cache_resource(show_spinner="The gallery is shown to the network, once ...")
def levels() -> tuple[Level, ...]:
    """Every channel's peaks in every picture of the gallery; one run for all visitors.

    No bar: what a kept function draws is drawn again, step by step, each time that somebody asks for its value.
    """
    imagenet.ready(inside=True)
    return responses(np.stack([piece.pixels for piece in gallery()]))


@st.cache_resource(show_spinner=False, max_entries=len(PHOTOS))
def _maps(photo: str, _square: NDArray[np.uint8]) -> tuple[tuple[FeatureMap, ...], str]:
    """The maps of a photo behind every part, and the photo as an address."""
    return tuple(each.astype(np.float32) for each in maps_of(_square)), data_uri(_square, lossless=False)


@st.cache_resource(show_spinner=False, max_entries=1, scope="session")
def _own_maps(digest: str, _square: NDArray[np.uint8]) -> tuple[tuple[FeatureMap, ...], str]:
    """The same of a visitor's photo, forgotten with the session."""
    return tuple(each.astype(np.float32) for each in maps_of(_square)), data_uri(_square, lossless=False)


def maps(photo: Photo) -> tuple[tuple[FeatureMap, ...], str]:
    """The maps of a photo behind every part, and the photo as an address."""
    if photo.own:
        return _own_maps(sha256(photo.square.tobytes()).hexdigest(), photo.square)
    return _maps(photo.name, photo.square)


def controls() -> Setting:
    """Draw the controls."""
    depth = st.slider(
        "Depth", 1, len(PARTS), 4, key="depth", bind="query-params", help="1: the stem. 9: the last maps."
    )
    found = levels()[depth - 1]
    st.markdown(
        f"**{found.part}**: {found.maps:,} maps of {found.side}x{found.side}. One value sees {_seen(found.field)}."
    )
    last = (found.maps - 1) // CHANNELS * CHANNELS
    first = st.slider("First channel", 0, last, 0, CHANNELS, key=f"channel-{depth}", bind="query-params")
    name = st.selectbox("Map of the photo", PHOTOS, key="photo", bind="query-params")
    if not st.toggle("My own photo in its place", key="own", bind="query-params"):
        return Setting(depth - 1, first, Photo(name, _square(name)))
    picture = upload("A JPEG, PNG or WebP", key="picture")
    return Setting(depth - 1, first, None if picture is None else Photo("your photo", framed(picture), own=True))


def stage(setting: Setting) -> pd.DataFrame:
    """Six channels with their patches, and the first of them beside a photo."""
    level = levels()[setting.depth]
    channels = [each for each in range(setting.first, setting.first + CHANNELS) if each < level.maps]
    rows = [(channel, level.strongest(channel, PATCHES).tolist()) for channel in channels]
    items = ""
    for channel, pictures in rows:
        shown = ", ".join(gallery()[place].name for place in pictures)
        alt = escape(f"Channel {channel} of {level.part}: {shown}.")
        items += f'<li>channel {channel}<img src="{_strip(setting.depth, channel)}" alt="{alt}"></li>'
    st.markdown("For each channel the six patches of the gallery that excite it most, the strongest on the left.")
    st.html(f'{STYLE}<ul class="channels shots">{items}</ul>')
    if setting.photo is None:
        st.info("Choose a photo below the switch: its middle square is shown to the network, its maps are drawn here.")
    else:
        _beside(setting, setting.photo, level)
    return pd.DataFrame(
        {
            "channel": [channel for channel, _ in rows],
            **{
                f"patch {rank + 1}": [gallery()[places[rank]].name for _, places in rows] for rank in range(PATCHES)
            },
        }
    )  # fmt: skip


def notice(setting: Setting) -> list[str]:
    """What to notice, from the numbers."""
    level = levels()[setting.depth]
    same = _again(setting.depth)
    return [
        f"One value of this part sees {_seen(level.field)}; from part to part that is "
        f"{', '.join(str(each) for each in fields())} pixels.",
        "Low: the stem answers to a colour or an edge of three pixels, wherever it is. Middle: corners, dots, stripes, "
        "arcs. High: eyes, petals, roofs, tripods, and no longer a colour.",
        f"Maps get smaller and more: {levels()[0].maps:,} of {levels()[0].side}x{levels()[0].side} in the beginning, "
        f"{levels()[-1].maps:,} of {levels()[-1].side}x{levels()[-1].side} at the end. Where things are gives way to "
        "what they are.",
        f"At this depth {same:.0%} of the patches come from the photo that also gave the channel its strongest one. "
        f"The gallery has {len(gallery())} pictures, cut from {len({piece.photo for piece in gallery()})} photos: a "
        "channel may wait for something that is not here.",
    ]


def _beside(setting: Setting, photo: Photo, level: Level) -> None:
    """A photo, what the first of the channels makes of it, and the largest values in a fold."""
    found, picture = maps(photo)
    drawn = found[setting.depth][setting.first]
    alt = (
        f"Channel {setting.first} of {level.part} over the photo {photo.name}: {level.side}x{level.side} values "
        f"from {drawn.min():.2f} to {drawn.max():.2f}."
    )
    st.html(
        f'{STYLE}<div class="beside shots"><figure><img src="{picture}" alt="{escape(photo.name)}">'
        f"<figcaption>The photo: {escape(photo.name)}</figcaption></figure>"
        f'<figure><img src="{data_uri(figures.painted(drawn))}" alt="{escape(alt)}">'
        f"<figcaption>Channel {setting.first} of it, from {drawn.min():.1f} (dark) to {drawn.max():.1f} (bright)"
        "</figcaption></figure></div>"
    )
    folded("The largest values and where they are", _largest(drawn), key="map-numbers")


@st.cache_data(show_spinner=False)
def _again(depth: int) -> float:
    """How many of a channel's patches come from the photo of its strongest one, over the first 80 channels."""
    level, found = levels()[depth], list[bool]()
    for channel in range(min(level.maps, 80)):
        first, *others = (gallery()[place].photo for place in level.strongest(channel, PATCHES).tolist())
        found += [photo == first for photo in others]
    return float(np.mean(found))


def _seen(field: int) -> str:
    return f"{field}x{field} pixels" if field < 224 else f"the whole image (its field would be {field}x{field})"


@st.cache_data(show_spinner=False, max_entries=100)
def _strip(depth: int, channel: int) -> str:
    """The patches of a channel side by side, as an address."""
    level, patches = levels()[depth], []
    for place in level.strongest(channel, PATCHES).tolist():
        top, bottom, left, right = level.window(place, channel, most=MOST)
        patches.append(gallery()[place].pixels[top:bottom, left:right])
    return figures.strip(patches)


def _square(photo: str) -> NDArray[np.uint8]:
    (piece,) = (each for each in gallery() if each.photo == photo and each.cut == "whole")
    return piece.pixels


def _largest(drawn: Heatmap) -> pd.DataFrame:
    """The ten largest values of a map and where they are."""
    places = np.argsort(-drawn.ravel())[:10]
    rows, columns = np.unravel_index(places, drawn.shape)
    values = {"row": rows, "column": columns, "value": drawn.ravel()[places].round(3)}
    return pd.DataFrame(values, index=pd.RangeIndex(1, len(places) + 1, name="rank"))
