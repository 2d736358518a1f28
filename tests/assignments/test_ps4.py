"""What holds for PS4 alone: what its drawn cases contain, and that core recomputes the numbers in its text."""

import ast
from pathlib import Path

import numpy as np
import pytest
import torch

from assignments.figures import ps4 as figure
from assignments.referees.ps4 import clusters, fitting, latents, parcels, retrieval, scaling, voting
from core.features.faithful import purity
from core.features.handcrafted import parcel_features, standardise
from core.features.latent import vectors
from core.features.neighbours import distances, nearest, voted
from core.learning.losses import one_hot
from core.learning.perceptron import descended, scores_of
from core.nets.trace import trace
from core.nets.zoo.alexnet import ALEXNET
from core.units.activations import softmax
from grading.referee import last_ruling
from tests.assignments.nbgrading import COURSE
from tests.assignments.sets import drawn, referees, source

pytestmark = pytest.mark.usefixtures("seeded")

BOOK = {cell.id: cell.source for cell in source("ps4").cells}
PAGES = Path(__file__).parents[2] / "pages"
HAND, AT_ORIGIN = fitting.HAND, np.zeros((1, 2))


def referee(name):
    return next(each for each in referees("ps4") if each.name == name)


def test_draws_parcels_with_a_notch_and_a_hole_at_a_rim_of_a_larger_map():
    for heights in drawn(parcels.any_map):
        tall, wide = parcels.sides(heights)
        seen = parcel_features(heights)
        assert heights.shape[0] != heights.shape[1]
        assert tall != wide
        assert seen["area"] < tall * wide - 1
        assert parcels.without_rim(heights)["perimeter"] < seen["perimeter"]
        assert parcels.without_holes(heights)["perimeter"] < seen["perimeter"]
        assert max(heights.shape) > max(tall, wide)


def test_draws_flat_parcels_that_are_partly_below_the_belt():
    for heights in drawn(parcels.partly_below):
        assert (heights < 0).any()
        assert (heights > 0).any()


def test_draws_features_that_never_change_and_some_that_change_in_the_test_part_only():
    assert all((np.ptp(train, axis=0) > 0).all() for train, _ in drawn(scaling.tables()))
    for train, test in drawn(scaling.tables(constant=True)):
        still = np.ptp(train, axis=0) == 0
        assert 0 < still.sum() < len(still)
        assert (test[:, still] != train[0, still]).all()
    assert all(not standardise(*case)[1][:, np.ptp(case[0], axis=0) == 0].any() for case in drawn(scaling.alike))
    assert all(len({*train.shape, len(test)}) == 3 for train, test in drawn(scaling.tables()))


@pytest.mark.parametrize("part", fitting.EVERY)
def test_takes_a_longer_step_or_one_backwards_for_the_same_way_but_no_step_and_no_other_way(part):
    for case in drawn(fitting.drawn(part, look="way"), 10):
        *given, _, look = case.arguments
        start, right = given[2][part], fitting.fitted(*given)[part]
        way = fitting.one_of(*case.arguments)
        for factor in (3.0, -1.0):
            answer = {part: start + factor * (right - start)}
            assert fitting.asked(answer, tuple(given), part, look) == pytest.approx(way)
        assert not fitting.asked(given[2], tuple(given), part, look).any()
        assert fitting.asked(fitting.by(fitting.without_softmax)(*given), tuple(given), part, look) != pytest.approx(
            way, abs=1e-3
        )


def test_gives_those_who_answer_with_zeros_or_with_what_came_in_nothing():
    def zeros(train, test):
        return 0 * train, 0 * test

    assert referee("standardize").rule(zeros).points == 0
    assert referee("standardize").rule(lambda train, test: (train, test)).points == 0
    assert referee("fit_mlp").rule(lambda features, labels, weights, steps, rate: weights).points == 0


def test_draws_units_that_fire_for_every_example_where_that_is_promised():
    for case in drawn(fitting.drawn(fitting.W1, always_on=True)):
        assert (scores_of(case.arguments[0], case.arguments[2])[0] > 0).all()


def test_draws_networks_whose_units_fire_for_some_examples_only():
    for case in drawn(fitting.drawn(*fitting.EVERY)):
        features, _labels, weights, *_ = case.arguments
        sums, _, scores = scores_of(features, weights)
        fires = sums > 0
        assert (fires.any(axis=0) & ~fires.all(axis=0)).all()
        assert len({*features.shape, sums.shape[1], scores.shape[1]}) == 4


