"""Controls of the optimisers lab, and what is said of two walks."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.learning.optimisers import Sgd, largest_rate, method, walk
from core.learning.surfaces import SURFACES
from pages._parts.optimisers.figures import Told, above

METHODS = ("gradient descent", "momentum", "Nesterov", "Adam")
RATES = (0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.2, 0.3, 0.5, 1.0, 2.0, 2.5)
STEPS = 150


@dataclass(frozen=True)
class Chosen:
    """One method with its settings."""

    kind: str
    values: tuple[float, ...]  # rate, momentum or betas

    @property
    def name(self) -> str:
        """As the legend has it."""
        return f"{self.kind}, rate {self.values[0]:g}"

    @property
    def call(self) -> str:
        """As code."""
        return repr(method(self.kind)(*self.values))


@dataclass(frozen=True)
class Setting:
    """Where to walk, how, and with how much noise; equal settings give equal walks."""

    surface: str
    first: Chosen
    second: Chosen
    start: tuple[float, float]
    noise: float
    cut: bool
    seed: int


def controls() -> Setting:
    """Draw the controls."""
    name = st.segmented_control(
        "Landscape", list(SURFACES), default="ravine", key="surface", bind="query-params", required=True
    )
    st.caption(f"{SURFACES[name].formula}. {SURFACES[name].lesson}")
    first = _method("Blue", "gradient descent", 0.08, "a")
    second = _method("Orange, dashed", "momentum", 0.03, "b")
    with st.expander("Start, noise and smaller steps"):
        x, y = SURFACES[name].start
        start = (
            st.slider("Start, weight x", -2.0, 2.0, x, 0.01, key=f"x_{name[:3]}", bind="query-params"),
            st.slider("Start, weight y", -2.0, 2.0, y, 0.01, key=f"y_{name[:3]}", bind="query-params"),
        )
        noise = st.slider(
            "Noise of the gradient", 0.0, 3.0, 0.0, 0.1, key="noise", bind="query-params",
            help="The gradient of a small batch is that of all examples, and a random part.",
        )  # fmt: skip
        cut = st.toggle("A tenth of the rate from halfway on", key="cut", bind="query-params")
        seed = st.slider("Draw other noise", 0, 20, 0, key="draw", bind="query-params")
    return Setting(name, first, second, start, noise, cut, seed)


def _method(label: str, usual: str, rate: float, key: str) -> Chosen:
    kind = st.selectbox(label, METHODS, METHODS.index(usual), key=f"method_{key}", bind="query-params")
    chosen = st.select_slider(
        f"Rate, {label.split(',')[0].lower()}", RATES, rate, key=f"rate_{key}", bind="query-params"
    )
    more: tuple[float, ...] = ()
    if kind in ("momentum", "Nesterov"):
        more = (st.slider("Momentum", 0.0, 0.99, 0.9, 0.01, key=f"momentum_{key}", bind="query-params"),)
    elif kind == "Adam":
        more = (
            st.slider("First beta, of the mean", 0.0, 0.99, 0.9, 0.01, key=f"first_{key}", bind="query-params"),
            st.slider("Second beta, of the squares", 0.5, 0.999, 0.999, 0.001, key=f"second_{key}",
                      bind="query-params", format="%.3f"),
        )  # fmt: skip
    return Chosen(kind, (float(chosen), *more))


@st.cache_data(show_spinner=False, max_entries=200)
def walks(setting: Setting) -> tuple[Told, Told]:
    """Both walks, from one start and with one draw of noise."""

    def half(losses: Any) -> float:
        return 0.1 if setting.cut and len(losses) >= STEPS // 2 else 1.0

    one, two = (
        Told(
            each.name,
            walk(
                SURFACES[setting.surface], method(each.kind)(*each.values), setting.start, STEPS,
                noise=setting.noise, generator=np.random.default_rng(setting.seed), schedule=half,
            ),
        )
        for each in (setting.first, setting.second)
    )  # fmt: skip
    return one, two


def said(setting: Setting, found: tuple[Told, Told], step: int) -> str:
    """One sentence on both walks at a step."""
    parts = [
        f"**{told.name}** ran away after {len(told.walk.losses) - 1} steps"
        if told.walk.ran_away and step >= len(told.walk.losses) - 1
        else f"**{told.name}** is {above(setting.surface, told.walk, step):.2g} above the lowest point"
        for told in found
    ]
    return f"After {step} steps {parts[0]}; {parts[1]}."


def findings(setting: Setting, found: tuple[Told, Told]) -> list[str]:
    """What there is to notice, from the settings and the walks."""
    surface, notes = SURFACES[setting.surface], list[str]()
    for chosen, told in zip((setting.first, setting.second), found, strict=True):
        built = method(chosen.kind)(*chosen.values)
        shown = chosen.name[0].upper() + chosen.name[1:]
        if surface.curvatures and isinstance(built, Sgd) and not built.nesterov:
            steep = max(surface.curvatures)
            limit = largest_rate(steep, built.momentum)
            way = f"2 · (1 + {built.momentum:g})" if built.momentum else "2"
            verdict = "Above it every step swings further out" if built.rate > limit else "Below it the swings die out"
            notes.append(
                f"**{shown}**: the steepest direction is curved by {steep:g}, so the rate has to stay below "
                f"{way} / {steep:g} = {limit:.3g}. {verdict}."
            )
        elif told.walk.ran_away:
            notes.append(f"**{shown}** ran away: its steps are longer than the valley is wide. Take a smaller rate.")
    if surface.curvatures and min(surface.curvatures) < max(surface.curvatures):
        notes.append(
            "In the ravine the gradient points across and hardly along. Gradient descent swings from wall to wall; in "
            "a velocity the swings cancel and the way along adds up."
        )
    elif setting.surface == "saddle":
        notes.append(
            "In the middle of the saddle the gradient is nearly 0 and the loss seems to have settled. What helps is "
            "momentum, or a little noise: both lead off the ridge."
        )
    elif setting.surface == "two valleys":
        notes.append(
            "Gradient descent ends in the valley it starts in. With momentum 0.9 and a rate of 0.03 the ball rolls "
            "over the hill; with much less of either it does not."
        )
    notes += [
        "Adam divides by the size of the gradients so far: its first step is as long as the rate, in a ravine and on a "
        "plain. With the same rate it is not the same walk, so rates of two methods cannot be compared.",
        "With noise a constant rate never settles: it dances around the lowest point. A tenth of the rate from halfway "
        "on is what AlexNet's authors did by hand, three times, whenever the error no longer fell.",
    ]
    return notes
