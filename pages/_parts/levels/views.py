"""Patches that excite channels most, and one channel's map over a photo, from cached runs of the pretrained network."""

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO

import numpy as np
import pandas as pd
import streamlit as st

from core.data.gallery import gallery
from core.models.levels import PARTS, Level, fields, maps_of, responses
from core.types import FeatureMap, Heatmap
from pages._kit import imagenet, lab
from pages._parts.levels import figures

PATCH, GAP, MOST = 72, 4, 112  # pixels of a drawn patch, between two, and at most cut out of a picture
PATCHES, CHANNELS = 6, 6
PHOTOS = ("cat", "coffee", "camera", "astronaut", "rocket", "pagoda", "flower", "coins", "brick")
STYLE = """<style>
.channels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0.9rem;
  padding: 0 !important; margin: 0; list-style: none; }
.channels li { margin: 0 !important; font-size: 0.85rem; }
.channels img { width: 100%; border-radius: 0.3rem; display: block; margin-top: 0.2rem; }
</style>"""


@dataclass(frozen=True)
class Setting:
    """How deep, which channels, and the photo whose map is drawn."""

    depth: int
    first: int
    photo: str

    @property
    def part(self) -> str:
        """The part of the network."""
        return PARTS[self.depth]


@st.cache_resource(show_spinner=False)
def levels() -> tuple[Level, ...]:
    """Every channel's peaks in every picture of the gallery; one run for all visitors."""
    imagenet.ready()
    bar = st.progress(0.0, "The gallery is shown to the network, once ...")
    try:
        pictures = np.stack([piece.pixels for piece in gallery()])
        return responses(pictures, progress=lambda done, what: bar.progress(done, f"Shown once: {what}"))
    finally:
        bar.empty()


@st.cache_resource(show_spinner=False, max_entries=len(PHOTOS))
def maps(photo: str) -> tuple[FeatureMap, ...]:
    """The maps of a photo behind every part."""
    (piece,) = (each for each in gallery() if each.photo == photo and each.cut == "whole")
    return tuple(each.astype(np.float32) for each in maps_of(piece.pixels))


def controls() -> Setting:
    """Draw the controls."""
    depth = st.slider(
        "Depth", 1, len(PARTS), 4, key="depth", bind="query-params", help="1: the stem. 9: the last maps."
    )
    found = levels()[depth - 1]
    st.markdown(
        f"**{found.part}**: {found.maps} maps of {found.side}x{found.side}. One value sees {_seen(found.field)}."
    )
    most = max(level.maps for level in levels())
    first = st.slider("First channel", 0, most - CHANNELS, 0, CHANNELS, key="channel", bind="query-params")
    photo = st.selectbox("Map over the photo", PHOTOS, key="photo", bind="query-params")
    return Setting(depth - 1, first % (found.maps - found.maps % CHANNELS or found.maps), photo)


def stage(setting: Setting) -> pd.DataFrame:
    """Six channels with their patches, and the first of them over a photo."""
    level = levels()[setting.depth]
    channels = [each for each in range(setting.first, setting.first + CHANNELS) if each < level.maps]
    rows = [(channel, level.strongest(channel, PATCHES).tolist()) for channel in channels]
    items = ""
    for channel, pictures in rows:
        shown = ", ".join(gallery()[place].name for place in pictures)
        alt = escape(f"Channel {channel} of {level.part}: {shown}.")
        items += f'<li>channel {channel}<img src="{_strip(setting.depth, channel)}" alt="{alt}"></li>'
    st.markdown("The six patches of the whole gallery that excite a channel most, the strongest on the left.")
    st.html(f'{STYLE}<ul class="channels">{items}</ul>')
    drawn = maps(setting.photo)[setting.depth][setting.first]
    alt = (
        f"Channel {setting.first} of {level.part} over the photo {setting.photo}: {level.side}x{level.side} values "
        f"from {drawn.min():.2f} to {drawn.max():.2f}."
    )
    st.markdown(f"**Channel {setting.first} over the photo**")
    lab.chart(figures.over(_picture(setting.photo), drawn), key="map", alt=alt, table=_largest(drawn))
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
    same = np.mean([_same(level, channel) for channel in range(min(level.maps, 80))])
    return [
        f"One value of {level.part} sees {_seen(level.field)}; from part to part that is "
        f"{', '.join(str(each) for each in fields())} pixels.",
        "Low: the stem answers to a colour or an edge of three pixels, wherever it is. Middle: corners, dots, stripes, "
        "arcs. High: eyes, petals, roofs, tripods, and no longer a colour.",
        f"Maps get smaller and more: {levels()[0].maps} of {levels()[0].side}x{levels()[0].side} in the beginning, "
        f"{levels()[-1].maps} of {levels()[-1].side}x{levels()[-1].side} at the end. Where things are gives way to "
        "what they are.",
        f"In {same:.0%} of the patches of this depth, a channel meets the same photo again as in its strongest patch. "
        f"With {len(gallery())} pictures of {len({piece.photo for piece in gallery()})} photos that says less than a "
        "million would: a channel may wait for something that is not here.",
    ]


def _same(level: Level, channel: int) -> float:
    photos = [gallery()[place].photo for place in level.strongest(channel, PATCHES).tolist()]
    return float(np.mean([photo == photos[0] for photo in photos[1:]]))


def _seen(field: int) -> str:
    return f"{field}x{field} pixels" if field < 224 else f"the whole image (its field would be {field}x{field})"


@st.cache_data(show_spinner=False, max_entries=600)
def _strip(depth: int, channel: int) -> str:
    """The patches of a channel side by side, as a data address."""
    from PIL import Image

    level, tiles = levels()[depth], []
    for place in level.strongest(channel, PATCHES).tolist():
        top, bottom, left, right = level.window(place, channel, most=MOST)
        cut = Image.fromarray(gallery()[place].pixels[top:bottom, left:right])
        small = Image.Resampling.NEAREST if bottom - top < 20 else Image.Resampling.BICUBIC
        tiles.append(cut.resize((PATCH, PATCH), small))
    strip = Image.new("RGBA", (len(tiles) * (PATCH + GAP) - GAP, PATCH))  # what no patch covers is transparent
    for number, tile in enumerate(tiles):
        strip.paste(tile, (number * (PATCH + GAP), 0))
    strip.save(kept := BytesIO(), "WEBP", quality=82)
    return f"data:image/webp;base64,{base64.b64encode(kept.getvalue()).decode()}"


@st.cache_data(show_spinner=False)
def _picture(photo: str) -> str:
    """A photo as a data address."""
    from PIL import Image

    (piece,) = (each for each in gallery() if each.photo == photo and each.cut == "whole")
    Image.fromarray(piece.pixels).save(kept := BytesIO(), "WEBP", quality=85)
    return f"data:image/webp;base64,{base64.b64encode(kept.getvalue()).decode()}"


def _largest(drawn: Heatmap) -> pd.DataFrame:
    """The ten largest values of a map and where they are."""
    places = np.argsort(-drawn.ravel())[:10]
    rows, columns = np.unravel_index(places, drawn.shape)
    return pd.DataFrame({"row": rows, "column": columns, "value": drawn.ravel()[places].round(3)})