def test_asks_about_a_unit_that_sleeps_about_sums_of_exactly_0_and_about_huge_scores():
    features, labels = fitting.FOUR
    assert (scores_of(features, fitting.ASLEEP)[0][:, 1] < 0).all()
    assert (scores_of(features, fitting.AT_ZERO)[0] == 0).any()
    assert (abs(scores_of(2000 * features, fitting.START)[2]) > 710).any()
    assert labels.max() == 1


@pytest.mark.parametrize("name", ["fit_mlp", "standardize", "parcel_features"])
def test_gives_every_part_of_an_answer_points_of_its_own(name):
    judge = referee(name)
    whole = {
        "fit_mlp": fitting.fitted,
        "standardize": scaling.both,
        "parcel_features": parcel_features,
    }[name]
    assert judge.rule(whole).points == judge.points

    def spoilt(*arguments, key):
        answer = whole(*arguments)
        if isinstance(answer, dict):
            return answer | {key: None}
        return tuple(None if place == key else part for place, part in enumerate(answer))

    keys = {"fit_mlp": range(4), "standardize": range(2), "parcel_features": parcels.FEATURES}[name]
    for key in keys:
        assert 0 < judge.rule(lambda *arguments, key=key: spoilt(*arguments, key=key)).points < judge.points, key
    assert judge.rule(lambda *arguments: {}).points == 0
    assert judge.rule(lambda *arguments: []).points == 0


def test_names_a_mistake_of_a_part_through_the_whole_function():
    referee("fit_mlp")(fitting.one_after_the_other)
    assert last_ruling().mistake == "learns while walking back"
    referee("standardize")(scaling.apart)
    assert last_ruling().mistake == "rulers of their own"


def test_forgives_nobody_who_looks_into_a_layer_while_training_or_keeps_what_is_overwritten():
    random = np.random.default_rng(0)
    for layer in ("features.norm", "head.dense"):
        arguments = latents.asked(random, layer, in_place=True).arguments
        right = latents.taken(*arguments)
        assert abs(latents.while_training(*arguments) - right).max() > 0.01
        assert abs(latents.overwritten(*arguments) - right).max() > 0.01


def test_draws_neighbours_that_both_metrics_choose_differently_and_ties_where_they_are_promised():
    for case in drawn(retrieval.drawn("l1")):
        train, query, k, _ = case.arguments
        assert (nearest(train, query, k, "l1") != nearest(train, query, k, "l2")).any()
        assert len({*train.shape, len(query), k}) == 4
    for case in drawn(retrieval.on_a_grid):
        train, query, _, metric = case.arguments
        far = distances(train, query, metric)
        assert any(len(set(row)) < len(row) for row in far.tolist())


def test_draws_twins_of_another_class_that_make_the_purity_nothing():
    assert all(clusters.pure(*case.arguments) == 0 for case in drawn(clusters.twins))
    for case in drawn(clusters.twins, 5):
        vectors_, _, k = case.arguments
        assert k == 1
        assert len(np.unique(vectors_, axis=0)) == len(vectors_) / 2


def test_draws_votes_with_ties_where_they_are_promised_and_nowhere_else():
    for ties in (False, True):
        for case in drawn(voting.drawn(ties=ties), 10):
            rows = case.arguments[0][case.arguments[1]]
            tied = [voting.smallest_of_the_most(row) != voting.largest_of_the_most(row) for row in rows]
            assert any(tied) == ties


def numbers(values, digits=3):
    return f"{np.round(values, digits).tolist()}".replace(".0]", "]").replace(".0,", ",")


def after(steps):
    return descended(*HAND, steps=steps, rate=0.5)


def blame():
    scores = scores_of(HAND[0], HAND[2])[2]
    return softmax(scores), (softmax(scores) - one_hot(HAND[1], scores.shape)) / 2


