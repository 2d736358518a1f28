"""t-SNE: three ways to the same gradient, a divergence that falls, frames while it runs, and an end when told so."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.spatial.distance import pdist, squareform
from sklearn.datasets import load_digits
from sklearn.manifold import TSNE, _t_sne

from core.errors import CoreError, ShapeError
from core.features.faithful import kl_divergence, neighbours_kept, purity
from core.features.tsne import embed as ways
from core.features.tsne.affinities import affinities, conditional, neighbours_for
from core.features.tsne.descent import Phase, descend
from core.features.tsne.embed import METHODS, embed, starting
from core.features.tsne.exact import Exact, gradient
from core.features.tsne.grid import Grid, repulsion
from core.features.tsne.library import MANY, Library
from core.features.tsne.ondevice import affinities_on
from core.learning.train import Stopped

SHORT = (Phase(50, 12.0, 0.5), Phase(50, 1.0, 0.8))


def islands(count: int = 60, dimensions: int = 5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Three clusters far apart, and which is which."""
    labels = np.arange(count) % 3
    random = np.random.default_rng(seed)
    return np.eye(3, dimensions)[labels] * 20 + random.normal(size=(count, dimensions)), labels


@given(st.integers(0, 50), st.sampled_from([2.0, 5.0, 12.5]))
@settings(max_examples=20)
def test_gives_every_point_the_perplexity_it_asks_for(seed: int, perplexity: float) -> None:
    random = np.random.default_rng(seed)
    squares = random.gamma(2, random.uniform(0.01, 1000), (6, 40))
    shares = conditional(squares, perplexity)
    entropy = -(shares * np.log(np.maximum(shares, 1e-300))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), perplexity, rtol=1e-6)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_has_the_affinities_of_scikit_learn() -> None:
    points = islands(90)[0]
    squares = squareform(pdist(points, "sqeuclidean")).astype(np.float32)
    theirs = squareform(_t_sne._joint_probabilities(squares, 29, verbose=0))
    np.testing.assert_allclose(affinities(points, 29).toarray(), theirs, atol=2e-5)


def test_has_the_same_affinities_in_torch() -> None:
    points = islands(70)[0]
    np.testing.assert_allclose(affinities_on(points, 10, "cpu").toarray(), affinities(points, 10).toarray(), atol=1e-6)


def test_adds_up_to_one_and_is_symmetric() -> None:
    found = affinities(islands()[0], 7)
    assert found.sum() == pytest.approx(1)
    assert abs(found - found.T).max() < 1e-12


@pytest.mark.parametrize("exaggeration", [1.0, 12.0])
def test_descends_along_the_derivative_of_the_divergence(exaggeration: float) -> None:
    found, layout = affinities(islands(30)[0], 5), np.random.default_rng(1).normal(size=(30, 2))
    points = torch.tensor(layout, requires_grad=True)
    close = 1 / (1 + torch.cdist(points, points) ** 2)
    close = close - torch.diag(torch.diag(close))
    true = torch.tensor(found.toarray()) * exaggeration
    there = true > 0
    # d/dy of sum P log(P / Q) with sum P = exaggeration leaves the normaliser's share as if P added up to 1
    loss = -(true[there] * close[there].log()).sum() + close.sum().log()
    loss.backward()
    ours, normaliser = gradient(layout, found.toarray(), exaggeration=exaggeration)
    np.testing.assert_allclose(ours, points.grad.numpy(), atol=1e-9)
    assert normaliser == pytest.approx(float(close.detach().sum()))


@pytest.mark.parametrize("spread", [0.5, 5.0, 20.0])
@pytest.mark.parametrize("version", [Library, Grid])
def test_finds_the_exact_forces_another_way(version: type, spread: float) -> None:
    found, layout = affinities(islands(400)[0], 20), np.random.default_rng(2).normal(size=(400, 2)) * spread
    exact, kl = Exact(found)(layout, 4.0, judge=True)
    near, near_kl = version(found)(layout, 4.0, judge=True)
    assert np.linalg.norm(near - exact) < 0.05 * np.linalg.norm(exact)
    assert near_kl == pytest.approx(kl, abs=0.02)
    assert kl == pytest.approx(kl_divergence(found, layout), abs=1e-4)
    assert np.isnan(version(found)(layout, 1.0, judge=False)[1])


def test_takes_the_grid_of_the_library_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    found, layout = affinities(islands(300)[0], 10), np.random.default_rng(2).normal(size=(300, 2)) * 5
    tree = Library(found)(layout, 1.0, judge=False)[0]
    monkeypatch.setattr("core.features.tsne.library.MANY", 300)
    grid = Library(found)(layout, 1.0, judge=False)[0]
    assert MANY == 10_000
    assert np.linalg.norm(grid - tree) < 0.05 * np.linalg.norm(tree)


def test_pushes_points_apart_as_a_sum_over_pairs_does() -> None:
    layout = np.random.default_rng(0).normal(size=(80, 2)).astype(np.float32) * 5
    close = 1 / (1 + squareform(pdist(layout, "sqeuclidean")))
    np.fill_diagonal(close, 0)
    wanted = ((close**2)[:, :, None] * (layout[:, None] - layout)).sum(axis=1) / close.sum()
    push, normaliser = repulsion(torch.tensor(layout))
    np.testing.assert_allclose(push.numpy(), wanted, atol=0.02 * np.abs(wanted).max())
    assert float(normaliser) == pytest.approx(close.sum(), rel=1e-2)


