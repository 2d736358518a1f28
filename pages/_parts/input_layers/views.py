"""Three views of what stands before a network: layers that act or rest, ranges and fills, folders that are classes."""

from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.augment.example import Example
from core.augment.generator import Ranges, classes_of, drawn
from core.augment.geometric import FILLS, Fill, outside
from core.augment.layers import LAYERS, act, shift_range, turn_range
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import scrolling
from pages._kit.shots import Shot, shots

CALLS = 4
FIRST = ("RandomFlip", "RandomRotation", "RandomContrast", "Rescaling")
FILES = """train/cat/mia.jpg
train/cat/tom.jpg
train/dog/rex.jpg
train/Bird/coco.png
train/notes.txt
train/dog/puppies/tiny.jpg"""


def layers(controls: Any, stage: Any) -> lab.Said:
    """Layers that act in training only, and layers that always act."""
    with controls:
        training = st.segmented_control(
            "The model is called", ("in training", "when it is used"), default="in training", key="mode",
            bind="query-params", required=True,
        ) == "in training"  # fmt: skip
        names = st.pills(
            "Layers before the network", list(LAYERS), selection_mode="multi", wrap=True, default=FIRST, key="layers",
            bind="query-params",
        )  # fmt: skip
        seed = st.slider("Draw again", 0, 30, 0, key="draw", bind="query-params")
    chosen = [layer for name, layer in LAYERS.items() if name in names]
    photo = _photo(120)
    calls = [act(chosen, photo, training=training, random=np.random.default_rng((seed, call))) for call in range(CALLS)]
    same = all(each.shape == calls[0].shape and np.array_equal(each, calls[0]) for each in calls)
    values = pd.DataFrame(
        {
            "layer": [layer.code.removeprefix("layers.") for layer in chosen],
            "acts": [layer.when for layer in chosen],
            "now": ["yes" if training or layer.when == "always" else "no" for layer in chosen],
            "what it does": [layer.does for layer in chosen],
        }
    )
    with stage:
        outcome = "the same each time" if same else "another image each time"
        st.markdown(f"The same photo goes in {CALLS} times. What comes out is **{outcome}**.")
        shots(
            [
                Shot(each, f"call {number + 1}: {each.shape[0]}x{each.shape[1]} pixels",
                     f"Call {number + 1}: {each.shape[0]}x{each.shape[1]}")
                for number, each in enumerate(calls)
            ],
            least=130, most=190,
        )  # fmt: skip
        st.html(scrolling(values.set_index("layer")[["acts", "now"]], label="The layers and whether they act"))
        st.caption(
            "; ".join(f"{layer.name} {layer.does}" for layer in chosen) + "." if chosen else "No layer is chosen."
        )
    resting = [layer.name for layer in chosen if layer.when == "in training"]
    notice = [
        f"RandomRotation(0.1) turns by up to {turn_range(0.1):.0f} degrees either way: the number is a share of a full "
        f"turn. RandomTranslation(0.1, 0.1) shifts by up to {shift_range(0.1, 100):.0f} % of each side.",
        f"When the model is used, no image is made up: at rest are then {', '.join(resting)}. The same photo has to "
        "get the same answer." if resting else "No chosen layer is random, so nothing changes between the two.",
        "Resizing, Rescaling and CenterCrop always act. A network that learned from values between 0 and 1 is lost "
        "with values up to 255.",
        "RandomCrop rests as well, but its size remains, because the layers behind it wait for an image of that size: "
        "it then shows all of the image, made smaller.",
        "As layers they travel with the saved model, run where the network runs, and are switched by it.",
    ]  # fmt: skip
    call = f"keras.Sequential([{', '.join(layer.code for layer in chosen)}])(images, training={training})"
    return lab.Said(notice, call, (act, turn_range, shift_range), _as_csv(values))


