"""Three views of the activation lab: the vote of the channels, any layer, and the check of sanity."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.explain.cam import class_activation_map, scores_of
from core.explain.gradcam import Looked, grad_cam, look, votes
from core.explain.sanity import alike, cascade, shuffle
from core.types import Floats
from pages._kit import lab
from pages._kit.pictures import pixels as bytes_of
from pages._kit.pictures import png
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.cam import figures
from pages._parts.cam.asking import Answer, answers, dense, every_layer, forgetting, looked
from pages._parts.cam.subjects import Subject, choose

NUMBERS = "The numbers behind this chart"
FAR = "Here it never lies between -0.5 and 0.5."
VOTERS = ("1", "3", "10", "30", "all")


def asked() -> tuple[Subject, Answer]:
    """Draw the controls that every view has: the picture and the class. Without a picture the page ends here."""
    subject = choose()
    if subject is None:
        st.info("Choose a picture of yours, and it is asked the same questions.")
        st.stop()
    given = answers(subject)
    chosen = st.radio(
        "Where does it see", given, format_func=lambda each: f"{each.rank}: {each.name}", key="of",
        bind="query-params", captions=[f"{each.probability:.1%}" for each in given],
    )  # fmt: skip
    return subject, chosen or given[0]


def picture(subject: Subject, caption: str = "") -> Shot:
    """The picture as it is, and what is on it."""
    return Shot(subject.pixels / 255, f"A picture of {subject.shows}.", caption or subject.shows.capitalize())


def where(map_: Floats) -> str:
    """In words where the largest vote of a map is."""
    row, column = np.unravel_index(int(map_.argmax()), map_.shape)
    down, right = (row + 0.5) / map_.shape[0], (column + 0.5) / map_.shape[1]
    vertical = "top" if down < 1 / 3 else "bottom" if down > 2 / 3 else "middle"
    horizontal = "left" if right < 1 / 3 else "right" if right > 2 / 3 else "middle"
    return vertical if vertical == horizontal else f"{vertical} {horizontal}"


def painted(subject: Subject, map_: Floats, caption: str, *, side: int | None = None) -> Shot:
    """Votes over the picture."""
    told = f"the strongest vote at the {where(map_)}" if map_.max() > 0 else "no vote for the class"
    return Shot(figures.over(subject.pixels, map_, side=side), f"{caption}: {told}.", caption)


def vote(controls: Any, stage: Any) -> lab.Said:
    """CAM: a weighted vote of the last maps, whose mean is the score."""
    with controls:
        subject, answer = asked()
        few = st.segmented_control(
            "Maps that may vote, the weightiest first", VOTERS, default="all", key="voters", bind="query-params",
            required=True,
        )  # fmt: skip
    seen = looked(subject, answer.of, subject.net.last)
    weights, bias = dense(subject.net.name)
    row = weights[answer.of]
    given = np.abs(row * seen.maps.mean(axis=(1, 2)))
    kept = np.zeros_like(row)
    best = (-given).argsort()[: len(row) if few == "all" else int(few)]
    kept[best] = row[best]
    map_, whole = class_activation_map(seen.maps, np.stack([kept, row]))
    (score,) = scores_of(map_[None], bias[[answer.of]])
    true = float(seen.scores[answer.of])
    size = f"{map_.shape[0]}x{map_.shape[1]}"
    with stage:
        shots([picture(subject), painted(subject, map_, f"Where it sees {answer.name}")], least=200, most=360)
        st.markdown(
            f"The mean of these {map_.size} votes is **{map_.mean():.3f}**. With the bias of {bias[answer.of]:+.3f} "
            f"that is **{score:.3f}**"
            + (
                f": the network's score for {answer.name}, {true:.3f}."
                if few == "all"
                else f". With all {len(row):,} maps it is {true:.3f}; this map and theirs correlate at "
                f"**{np.corrcoef(map_.ravel(), whole.ravel())[0, 1]:.2f}**."
            )
        )
        lab.chart(
            figures.map_in_numbers(map_, answer.name),
            key="map",
            quick=True,
            alt=f"The map of {answer.name}, {size}: votes from {map_.min():.2f} to {map_.max():.2f}, their mean is "
            f"{map_.mean():.3f}, the strongest at the {where(map_)}.",
        )
        rows = pd.RangeIndex(1, len(map_) + 1, name="row")
        columns = [f"column {number + 1}" for number in range(map_.shape[1])]
        folded(NUMBERS, pd.DataFrame(map_.round(3), index=rows, columns=columns), key="map-numbers")
    against = int((row * seen.maps.mean(axis=(1, 2)) < 0).sum())
    return lab.Said(
        notice=[
            f"The last layer before the average has {len(row):,} maps of {size}. The dense layer behind it has one "
            "weight for each map and class. The same weights, put on the maps in place of their means, give the map "
            "you see.",
            f"The mean of the map is the score, bias apart. The sum would be {map_.size} times larger.",
            f"Of the {len(row):,} maps {against:,} speak against {answer.name}. Blue places argue against it, orange "
            "ones for it.",
            "Let one map vote, then three, then ten. One alone may point anywhere, and no map stands for one class "
            "alone; ten together already come close to the map of all, though not to its score.",
            f"The map is as coarse as the last layer, {size}. In between it is only a straight line from value to "
            "value: a sharp edge in it would be an accident.",
        ],
        call=f"maps = class_activation_map(features, weights)  # ({len(row)}, {', '.join(map(str, map_.shape))}), "
        f"{weights.shape}\nscores_of(maps, bias)[{answer.of}]  # {true:.3f}, {answer.name}",
        shows=(class_activation_map, scores_of),
        exports={
            "map.csv": lambda: pd.DataFrame(map_).to_csv(index=False, header=False),
            "map.png": lambda: png(bytes_of(figures.over(subject.pixels, map_))),
        },
    )


def any_layer(controls: Any, stage: Any) -> lab.Said:
    """Grad-CAM: the same question to every layer."""
    with controls:
        subject, answer = asked()
        titles = list(subject.net.layers)
        title = st.selectbox("Layer", titles, len(titles) - 1, key=f"layer-{subject.net.name}", bind="query-params")
    maps = every_layer(subject, answer.of)
    seen = looked(subject, answer.of, subject.net.layers[title])
    heat, signed = grad_cam(seen), votes(seen)
    share = float((signed > 0).mean())
    last = title == titles[-1]
    with stage:
        shots([picture(subject), painted(subject, heat, f"{answer.name}, {title}")], least=200, most=360)
        if not heat.any():
            st.warning(
                f"The map is empty. At this layer every place votes against {answer.name}, and Grad-CAM cuts off what "
                "is below zero. Ask for a class that the network believes in, or look at another layer.",
                icon=":material/lightbulb:",
            )
        else:
            st.markdown(
                f"**{share:.0%}** of the {signed.size:,} places vote for {answer.name}; the rest is cut off. "
                + (_same(subject, answer, seen) if last else "")
            )
        st.markdown("**The same question at every layer**, before anything is cut off")
        shots([painted(subject, map_, name, side=112) for name, map_ in maps.items()], least=150, most=175)
        st.caption("Orange votes for the class, blue against it. Each picture has its own scale.")
    empty = [name for name, map_ in maps.items() if map_.max() <= 0]
    return lab.Said(
        notice=[
            "Which layer? The last one before the pooling: its maps know what a thing is. Early ones know edges and "
            "colours, and their slopes, averaged over the whole map, no longer tell one place from another.",
            f"The price is size: {titles[0].split(', ')[1]} in {titles[0].split(', ')[0]}, "
            f"{titles[-1].split(', ')[1]} in the last.",
            "Why can a map be empty? If the weighted sum is below zero everywhere, nothing is left after the cut. "
            + (
                f"Here that happens at {', '.join(empty)}."
                if empty
                else "It happens for classes that the network is sure are not there: try the cat and its last answer."
            ),
            "Behind a global average every slope of a map is its weight divided by the number of places. So Grad-CAM "
            "of the last layer is CAM, divided by that number, and cut off at zero.",
            "Grad-CAM needs no particular ending: any layer with maps will do, in any network that can be followed "
            "back.",
        ],
        call=f"(seen,) = look(network, image, network.{_path(subject.net.layers[title])}, of={answer.of})  "
        f"# {answer.name}\ngrad_cam(seen)  # {heat.shape}",
        shows=(look, votes, grad_cam),
        exports={
            "map.csv": lambda: pd.DataFrame(heat).to_csv(index=False, header=False),
            "map.png": lambda: png(bytes_of(figures.over(subject.pixels, heat))),
        },
    )


def _path(layer: str) -> str:
    """A module's place as code: blocks.3 -> blocks[3].

    >>> _path("blocks.3"), _path("bn2")
    ('blocks[3]', 'bn2')
    """
    first, *rest = layer.split(".")
    start = f"get_submodule('{first}')" if first.isdigit() else first
    return start + "".join(f"[{part}]" for part in rest)


def _same(subject: Subject, answer: Answer, seen: Looked) -> str:
    """At the last layer: Grad-CAM is CAM, in numbers."""
    weights, _ = dense(subject.net.name)
    (cam,) = class_activation_map(seen.maps, weights[[answer.of]])
    far = float(np.abs(votes(seen) * cam.size - cam).max())
    return (
        f"Times {cam.size} this is the CAM: the largest difference is {far:.0e}."
        if far
        else f"Times {cam.size} this is the CAM, to the last digit."
    )


def sanity(controls: Any, stage: Any) -> lab.Said:
    """Shuffle the layers, the last first: the map must change."""
    with controls:
        subject, answer = asked()
        seed = st.slider("Another shuffling", 0, 9, 0, key="seed", bind="query-params")
    steps = forgetting(subject, answer.of, int(seed))
    parts, likeness = [step.part for step in steps], [step.alike for step in steps]
    with stage:
        captions = [f"{step.part} forgotten" if number else "as trained" for number, step in enumerate(steps)]
        shots(
            [
                painted(subject, step.votes, f"{caption}: {step.alike:.2f}", side=112)
                for caption, step in zip(captions, steps, strict=True)
            ],
            least=105,
            most=170,
        )
        st.caption(
            "From the dense layer on, one part after the other is shuffled. The number: how alike to the first. Orange "
            "votes for the class, blue against it; each picture has its own scale."
        )
        table = pd.DataFrame(
            {
                "shuffled as well": parts,
                "alike": [f"{value:.3f}" for value in likeness],
                "its answer then": [subject.classes[step.says] for step in steps],
            }
        )
        lab.chart(
            figures.forgetting(parts, likeness),
            key="forgetting",
            quick=True,
            alt="Rank correlation with the trained network's map, after each part that is shuffled: "
            + ", ".join(f"{part} {value:.2f}" for part, value in zip(parts, likeness, strict=True)),
        )
        folded(NUMBERS, table.set_index("shuffled as well"), key="forgetting-numbers")
    far = next((part for part, value in zip(parts[1:], likeness[1:], strict=True) if abs(value) < 0.5), None)
    return lab.Said(
        notice=[
            "Shuffled means: the same numbers in random places. A network that forgot everything cannot know where "
            f"the {answer.name} is.",
            f"After all {len(parts) - 1} parts the likeness is {likeness[-1]:.2f}: 1 would be the same map, 0 has "
            "nothing to do with it. "
            + (f"It first lies between -0.5 and 0.5 once {_named(far)} is shuffled." if far else FAR),
            "Some maps that are drawn to explain networks fail this check: they show the edges of the picture, and go "
            "on doing so when the network knows nothing. They look best of all.",
            "Far below 0 is the old map with its signs turned: while only the vote is random, the maps below it still "
            "know where the thing is. So the forgetting has to go deeper.",
            "One shuffling can hit the old map by chance. Try several.",
        ],
        call=f"for part, changed in cascade(network, parts, seed={seed}):\n"
        "    (now,) = look(changed, image, changed_layer, of)\n    alike(votes(trained), votes(now))",
        shows=(cascade, shuffle, alike),
        exports={"forgetting.csv": lambda: table.to_csv(index=False)},
    )


def _named(part: str) -> str:
    """A part of a network within a sentence: stage 3, the dense layer."""
    return part if part[-1].isdigit() else f"the {part}"
