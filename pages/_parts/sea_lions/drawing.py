"""The coast with what was counted: heat over it, a mark for every peak, and one for every animal that was missed.

The drawing is an SVG around the pixels, shown as an image: marks stay sharp, and nothing of it is a chart.
"""

import base64
from functools import lru_cache
from html import escape

from core.data.aerial import Aerial
from core.detect.single.counting import Labels, Matched, Peaks
from core.types import Heatmap
from pages._kit.pictures import data_uri, pixels
from pages._kit.veil import veil

STYLE = """<style>
.coast img { display: block; width: 100%; max-width: 620px; height: auto; border-radius: 4px; }
.coast figure { margin: 0; }
.coast ul { list-style: none; margin: 0.3rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem;
  font-size: 0.875rem; }
</style>"""
LOOKS = {"right": "#56B4E9", "mixed up": "#F0E442", "invented": "#D55E00", "missed": "#FFFFFF"}


def coast(picture: Aerial, heat: Heatmap | None, found: Peaks, who: Matched, labels: Labels, *, alt: str) -> str:
    """The whole figure as HTML, with its key."""
    side = len(picture.image)
    parts = [f'<image x="0" y="0" width="{side}" height="{side}" href="{_photo(picture)}"/>']
    if heat is not None:
        parts.append(f'<image x="0" y="0" width="{side}" height="{side}" href="{data_uri(veil(heat))}"/>')
    for peak, animal in who.pairs:
        kind = "right" if found.labels[peak] == labels[animal] else "mixed up"
        parts.append(_mark(kind, *found.places[peak]))
    parts += [_mark("invented", *found.places[peak]) for peak in who.invented]
    parts += [_mark("missed", picture.animals[animal].x, picture.animals[animal].y) for animal in who.missed]
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{3 * side}" '
        f'height="{3 * side}">{"".join(parts)}</svg>'
    )
    source = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
    return (
        f'{STYLE}<div class="coast"><figure><img class="shot" alt="{escape(alt)}" src="{source}">'
        f"<figcaption><ul>{''.join(_key(kind) for kind in LOOKS)}</ul></figcaption></figure></div>"
    )


def _mark(kind: str, x: float, y: float) -> str:
    """A shape of its own for every kind, on a dark edge, so that colour is not all that tells them apart."""
    place = f'transform="translate({x:.1f} {y:.1f})" fill="none"'
    shape = {
        "right": '<circle r="6"/>',
        "mixed up": '<rect x="-5.5" y="-5.5" width="11" height="11"/>',
        "invented": '<path d="M-5 -5 L5 5 M-5 5 L5 -5"/>',
        "missed": '<circle r="6.5" stroke-dasharray="3.4 2.4"/>',
    }[kind]
    return (
        f'<g {place}><g stroke="#14161A" stroke-width="2.6" stroke-opacity="0.75">{shape}</g>'
        f'<g stroke="{LOOKS[kind]}" stroke-width="1.4">{shape}</g></g>'
    )


def _key(kind: str) -> str:
    said = {
        "right": "found, right type",
        "mixed up": "found, wrong type",
        "invented": "nothing there, or counted twice",
        "missed": "missed",
    }[kind]
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 16 16">'
        f'<rect x="-8" y="-8" width="16" height="16" fill="#5A5F66"/>{_mark(kind, 0, 0)}</svg>'
    )
    source = f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"
    return f'<li><img alt="" style="display: inline; width: 1.1em; vertical-align: -0.2em" src="{source}"> {said}</li>'


@lru_cache(maxsize=8)
def _photo(picture: Aerial) -> str:
    """The pixels of a coast; they stay the same while thresholds move."""
    return data_uri(pixels(picture.image))