def ranges(controls: Any, stage: Any) -> lab.Said:
    """An ImageDataGenerator: ranges, and what comes in from outside."""
    with controls:
        fill = cast(Fill, st.segmented_control(
            "fill_mode", FILLS, default="nearest", key="fill", bind="query-params", required=True
        ))  # fmt: skip
        rotation = st.slider("rotation_range, in degrees", 0, 180, 40, 5, key="rotation", bind="query-params")
        shift = st.slider(
            "width_shift_range, height_shift_range", 0.0, 0.5, 0.2, 0.05, key="shift", bind="query-params"
        )
        shear = st.slider("shear_range, in degrees", 0, 40, 0, 5, key="shear", bind="query-params")
        zoom = st.slider("zoom_range", 0.0, 0.6, 0.0, 0.1, key="zoom", bind="query-params")
        light = st.slider("brightness_range", 0.2, 2.0, (1.0, 1.0), 0.1, key="light", bind="query-params")
        colour = st.slider("channel_shift_range", 0.0, 0.5, 0.0, 0.05, key="channels", bind="query-params")
        mirror = st.toggle("horizontal_flip", key="mirror", bind="query-params")
        seed = st.slider("Draw again", 0, 30, 0, key="draw", bind="query-params")
    asked = Ranges(
        rotation, shift, shift, (float(light[0]), float(light[1])), shear, zoom, colour, mirror, fill_mode=fill
    )
    photo = Example(_photo(120))
    made = [drawn(photo, asked, np.random.default_rng((seed, number))).image for number in range(6)]
    row = ["a", "b", "c", "d"]
    filled = {name: ["0" if place < 0 else row[place] for place in outside(4, 4, 4, name)] for name in FILLS}
    values = pd.DataFrame(
        {
            "fill_mode": list(filled),
            "beside a row a b c d": [
                " | ".join(" ".join(each[start : start + 4]) for start in (0, 4, 8)) for each in filled.values()
            ],
        }
    )
    with stage:
        shots([Shot(each, f"image {number + 1} of 6, filled by {fill}") for number, each in enumerate(made)],
              least=140, most=220)  # fmt: skip
        st.html(scrolling(values.set_index("fill_mode"), label="What stands outside the image"))
    notice = [
        "Every range says how far a change may go. Each image draws its own numbers, every time it is read.",
        f"A turn or a shift brings in places where nothing was photographed; {fill} decides what stands there. Keras "
        "takes nearest if nobody says otherwise.",
        "The streaks of nearest and the mirror images of reflect were never photographed either. A network can learn "
        "from them that an image was turned.",
        "rescale multiplies every value, mostly by 1/255, after everything else. preprocessing_function is called on "
        "every image: it is the place for what has no range.",
        "There are no boxes and no masks in it: its labels are classes, and those must survive every change.",
    ]
    call = (
        f"ImageDataGenerator(rotation_range={rotation}, width_shift_range={shift:g}, "
        f"height_shift_range={shift:g}, fill_mode={fill!r}, ...)"
    )
    return lab.Said(notice, call, (drawn, outside), _as_csv(values))


def folders(controls: Any, stage: Any) -> lab.Said:
    """Files in folders become labels."""
    with controls:
        text = st.text_area("Files on the disk", FILES, height=200, max_chars=2000, key="files", bind="query-params")
        st.caption("One a line. The first folder is what flow_from_directory is given, here train.")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    inside = [line.split("/", 1)[1] for line in lines if "/" in line]
    numbers, found = classes_of(inside)
    left_out = [line for line in inside if line not in dict(found)]
    values = pd.DataFrame(
        [{"file": name, "class": name.split("/")[0], "number": number} for name, number in found],
        columns=["file", "class", "number"],
    )
    with stage:
        st.markdown(f"**{len(numbers)} classes, {len(found)} images.** `{numbers}`")
        if found:
            st.html(scrolling(values.set_index("file"), label="Every file with its class and number"))
        else:
            st.info("No file lies in a folder of its class yet. Write a line like train/cat/mia.jpg.")
    counts = {name: sum(1 for _, number in found if number == place) for name, place in numbers.items()}
    notice = [
        "The folder is the label: nobody writes a list. Move a file to another folder, and it has another class.",
        "Classes are numbered in the order of their names, capitals first. So the same folder gives the same numbers, "
        "and one more folder can renumber all of them: store the names beside the weights.",
        f"Images by class: {', '.join(f'{name} {count}' for name, count in counts.items()) or 'none'}.",
        "A folder within the folder of a class belongs to that class.",
        *([f"Left out, because they are no images or lie in no folder of a class: {', '.join(left_out)}."]
          if left_out else []),
        "Train, validation and test are three such folders, with the same folders inside.",
    ]  # fmt: skip
    return lab.Said(notice, f"classes_of({inside[:2]!r} ...)  # {numbers}", (classes_of,), _as_csv(values))


def _as_csv(values: pd.DataFrame) -> lab.Exports:
    return {"table.csv": lambda: values.to_csv(index=False)}


@st.cache_data(show_spinner=False, max_entries=4)
def _photo(side: int) -> Floats:
    """The cat, its middle square made small: (side, side, 3)."""
    from PIL import Image

    from core.data.photos import photo

    whole = Image.fromarray(photo("cat"))
    edge = (whole.width - whole.height) // 2
    square = whole.crop((edge, 0, edge + whole.height, whole.height)).resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(square, dtype=np.float64) / 255