@pytest.mark.parametrize(("method", "start"), [*((method, "pca") for method in METHODS), ("exact", "random")])
def test_draws_islands_as_islands(method: str, start: str) -> None:
    points, labels = islands(300)
    *_, last = embed(points, perplexity=20, method=method, start=start, phases=SHORT, seed=1)
    assert last.iteration == 100
    assert purity(last.coordinates.astype(np.float64), labels, 10) > 0.99
    assert last.kl == pytest.approx(kl_divergence(affinities(points, 20), last.coordinates), abs=0.02)


def test_shows_a_frame_every_few_iterations_each_of_its_own() -> None:
    frames = list(embed(islands()[0], perplexity=8, phases=(Phase(25, 4.0, 0.5),), frames_every=10))
    assert [frame.iteration for frame in frames] == [0, 10, 20, 25]
    assert np.isnan(frames[0].kl)
    assert all(not np.array_equal(a.coordinates, b.coordinates) for a, b in itertools.pairwise(frames))
    assert all(frame.coordinates.dtype == np.float32 for frame in frames)


def test_gives_the_same_layout_for_the_same_seed_and_another_for_another() -> None:
    one, two, other = (
        list(embed(islands()[0], perplexity=8, start="random", seed=seed, phases=SHORT))[-1].coordinates
        for seed in (3, 3, 4)
    )
    assert np.array_equal(one, two)
    assert not np.allclose(one, other)


@pytest.mark.parametrize("at", ["neighbours", "iteration"])
def test_stops_when_told_to(at: str) -> None:
    def stop(done: float, what: str) -> None:
        if what.startswith(at):
            raise Stopped

    with pytest.raises(Stopped):
        list(embed(islands()[0], perplexity=8, progress=stop))


def test_starts_along_the_longest_directions() -> None:
    points = np.random.default_rng(0).normal(size=(50, 3)) * [9.0, 3.0, 0.1]
    layout = starting(points, seed=0)
    assert abs(np.corrcoef(layout[:, 0], points[:, 0])[0, 1]) > 0.99
    wide = np.hstack([points, np.zeros((50, 60))])  # more dimensions than points: the other way to the same
    assert abs(np.corrcoef(starting(wide, seed=0)[:, 0], layout[:, 0])[0, 1]) > 0.99


def test_survives_points_that_are_all_equal() -> None:
    *_, last = embed(np.ones((30, 4)), perplexity=5, phases=(Phase(20, 4.0, 0.5),))
    assert np.isfinite(last.coordinates).all()


def test_refuses_a_perplexity_that_asks_for_more_neighbours_than_there_are() -> None:
    with pytest.raises(CoreError, match="from 1 to 19 would do"):
        next(embed(islands()[0], perplexity=30))
    assert neighbours_for(19, 60) == 57


@pytest.mark.parametrize(
    ("points", "error", "said"),
    [
        pytest.param(np.zeros((3, 2)), ShapeError, "four or more", id="too-few"),
        pytest.param(np.zeros((9, 2, 2)), ShapeError, "points", id="not-vectors"),
        pytest.param(np.full((40, 2), np.nan), CoreError, "finite", id="nan"),
    ],
)
def test_refuses_what_cannot_be_embedded(points: np.ndarray, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        next(embed(points, perplexity=2))


def test_refuses_unknown_methods_and_frames() -> None:
    with pytest.raises(CoreError, match="exact"):
        next(embed(islands()[0], perplexity=5, method="umap"))
    with pytest.raises(CoreError, match="frames every"):
        next(descend(np.zeros((4, 2)), lambda *_, **__: (np.zeros((4, 2)), 0.0), frames_every=0))


def test_chooses_by_number_and_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert ways.chosen("auto", 5000) == ("opentsne", "cpu")
    assert ways.chosen("fft", 5000) == ("fft", "cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert ways.chosen("auto", 5000) == ("fft", "cuda")
    assert ways.chosen("auto", 500) == ("exact", "cpu")


def test_takes_sparse_affinities_of_any_making() -> None:
    pair = csr_matrix(np.array([[0, 0.5], [0.5, 0]]))
    force, kl = Exact(pair)(np.array([[0.0, 0.0], [1.0, 0.0]]), 1.0, judge=True)
    np.testing.assert_allclose(force, 0, atol=1e-6)
    assert kl == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
def test_is_as_good_as_scikit_learn_and_opentsne_on_digits() -> None:
    import openTSNE

    points = load_digits().data
    found = affinities(points, 30)
    *_, ours = embed(points, perplexity=30)
    peers = [
        TSNE(random_state=0).fit_transform(points),
        np.asarray(openTSNE.TSNE(n_jobs=1, random_state=0).fit(points)),
    ]
    divergence, kept = kl_divergence(found, ours.coordinates), neighbours_kept(points, ours.coordinates)
    assert divergence <= 1.01 * min(kl_divergence(found, peer) for peer in peers)
    assert kept >= max(neighbours_kept(points, peer) for peer in peers) - 0.01


@pytest.mark.gpu
def test_runs_on_a_gpu() -> None:
    points, labels = islands(3000, 20)
    *_, last = embed(points, method="fft")
    assert ways.chosen("fft", 3000) == ("fft", "cuda")
    assert purity(last.coordinates.astype(np.float64), labels, 10) > 0.99
    assert last.kl == pytest.approx(kl_divergence(affinities(points, 30), last.coordinates), abs=0.02)