L, FRAME = parcel_features(parcels.LETTER_L), parcel_features(parcels.FRAME)
FIRST, SECOND = standardise(scaling.TRAIN, scaling.TEST)
FAR = {metric: distances(retrieval.TRAIN, retrieval.QUERY, metric) for metric in ("l1", "l2")}
NEAR = {metric: nearest(retrieval.TRAIN, retrieval.QUERY, 3, metric) for metric in ("l1", "l2")}
WRITTEN = {
    "mean-height": ("parcel-features-text", f"/ 4 = {L['mean height']:g}"),
    "perimeter": ("parcel-features-text", f"= {L['perimeter']:g}"),
    "diagonal": ("parcel-features-text", f"columns: {L['diagonal']:.3f}"),
    "low": ("parcel-features-text", f"0.3 * 4 = {L['low height']:g}"),
    "middle": ("parcel-features-text", f"0.5 * 6 = {L['middle height']:g}"),
    "high": ("parcel-features-text", f"0.7 * 9 = {L['high height']:.2g}"),
    "frame": ("parcel-features-examples", f'found["perimeter"], {FRAME["perimeter"]:g},'),
    "frame-diagonal": ("parcel-features-examples", f'found["diagonal"], {FRAME["diagonal"]:g},'),
    "ruler": ("standardize-text", f"s = {scaling.TRAIN[:, 0].std():.3f}, 0"),
    "training-part": ("standardize-examples", numbers(FIRST)),
    "test-part": ("standardize-examples", numbers(SECOND)),
    "W1-after-one": ("fit-mlp-examples", numbers(after(1)[0])),
    "W2-after-one": ("fit-mlp-examples", numbers(after(1)[2])),
    "W1-after-two": ("fit-mlp-examples", numbers(after(2)[0])),
    "b1-after-two": ("fit-mlp-examples", numbers(after(2)[1])),
    "W2-after-two": ("fit-mlp-examples", numbers(after(2)[2])),
    "probabilities": ("fit-mlp-text", "{:.3f} {:.3f}".format(*blame()[0][1])),
    "blame": ("fit-mlp-text", "{:.3f}  {:.3f}".format(*blame()[1][1])),
    "b2-after-one": ("fit-mlp-text", "b2 = {:.3f} {:.3f}".format(*after(1)[3])),
    "AlexNet-4096": ("latent-text", f"{trace(ALEXNET).rows[-2].taken[0]:,}"),
    "l1-of-query-1": ("nearest-text", f"{FAR['l2'][1, 2]:.3f}"),
    "S99-l1": ("nearest-examples", str(NEAR["l1"].tolist())),
    "N39-three-by-l2": ("nearest-examples", str(NEAR["l2"].tolist())),
    "ties": ("nearest-examples", str(nearest(retrieval.TIES, AT_ORIGIN, 3, "l1").tolist())),
    "purity-of-two": ("knn-purity-text", f"/ 5 = {purity(clusters.LINE, clusters.NAMES, 2):g}"),
    "votes": ("vote-examples", str(voted(voting.LABELS, voting.PLACES).tolist())),
}


@pytest.mark.parametrize(("cell", "said"), [pytest.param(*each, id=name) for name, each in WRITTEN.items()])
def test_says_what_core_computes(cell, said):
    assert said in BOOK[cell]


def test_draws_a_layer_as_core_takes_it(monkeypatch):
    monkeypatch.syspath_prepend(COURSE / "given")
    names = {}
    exec(BOOK["setup"], names)
    image = torch.arange(1.0, 13).reshape(1, 1, 3, 4)
    for layer in ("features.conv", "features.norm"):
        found = vectors(names["make_net"](), image, layer)[0]
        assert " ".join(f"{value:.0f}" for value in found) in BOOK["latent-text"]


def test_says_of_its_figure_what_was_measured():
    by_pixels, in_layer = figure.shares()
    assert f"by pixels {100 * by_pixels:.0f} of 100" in BOOK["explain-text"]
    assert f"in that layer {100 * in_layer:.0f} of 100" in BOOK["explain-text"]


def test_shows_in_its_figure_what_the_words_beside_it_say():
    spaces = figure.PIXELS, figure.before_classifier("scenes")
    by_pixels, in_layer = (int(figure.found(space)[1][list(figure.QUERIES)].sum()) for space in spaces)
    assert (by_pixels, in_layer) == (2, 9)
    assert figure.parcel("train", figure.NUMBER).kind == "box"


@pytest.mark.parametrize(
    ("page", "settings"), [("parcels", {"view", "gaps"}), ("retrieval", {"k", "query"}), ("nearest", {"k"})]
)
def test_leads_to_labs_with_settings_that_they_have(page, settings):
    calls = [node for node in ast.walk(ast.parse(BOOK[f"explore-{page}"])) if isinstance(node, ast.Call)]
    assert [call.args[0].value for call in calls] == [page]
    assert {keyword.arg for keyword in calls[0].keywords} == settings
    code = (PAGES / "_parts" / page / "views.py").read_text(encoding="utf-8")
    assert all(f'key="{name}"' in code for name in settings - {"view"})
