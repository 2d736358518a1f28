"""t-SNE beside scikit-learn and openTSNE, on digits, 10,000 and 60,000 points.

Every layout is judged by one function: the divergence from the same affinities (exact neighbours, perplexity 30), with
all pairs of the layout, and the share of the 15 nearest points that stay among the 15 nearest. Each program starts as
it does by default, on one thread, with its imports done before the clock starts: 700 iterations of ours, 750 of
openTSNE's, 1,000 of scikit-learn's. CPU is the process's own time, so a busy machine changes it little. The larger
sets are clouds of 20 clusters, each spread along 6 directions of its own with a little noise in all others. The first
frame is the start, the next the first that has moved. What frames cost is measured on 100 iterations with digits, with
a frame every 10 of them and with one at the end, in turns; the quickest of each counts.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from benchmarks.results import Goal, Row, Section, Series
from core.features.faithful import kl_divergence, neighbours_kept
from core.features.tsne.affinities import Affinities
from core.features.tsne.descent import Phase, descend
from core.features.tsne.embed import Method, chosen, embed
from core.features.tsne.library import Library
from core.features.tsne.ondevice import affinities_on
from core.types import Floats

PERPLEXITY, NEAREST = 30.0, 15
CLUSTERS, OWN = 20, 6  # clusters of a cloud, and the directions each of them varies in
WORSE, LOST = 1.01, 0.01  # what may be lost against the better of the two


@dataclass(frozen=True)
class Run:
    """One program on one set: what it cost, and the layout."""

    cpu: float
    wall: float
    layout: Floats
    first: float = np.nan  # seconds to the start
    moved: float = np.nan  # seconds to the first layout that has moved


def measure(*, quick: bool) -> Section:
    """Digits and 10,000 points; 60,000 as well unless it is to be quick."""
    import torch

    torch.set_num_threads(1)
    sets = {"digits": digits(), "10,000 x 256": cloud(10_000, 256)}
    if not quick:
        sets["60,000 x 50"] = cloud(60_000, 50)
    rows, notes = list[Row](), list[str]()
    _warm()
    for name, points in sets.items():
        found = affinities_on(points, PERPLEXITY, "cpu")
        mine = ours(points, "exact" if len(points) <= 1_000 else "opentsne")
        peers = {"scikit-learn": sklearns(points), "openTSNE": opentsnes(points)}
        rows += compared(name, points, found, mine, peers)
        if len(points) == 10_000:
            rows.append(Row("First frame, 10,000 points", Series((mine.first,), "s"), goals=(Goal("most", 2.0),)))
            rows.append(Row("First frame that has moved, 10,000 points", Series((mine.moved,), "s")))
        notes.append(f"{name}, wall seconds: {mine.wall:.1f} ours, {said(peers)}.")
        if chosen("fft", len(points))[1] == "cuda":
            rows.append(on_gpu(name, points, found))
    rows.append(overhead(sets["digits"], times=20 if quick else 40))
    return Section("embedding", __doc__ or "", tuple(rows), tuple(notes))


def compared(name: str, points: Floats, found: Affinities, mine: Run, peers: dict[str, Run]) -> list[Row]:
    """Divergence, neighbours kept and CPU, each beside the better peer."""
    divergence = {peer: kl_divergence(found, run.layout) for peer, run in peers.items()}
    kept = {peer: neighbours_kept(points, run.layout, k=NEAREST) for peer, run in peers.items()}
    best, keeps = min(divergence, key=lambda peer: divergence[peer]), max(kept, key=lambda peer: kept[peer])
    own = 1 - neighbours_kept(points, mine.layout, k=NEAREST)
    lost = 1 - kept[keeps] + LOST
    return [
        Row(
            f"t-SNE, {name}: divergence",
            Series((kl_divergence(found, mine.layout),), "nats"),
            named(best),
            Series((divergence[best],), "nats"),
            goals=(Goal("ratio", WORSE),),
        ),
        Row(
            f"t-SNE, {name}: of 15 neighbours lost",
            Series((own,), "of 1"),
            named(keeps),
            Series((1 - kept[keeps],), "of 1"),
            goals=(Goal("most", lost),),
        ),
        Row(
            f"t-SNE, {name}: CPU",
            Series((mine.cpu,), "s"),
            named("openTSNE"),
            Series((peers["openTSNE"].cpu,), "s"),
            goals=(Goal("ratio", 1.0),),
        ),
        Row(
            f"t-SNE, {name}: CPU beside scikit-learn",
            Series((mine.cpu,), "s"),
            named("scikit-learn"),
            Series((peers["scikit-learn"].cpu,), "s"),
        ),
    ]


def ours(points: Floats, method: Method, *, frames_every: int = 10) -> Run:
    """Our descent, watched as a page watches it."""
    began, cpu, first, moved = time.perf_counter(), time.process_time(), np.nan, np.nan
    layout = np.empty((0, 2))
    for frame in embed(points, perplexity=PERPLEXITY, method=method, frames_every=frames_every):
        layout = frame.coordinates.astype(np.float64)
        if frame.iteration == 0:
            first = time.perf_counter() - began
        elif np.isnan(moved):
            moved = time.perf_counter() - began
    return Run(time.process_time() - cpu, time.perf_counter() - began, layout, first, moved)


def sklearns(points: Floats) -> Run:
    """scikit-learn as it comes: a tree, all its own defaults."""
    from sklearn.manifold import TSNE

    return timed(lambda: TSNE(perplexity=PERPLEXITY, random_state=0, n_jobs=1).fit_transform(points))


def opentsnes(points: Floats) -> Run:
    """openTSNE as it comes, on one thread."""
    from openTSNE import TSNE

    return timed(lambda: TSNE(perplexity=PERPLEXITY, random_state=0, n_jobs=1).fit(points))


def timed(work: Callable[[], Floats]) -> Run:
    """One program, from points to layout."""
    began, cpu = time.perf_counter(), time.process_time()
    layout = np.asarray(work(), dtype=np.float64)
    return Run(time.process_time() - cpu, time.perf_counter() - began, layout)


def overhead(points: Floats, *, times: int) -> Row:
    """CPU of 100 iterations with a frame every 10, beside that with one at the end; the least of so many turns."""
    forces, start = Library(affinities_on(points, PERPLEXITY, "cpu")), ours(points, "opentsne").layout
    runs = [(_descended(start, forces, 10), _descended(start, forces, 100)) for _ in range(times)]
    with_frames, without = (min(each) for each in zip(*runs, strict=True))
    return Row(
        "t-SNE, digits: 100 iterations with a frame every 10",
        Series((with_frames,), "s"),
        "one frame at the end",
        Series((without,), "s"),
        goals=(Goal("ratio", 1.03),),
    )


def _descended(start: Floats, forces: Library, frames_every: int) -> float:
    cpu = time.process_time()
    for _ in descend(start, forces, phases=(Phase(100, 1.0, 0.8),), frames_every=frames_every):
        pass
    return time.process_time() - cpu


def on_gpu(name: str, points: Floats, found: Affinities) -> Row:
    """The version in torch on the GPU, in wall seconds."""
    run = ours(points, "fft")
    worth = f"divergence {kl_divergence(found, run.layout):.3f}"
    goals = (Goal("most", 10.0),) if len(points) == 60_000 else ()
    return Row(f"t-SNE on a GPU, {name} ({worth})", Series((run.wall,), "s"), goals=goals)


def digits() -> Floats:
    """scikit-learn's 1,797 digits: (1797, 64)."""
    from sklearn.datasets import load_digits

    return np.asarray(load_digits().data, dtype=np.float64)


def cloud(count: int, dimensions: int) -> Floats:
    """Clusters that each vary in a few directions of their own: (count, dimensions)."""
    random = np.random.default_rng(0)
    middles = random.normal(size=(CLUSTERS, dimensions)) * 1.5
    ways = random.normal(size=(CLUSTERS, OWN, dimensions))
    which = random.integers(0, CLUSTERS, count)
    inside = np.einsum("no,nod->nd", random.normal(size=(count, OWN)), ways[which])
    return np.asarray(middles[which] + inside + 0.2 * random.normal(size=(count, dimensions)))


def named(peer: str) -> str:
    """A peer with its version."""
    return f"{peer} {version(peer.lower())}"


def said(peers: dict[str, Run]) -> str:
    """The peers' wall seconds in words."""
    return ", ".join(f"{run.wall:.1f} {peer}" for peer, run in peers.items())


def _warm() -> None:
    """Everything imported and run once, on a handful of points."""
    few = np.random.default_rng(0).normal(size=(200, 5))
    for method in ("exact", "opentsne"):
        ours(few, method)
    sklearns(few)
    opentsnes(few)
