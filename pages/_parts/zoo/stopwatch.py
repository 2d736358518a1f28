"""The stopwatch of the model zoo: chosen networks, a button, and what a forward pass took on this machine."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from core.data.keras_zoo import KERAS_ZOO
from core.learning.train import Progress
from core.nets.latency import MOST_MACS, Latency, latency
from core.nets.trace import trace
from core.nets.zoo import names, network
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.zoo.figures import passes, passes_table

USUALLY = ("AlexNet, one stream", "ResNet18", "MobileNetV2")


@dataclass(frozen=True)
class Built:
    """A network that our own zoo can build: its name there, the name people know, and what a trace of it says."""

    name: str
    shown: str
    macs: int
    parameters: int


@st.cache_data(show_spinner=False)
def built() -> dict[str, Built]:
    """Every network of our own zoo that is small enough to run here, by the name people know."""
    traced = {name: trace(network(name)) for name in names()}
    return {
        each.network.name: Built(name, each.network.name, each.macs, each.parameters)
        for name, each in traced.items()
        if each.macs <= MOST_MACS
    }


@st.cache_data(show_spinner=False)
def twins() -> dict[str, Built]:
    """The rows of the lecture's table that our zoo can build, as Keras has them where there is a choice."""
    plain = {"".join(filter(str.isalnum, each.name)): each for each in built().values()}
    spelt = {entry.name: (f"{entry.name.lower()}keras", entry.name.lower()) for entry in KERAS_ZOO}
    return {name: plain[way] for name, ways in spelt.items() for way in reversed(ways) if way in plain}


def measured() -> dict[str, Latency]:
    """What this visitor measured so far, by the name people know."""
    found: dict[str, Latency] = st.session_state.setdefault("_measured", {})
    return found


def stopwatch() -> None:
    """Controls, progress and result of a measurement; it goes on beside the page and can be stopped."""
    known = built()
    usual = [name for name in USUALLY if name in known]
    chosen = st.multiselect("Networks", list(known), usual, key="measure", bind="query-params")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        threads = st.segmented_control(
            "Processor cores", ("one", "all"), default="one", key="threads", bind="query-params", required=True
        )
        begin = st.button("Measure", key="begin", type="primary", disabled=not chosen)
    cores = 1 if threads == "one" else os.cpu_count() or 1
    setting = (tuple(chosen), cores)
    if begin:
        wanted = [known[name] for name in chosen]
        watching.begin("latency", setting, lambda progress: _measure(wanted, cores, progress))
    watching.watch("latency", _draw, now=setting)


def _measure(chosen: list[Built], cores: int, progress: Progress) -> Iterator[Latency]:
    for number, each in enumerate(chosen):
        yield latency(network(each.name), threads=cores, progress=watching.part(progress, number, len(chosen)))


def _draw(work: Job) -> None:
    found = list(work.found)
    measured().update({each.name: each for each in found})
    if not found:
        return
    macs = {each.shown: each.macs for each in built().values()}
    said = ", ".join(f"{each.name} {each.median:,.1f} ms" for each in found)
    lab.chart(passes(found, macs), key="passes", alt=f"One image on this machine: {said}.")
    folded("The numbers of these measurements", passes_table(found, macs).set_index("network"), key="passes-numbers")
    st.caption(
        "The median of ten passes of one image, after two that do not count; the line reaches from the fastest "
        "to the slowest. Times here and in the table were taken on other machines: compare orders, not numbers."
    )
