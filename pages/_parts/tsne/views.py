"""The views of the t-SNE lab: two maps that grow side by side, and a grid of maps that shows how far to trust them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.features.faithful import continuity, kl_divergence, purity, trustworthiness
from core.features.sets import PIXELS, SETS, TITLES, SetName, before_classifier, spaces, vectors_in
from core.features.tsne.descent import Frame, descend
from core.features.tsne.embed import embed
from core.features.tsne.exact import gradient
from core.runtime.tasks import Task
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._parts.tsne import grid, work
from pages._parts.tsne.maps import called, figures, maps
from pages._parts.tsne.work import Setting

COUNTS, PERPLEXITIES = (100, 200, 360, 800), (5, 15, 30, 50)
STEP = 10


def which() -> tuple[SetName, int]:
    """The pictures and how many."""
    name = st.selectbox("Pictures", SETS, 1, format_func=TITLES.get, key="set", bind="query-params")
    count = st.select_slider("Points", COUNTS, 360, key="points", bind="query-params")
    return name, int(count)


def layer_of(name: SetName) -> str:
    """The layer whose values are compared."""
    layers = [space for space in spaces(name) if space != PIXELS]
    chosen = st.selectbox(
        "Layer of the network",
        layers,
        layers.index(before_classifier(name)),
        format_func=lambda layer: f"{layer}, {spaces(name)[layer][1]:,} values",
        key=f"layer-{name}",
        bind="query-params",
    )
    return str(chosen)


def two_maps(controls: Any, stage: Any) -> lab.Said:
    """The same pictures by pixels and by features."""
    with controls:
        name, count = which()
        layer = layer_of(name)
        perplexity = st.segmented_control(
            "Perplexity", PERPLEXITIES, default=30, key="perplexity", bind="query-params", required=True,
            help="How many neighbours of each point count, so to speak.",
        )  # fmt: skip
        st.caption(
            "Pictures that the network has never seen. It learned to name their classes; the maps are not told them."
        )
    setting = Setting(name, count, layer, perplexity)
    pair = (setting.pixels(), setting)
    for each in pair:
        each.must_work()
    work.pure(setting)  # asks for the pictures, so that a wrong number of them is refused here
    with stage:
        table = _film(pair)
    left, right = (work.pure(each) for each in pair)
    notice = [
        f"Of the 10 nearest of a picture, {left:.0%} are of its class by pixels and {right:.0%} by the values of "
        f"{layer}. Chance would give {1 / len(_classes(name)):.0%}. The maps can only show what the distances know.",
        _lesson(name),
        "The classes colour the points afterwards. t-SNE saw distances and nothing else.",
        "The lines lead to the five that are nearest in truth. Where one is long, the map had to tear neighbours "
        "apart: two dimensions have no room for all of them.",
    ]
    call = f"embed(vectors_in({name!r}, 'test', {count}, {layer!r}), perplexity={perplexity})"
    return lab.Said(notice, call, (purity, embed, descend, gradient, vectors_in), _as_csv(table))


def honesty(controls: Any, stage: Any) -> lab.Said:
    """One set over perplexities and seeds."""
    with controls:
        name, count = which()
        kind = st.segmented_control(
            "What is embedded", list(grid.KINDS), default="features", key="kind", bind="query-params", required=True
        )
        space = grid.KINDS[kind] or before_classifier(name)
        st.caption("Every map starts from random places. A row has one perplexity, a column one seed.")
    settings = grid.settings(name, count, space)
    for each in settings:
        each.must_work()
    work.pure(settings[0])
    with stage:
        table = _grid(settings)
    notice = [
        "What stays from map to map is in the data: which points keep together. What changes is the map's own: where "
        "an island lies, how large it is, how far it is from the others, how it is turned.",
        "A small perplexity makes crumbs, even of pure noise: choose it, and compare the first row with the last. "
        "Trust is low there, for good reason.",
        "Trust asks whether neighbours in the map are neighbours in truth, continuity whether neighbours in truth are "
        "still near in the map. Neither says anything about distances between islands.",
        "Seeds that end with nearly the same divergence may look quite different: the number does not choose for you.",
    ]
    call = f"embed(vectors_in({name!r}, 'test', {count}, {space!r}), perplexity=2, start='random', seed=1)"
    return lab.Said(notice, call, (trustworthiness, continuity, kl_divergence, vectors_in), _as_csv(table))


def _as_csv(table: pd.DataFrame | None) -> lab.Exports:
    return {} if table is None else {"maps.csv": lambda: table.to_csv()}


def _film(pair: tuple[Setting, Setting]) -> pd.DataFrame | None:
    stories = _stories("maps", pair)
    if stories[0] is None or stories[1] is None:
        _begin("maps", pair)
        watching.watch("maps", lambda job: _latest(job, pair))
        return None
    last = stories[0][-1].iteration
    at = st.slider("Iteration", 0, last, last, STEP, key="iteration", bind="query-params")
    frames = [story[min(at // STEP, len(story) - 1)] for story in stories if story]
    return _both(list(zip(pair, frames, strict=True)))


def _latest(job: Job, pair: tuple[Setting, Setting]) -> None:
    newest: dict[Setting, Frame] = dict(list(job.found))
    if len(newest) == len(pair) and job.setting == pair:
        maps([(each, newest[each]) for each in pair], key="film", first=0)


def _both(pairs: list[tuple[Setting, Frame]]) -> pd.DataFrame:
    slot = st.container()
    point = st.number_input(
        "Mark a point by its number", 0, pairs[0][0].count - 1, 0, key="point", bind="query-params",
        help="The pointer and the arrow keys in a map do the same.",
    )  # fmt: skip
    with slot:
        maps(pairs, key="film", first=int(point))
    _told(pairs, int(point))
    table = figures([(each, frame.iteration) for each, frame in pairs], [frame for _, frame in pairs])
    folded("The numbers behind these maps", table, key="maps-numbers")
    return table


def _told(pairs: list[tuple[Setting, Frame]], point: int) -> None:
    """The neighbours of a point in words."""
    names, labels = _classes(pairs[0][0].name), work.labels_of(pairs[0][0])
    said = [
        f"by {called(each)} {', '.join(names[labels[other]] for other in work.nearest_in_truth(each)[point])}"
        for each, _ in pairs
    ]
    st.markdown(f"Point {point} is **{names[labels[point]]}**. Its five nearest: {'; '.join(said)}.")


def _grid(settings: tuple[Setting, ...]) -> pd.DataFrame | None:
    stories = _stories("grid", settings)
    if any(story is None for story in stories):
        _begin("grid", settings)
        watching.watch("grid", lambda job: _growing(job, settings))
        return None
    found = {each: story[-1] for each, story in zip(settings, stories, strict=True) if story}
    table = grid.table(settings, list(found.values()))
    lab.chart(grid.figure(found, table), key="grid", alt=grid.alt(table))
    folded("The numbers behind these maps", table, key="grid-numbers")
    return table


def _growing(job: Job, settings: tuple[Setting, ...]) -> None:
    newest: dict[Setting, Frame] = dict(list(job.found))
    if job.setting == settings and len(newest) == len(settings):
        lab.chart(grid.figure(newest), key="growing", alt="Maps over perplexities and seeds, still being computed.")


def _stories(name: str, settings: Sequence[Setting]) -> list[work.Frames | None]:
    """The maps that were finished before, here or by the work of this name elsewhere."""
    job = watching.current(name)
    if job is not None and job.whole:
        work.keep(job.found)
    return [work.kept(each) for each in settings]


def _begin(name: str, settings: tuple[Setting, ...]) -> None:
    """Begin at once what nobody has computed yet; what was stopped waits for a button."""
    job = watching.current(name)
    again = job is not None and job.setting == settings and not job.running
    if again and not st.button("Draw the maps", key=f"again-{name}", type="primary"):
        return
    if job is None or job.setting != settings or again:
        watching.begin(name, settings, Task(work.drawn, (settings,)))


def _classes(name: SetName) -> tuple[str, ...]:
    from core.features.sets import CLASSES

    return CLASSES[name]


def _lesson(name: SetName) -> str:
    return {
        "digits": "These digits all lie in the middle and have one size, so their pixels can be compared one by one, "
        "and the network has little to add. Look at digits anywhere.",
        "placed": "Move a digit by two pixels and its ink meets other ink: by pixels it is nearer to another digit in "
        "the same place than to itself elsewhere. The network learned to see what is written, not where.",
        "scenes": "By pixels a picture's neighbours share its ground and its light. What stands on it covers few "
        "pixels. The network learned to see the thing.",
    }[name]
