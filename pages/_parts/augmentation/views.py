"""The three views of augmentation: places, values, and a smooth warp; each draws its sliders and what they do."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.augment.elastic import bent, displacement, folds, landed
from core.augment.example import Example, with_image
from core.augment.geometric import FILL_ROWS, FILLS, Fill, warped
from core.augment.keeping import Change, verdict
from core.augment.matrices import about_middle, flip, perspective, scaling, shear, shift, turn
from core.augment.overlays import on_background, superimposed
from core.augment.photometric import (
    blurred,
    brighter,
    channels_shifted,
    contrasted,
    exposed,
    histogram,
    lost,
    noisy,
)
from core.augment.subjects import SUBJECTS, Subject, subject
from core.types import Floats
from pages._kit import lab
from pages._kit.pictures import pixels, png
from pages._kit.scrolling import scrolling
from pages._kit.shots import Shot, shots
from pages._parts.augmentation import figures

PARTS = ("boxes", "masks", "joints")


def chosen() -> tuple[Subject, Example, tuple[str, ...]]:
    """The controls that all views share: what picture, and what is drawn over it."""
    name = cast(Subject, st.selectbox("Picture", SUBJECTS, key="picture", bind="query-params"))
    number = 0
    if name != "cat":
        words = {"digit": "Digit", "clock": "Five minutes later, so many times"}
        start, most = (6, 99) if name == "digit" else (9 if name == "drawn scene" else 1, 30)
        number = st.slider(
            words.get(name, "Number"), 0, most, start, key=f"number-{name.split()[0]}", bind="query-params"
        )
    over = st.pills("Draw over it", PARTS, selection_mode="multi", default=PARTS, key="over", bind="query-params")
    return name, subject(name, number), tuple(over)


def places(controls: Any, stage: Any) -> lab.Said:
    """Where pixels go: one matrix for everything."""
    with controls:
        name, before, over = chosen()
        angle = st.slider("Turn, in degrees", -180, 180, 20, key="turn", bind="query-params")
        size = st.slider("Size", 0.5, 2.0, 1.0, 0.05, key="size", bind="query-params")
        right = st.slider("Shift to the right, in % of the width", -50, 50, 0, key="right", bind="query-params")
        down = st.slider("Shift down, in % of the height", -50, 50, 0, key="down", bind="query-params")
        lean = st.slider("Shear, in degrees", -45, 45, 0, key="shear", bind="query-params")
        side = st.slider("Seen from the side", -0.8, 0.8, 0.0, 0.05, key="side", bind="query-params")
        mirror = st.toggle("Mirror", key="mirror", bind="query-params")
        fill = cast(Fill, st.segmented_control(
            "What comes in from outside", FILLS, default="constant", key="fill", bind="query-params", required=True
        ))  # fmt: skip
        st.caption(f"A row a b c d goes on like this: {FILL_ROWS[fill]}")
    sides = height, width = before.sides
    matrix = shift(right * width / 100, down * height / 100) @ perspective(side, 0, sides)
    matrix = matrix @ about_middle(turn(angle) @ shear(lean) @ scaling(size), sides)
    matrix = matrix @ (flip(sides) if mirror else np.eye(3))
    after = warped(before, matrix, fill=fill)
    told = verdict(name, before.labels[0], Change(angle, mirror, size))
    with stage:
        _pair(name, before, after, over)
        (st.success if told.kept else st.warning)(
            f"**{'The label is still true.' if told.kept else 'The label has become wrong.'}** {told.why}",
            icon=":material/check_circle:" if told.kept else ":material/cancel:",
        )
        st.markdown("**The matrix that moved all of it**")
        st.html(scrolling(figures.matrix_table(matrix), label="The matrix of this change"))
        st.caption("A pixel at x, y goes to x', y': work out the three rows, and divide the first two by w.")
    notice = [
        "The first two columns turn, stretch and lean, the third shifts, the last row bends: seen straight on it is "
        "0, 0, 1, and parallel lines stay parallel.",
        "One matrix moves pixels, masks, corners of boxes and joints. None of it has to be marked again.",
        "Where the pixels of an object are known, its box is drawn anew around them. The cat's boxes have no "
        "masks: only their corners can be turned, and the box around those is too large.",
        f"{int(after.seen.sum())} of {len(after.labels)} objects are still in the picture. An object that left it has "
        "no box any more, and must not be learned from.",
        "In a mirror a right hand becomes a left one, so left and right joints change their names. Filled dots are a "
        "figure's own right side.",
    ]  # fmt: skip
    call = f"warped(example, matrix, fill={fill!r})"
    return lab.Said(notice, call, (warped, turn, about_middle), _files(figures.box_table(after), after))


def values(controls: Any, stage: Any) -> lab.Said:
    """Which values pixels have; everything stays where it is."""
    with controls:
        name, before, over = chosen()
        light = st.slider("Brightness", -0.6, 0.6, 0.0, 0.05, key="brightness", bind="query-params")
        contrast = st.slider("Contrast", 0.0, 3.0, 1.0, 0.1, key="contrast", bind="query-params")
        stops = st.slider("Exposure, in stops", -3.0, 3.0, 0.0, 0.25, key="stops", bind="query-params")
        colour = st.slider("Red up, blue down", -0.4, 0.4, 0.0, 0.05, key="colour", bind="query-params")
        blur = st.slider("Blur, in pixels", 0.0, 6.0, 0.0, 0.5, key="blur", bind="query-params")
        noise = st.slider("Noise", 0.0, 0.4, 0.1, 0.02, key="noise", bind="query-params")
        share = st.slider("Another picture shines through", 0.0, 0.9, 0.0, 0.05, key="share", bind="query-params")
        ground = before.masks is not None and st.toggle("Another background", key="ground", bind="query-params")
    other = _other(before)
    steps: Mapping[str, tuple[bool, Callable[[Floats], Floats]]] = {
        "exposed": (stops != 0, lambda image: exposed(image, stops)),
        "brighter": (light != 0, lambda image: brighter(image, light)),
        "contrasted": (contrast != 1, lambda image: contrasted(image, contrast)),
        "channels_shifted": (
            colour != 0,
            lambda image: channels_shifted(image, np.array([colour, 0, -colour])),
        ),
        "superimposed": (share > 0, lambda image: superimposed(image, other, share)),
        "blurred": (blur > 0, lambda image: blurred(image, blur)),
        "noisy": (noise > 0, lambda image: noisy(image, noise, np.random.default_rng(0))),
    }
    after = on_background(before, other) if ground else before
    taken = ["on_background"] if ground else []
    for word, (wanted, step) in steps.items():
        if wanted:
            after, taken = with_image(after, step(after.image)), [*taken, word]
    counts = histogram(before.image), histogram(after.image)
    gone = lost(before.image), lost(after.image)
    with stage:
        _pair(name, before, after, over)
        lab.chart(
            figures.histograms(*counts),
            key="histogram",
            alt=f"How many pixels have each brightness. The mean goes from {before.image.mean():.2f} to "
            f"{after.image.mean():.2f}; {gone[1]:.1%} of the values lie at an end of the scale, {gone[0]:.1%} before.",
            table=figures.histogram_table(*counts),
            quick=True,
        )
    notice = [
        "Boxes, masks and joints stay where they are: only values change.",
        "Brightness moves the histogram, contrast widens it around its mean, noise smears it, blur draws it together.",
        f"{gone[1]:.1%} of all values stand at black or white now, {gone[0]:.1%} before. What is cut off there is "
        "lost: no later step brings a burnt-out sky back.",
        "Another background and a picture that shines through are more than a change of values: they need masks, or "
        "a second image. Plain augmentation has neither.",
    ]  # fmt: skip
    known = (on_background, exposed, brighter, contrasted, channels_shifted, superimposed, blurred, noisy)
    shown = tuple(each for each in known if each.__name__ in taken) or (noisy,)
    table = figures.histogram_table(*counts)
    call = " then ".join(taken) or "nothing is changed"
    return lab.Said(notice, call, (*shown, histogram), _files(table, after))


def smooth(controls: Any, stage: Any) -> lab.Said:
    """A smooth random warp of image and truth."""
    with controls:
        name, before, over = chosen()
        strength = st.slider("Strength: how far a pixel goes", 0.0, 20.0, 6.0, 0.5, key="strength", bind="query-params")
        smoothness = st.slider("Smoothness", 2, 40, 14, key="smoothness", bind="query-params")
        seed = st.slider("Draw another one", 0, 50, 0, key="seed", bind="query-params")
        grid = st.toggle("Draw the grid", True, key="grid", bind="query-params")
    arrows = displacement(before.sides, strength, smoothness, np.random.default_rng(seed))
    after, folded = bent(before, arrows), folds(arrows)
    straight = figures.grid_lines(before.sides)
    with stage:
        _pair(
            name, before, after, over, lines=(straight, [landed(line, arrows) for line in straight]) if grid else None
        )
        if folded:
            st.warning(
                f"At {folded:.1%} of the pixels the warp folds over itself: nothing there looks like tissue any more. "
                "Less strength or more smoothness keeps it whole.", icon=":material/lightbulb:",
            )  # fmt: skip
    notice = [
        f"Every pixel has an arrow of its own, {np.hypot(*arrows.T).mean():.1f} pixels long on average. Noise is "
        "blurred until neighbours agree; the smoothness is the width of that blur.",
        "The same arrows move image, masks and joints. Boxes are drawn anew around the masks.",
        "U-Net learned to outline cells from 30 images this way: tissue is soft, so a bent cell is a cell. A bent "
        "building would be none.",
        "Too strong for its smoothness, the warp folds over itself, and joints there have no place to go."
        if folded else "Nothing folds: every place of the old picture is one place of the new one.",
    ]  # fmt: skip
    call = f"bent(example, displacement({before.sides}, {strength:g}, {smoothness}, random))"
    return lab.Said(notice, call, (displacement, bent, landed, folds), _files(figures.box_table(after), after))


def _files(table: pd.DataFrame, after: Example) -> lab.Exports:
    return {"after.png": lambda: png(pixels(after.image)), "numbers.csv": lambda: table.to_csv(index=False)}


def _pair(
    name: str, before: Example, after: Example, over: tuple[str, ...], *, lines: tuple[Any, Any] | None = None
) -> None:
    shown = []
    for title, each, drawn in zip(("before", "after"), (before, after), lines or ((), ()), strict=True):
        inside = [label for label, seen in zip(each.labels, each.seen, strict=True) if seen]
        where = "; ".join(
            f"{label} at {', '.join(f'{value:.0f}' for value in box)}"
            for label, box, seen in zip(each.labels, each.boxes, each.seen, strict=True) if seen
        )  # fmt: skip
        shown.append(
            Shot(
                each.image,
                f"The {name} {title}: {where or 'nothing is left in the picture'}.",
                f"{title.capitalize()}: {len(inside)} of {len(before.labels)} in the picture",
                boxes=each.boxes if "boxes" in over else None,
                labels=each.labels if len(each.labels) < 6 else (),
                masks=each.masks if "masks" in over else None,
                joints=each.joints if "joints" in over else None,
                lines=drawn,
            )
        )
    shots(shown)


@st.cache_data(show_spinner=False, max_entries=20)
def _ground(sides: tuple[int, int]) -> Floats:
    """A photo's middle, as large as asked."""
    from PIL import Image

    from core.data.photos import photo

    height, width = sides
    found = Image.fromarray(photo("pagoda")).resize((width, height), Image.Resampling.BOX)
    return np.asarray(found, dtype=np.float64) / 255


def _other(example: Example) -> Floats:
    return _ground(example.sides)
