"""The two views of the transfer lab: train a new head, or cut a network and look at what is left."""

from typing import Any

import pandas as pd
import streamlit as st

from core.models.cuts import LITE0, POOLINGS, Cut, cuts, feature_length, head_parameters
from core.models.transfer import transfer
from core.nets.trace import Trace, trace
from core.nets.zoo import network
from pages._kit import lab
from pages._parts.transfer import figures, training

NETWORKS = {
    "MobileNetV2": "mobilenet-v2",
    "VGG16": "vgg16",
    "VGG13": "vgg13",
    "ResNet-50": "resnet50",
    "EfficientNetB0": "efficientnet-b0",
    "EfficientNet-Lite0": "",
}


def train(controls: Any, stage: Any) -> lab.Said:
    """A new head on a pretrained network, live."""
    with controls:
        setting = training.controls()
        training.new_task()
    with stage:
        training.stage(setting)
    found = training.runs()
    notice = [
        "The frozen parts are run once for every picture, and what they say is kept. After that, training the head is "
        f"as cheap as training {training.new_head():,} weights.",
        "The pretrained network has never seen a drawn circle. Its edges, corners and textures, learned from photos, "
        "are good enough to tell one from a star after ten pictures each.",
        "Turn the order round. The new head is random, so what it sends down in the first steps is noise, and with "
        "large steps the noise overwrites what ImageNet taught. That is why the head comes first, and why the second "
        "phase takes small steps.",
        "Fine tuning need not help: once the head names all the pictures it learns from, there is hardly an error left "
        "to learn from. It takes more pictures, so more parts are freed only where there are many.",
        "From scratch, the same network on the same pictures hardly does better than guessing: over three million "
        "weights, and a few dozen pictures to set them by.",
    ]
    for run in found[-3:]:
        if len(run.right) > 1:
            ended = f"{run.learned:,} parameters learned, {run.right[-1]:.0%} right at the end."
            notice.insert(0, f"**{run.name[0].upper()}{run.name[1:]}**: {ended}")
    phases = ", ".join(f'Phase("{phase.learns}", {phase.epochs}, {phase.rate:g})' for phase in setting.phases)
    own = f"frozen={setting.kept}" + ("" if setting.pretrained else ", pretrained=False")
    call = f"transfer(*few({setting.amount}), [{phases}], {own})"
    return lab.Said(notice, call, (transfer,), {"curves.csv": lambda: figures.story(found)} if found else {})


def cut(controls: Any, stage: Any) -> lab.Said:
    """A network of the zoo without its upper part, and the head that replaces it."""
    with controls:
        name = st.selectbox("Network", list(NETWORKS), key="network", bind="query-params")
        side = st.slider("Side of the image", 64, 320, 224, 32, key="side", bind="query-params")
        found = _cuts(name, side)
        layers = [each.layer for each in found]
        place = st.slider("Cut, counted from the top", 1, len(found), 1, key="cut", bind="query-params")
        pooling = st.segmented_control(
            "Pooling behind the cut", POOLINGS, default="average", key="pooling", bind="query-params", required=True
        )
        outputs = st.slider("Outputs of the new head", 1, 20, 1, key="outputs", bind="query-params")
    chosen = found[-place]
    lengths = [feature_length(each.shape, pooling) for each in found]
    features = lengths[-place]
    new, whole = head_parameters(features, outputs), _traced(name, side)
    shape = "x".join(map(str, chosen.shape))
    values = pd.DataFrame(
        {
            "cut behind": layers,
            "maps": ["x".join(map(str, each.shape)) for each in found],
            "feature length": [f"{length:,}" for length in lengths],
            "kept": [f"{each.parameters:,}" for each in found],
            "new head": [f"{head_parameters(length, outputs):,}" for length in lengths],
        }
    )
    with stage:
        one, two, three = st.columns(3)
        one.metric("Feature length", f"{features:,}")
        two.metric("Parameters kept", f"{chosen.parameters:,}")
        three.metric("In the new head", f"{new:,}")
        st.markdown(
            f"Cut behind **{chosen.layer}**: maps of {shape}. "
            f"{whole.parameters - chosen.parameters:,} of {whole.parameters:,} parameters are thrown away."
        )
        alt = f"Places to cut {name}; behind {chosen.layer}, {features:,} numbers reach the head."
        lab.chart(figures.places(found, lengths, len(found) - place), key="places", alt=alt, table=values)
    statistics = sum(row.statistics for row in whole.rows[: 1 + _place(whole, chosen.layer)])
    notice = [
        f"With average or maximum pooling the head sees one number for each of the {chosen.shape[0]} maps; without, "
        f"all {feature_length(chosen.shape, 'none'):,} numbers of {shape}.",
        "With pooling the side of the image may change and the head still fits: move the side and watch the feature "
        "length stay. Without pooling every side needs a head of its own.",
        f"A normalisation also keeps means and variances that are never learned: {statistics:,} numbers here. Keras "
        "counts them among the parameters, so it says 2,257,984 for MobileNetV2 without its top.",
        "The higher the cut, the more of the features are about ImageNet's classes. For a task that looks quite "
        "different, a cut further down may do better.",
    ]
    call = (
        "# Keras\nbase = MobileNetV2(include_top=False, pooling='avg')  # weights='imagenet' is the default\n"
        "base.trainable = False\nmodel = Sequential([base, Dropout(0.5), Dense(1, activation='sigmoid')])\n\n"
        "# PyTorch\nbase = mobilenet_v2(weights='DEFAULT').features.requires_grad_(False)\n"
        "model = nn.Sequential(base, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(1280, 1))"
    )
    export = {"cuts.csv": lambda: str(values.to_csv(index=False))}
    return lab.Said(notice, call, (cuts, feature_length, head_parameters), export)


@st.cache_data(show_spinner=False, max_entries=60)
def _traced(name: str, side: int) -> Trace:
    return trace(network(NETWORKS[name]) if NETWORKS[name] else LITE0, (3, side, side))


@st.cache_data(show_spinner=False, max_entries=60)
def _cuts(name: str, side: int) -> tuple[Cut, ...]:
    return cuts(_traced(name, side))


def _place(traced: Trace, layer: str) -> int:
    return next(place for place, row in enumerate(traced.rows) if row.name == layer)
