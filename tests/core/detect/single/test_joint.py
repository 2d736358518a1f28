"""One loss for label and box: against PyTorch, its laws, and trainings that differ in alpha alone."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from core.detect.boxes import intersection_over_union
from core.detect.single.joint import (
    best_alpha,
    boxes_at,
    five_numbers,
    found,
    joint_loss,
    learned_loss,
    least_loss,
    one_weight,
    overlaps,
    places_of,
)
from core.detect.single.joint_training import KINDS, Trained, drawn, front, judge, small_net, trainings
from core.errors import CoreError, LimitError, ShapeError

SHARES = st.floats(0, 1)
LOSSES = st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=8)


@pytest.mark.parametrize(("alpha", "mixed"), [(0.0, 0.8), (0.25, 1.1), (1.0, 2.0)], ids=lambda value: f"N127-{value:g}")
def test_mixes_with_weights_that_sum_to_one(alpha: float, mixed: float) -> None:
    assert joint_loss(2.0, 0.8, alpha) == pytest.approx(mixed)


@given(st.floats(-10, 10), st.floats(-10, 10), SHARES)
def test_lies_between_its_two_parts(classification: float, regression: float, alpha: float) -> None:
    low, high = sorted((classification, regression))
    assert low - 1e-9 <= joint_loss(classification, regression, alpha) <= high + 1e-9


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_refuses_an_alpha_that_is_no_share(alpha: float) -> None:
    with pytest.raises(CoreError, match="alpha is a share"):
        joint_loss(1.0, 1.0, alpha)


def test_equals_pytorch_and_sends_each_head_its_share_of_the_slope() -> None:
    dice = torch.Generator().manual_seed(1)
    outputs = torch.randn(6, 9, generator=dice, requires_grad=True)
    labels, places = torch.randint(5, (6,), generator=dice), torch.rand(6, 4, generator=dice)
    loss, classification, regression = learned_loss(outputs, labels, places, 0.3)
    of_class, of_box, mixed = (float(part.detach()) for part in (classification, regression, loss))
    assert of_class == pytest.approx(float(cross_entropy(outputs[:, :5].detach(), labels)))
    assert of_box == pytest.approx(100 * float((outputs[:, 5:].detach() - places).square().mean()), rel=1e-5)
    assert mixed == pytest.approx(0.3 * of_class + 0.7 * of_box)
    (slope,) = torch.autograd.grad(loss, outputs, retain_graph=True)
    (alone,) = torch.autograd.grad(classification, outputs)
    assert torch.allclose(slope[:, :5], 0.3 * alone[:, :5])


def test_refuses_outputs_without_a_class() -> None:
    with pytest.raises(ShapeError, match="need outputs"):
        learned_loss(torch.zeros(2, 4), torch.zeros(2, dtype=torch.int64), torch.zeros(2, 4), 0.5)


@pytest.mark.parametrize("id", ["N159-x-y-h-w-l"])
def test_says_an_object_in_five_numbers(id: str) -> None:
    said = five_numbers(np.array([10.0, 20.0, 30.0, 60.0]), 2, 100)
    assert said.tolist() == pytest.approx([0.2, 0.4, 0.4, 0.2, 2])


@given(st.tuples(*[st.floats(-50, 50)] * 2, *[st.floats(0, 50)] * 2))
def test_places_lead_back_to_the_box(numbers: tuple[float, float, float, float]) -> None:
    x, y, w, h = numbers
    box = np.array([[x, y, x + w, y + h]])
    assert boxes_at(places_of(box, 64), 64) == pytest.approx(box, abs=1e-9)


def test_a_width_below_zero_counts_as_zero() -> None:
    assert boxes_at(np.array([[0.5, 0.5, -0.2, 0.2]]), 10)[0].tolist() == pytest.approx([5, 4, 5, 6])


def test_refuses_places_that_are_none() -> None:
    with pytest.raises(ShapeError, match="places"):
        boxes_at(np.zeros((2, 5)), 10)
    with pytest.raises(ShapeError, match="one truth"):
        overlaps(np.zeros((2, 4)), np.zeros((3, 4)))


def test_an_object_is_found_by_class_and_box_together() -> None:
    truth = np.array([[0.0, 0.0, 10.0, 10.0]] * 4)
    boxes = truth + np.array([0.0, 0.0, 10 / 3, 4.0])[:, None] * [1, 0, 1, 0]  # an IoU of 1, 1, 0.5 and below
    right = found(np.array([1, 0, 1, 1]), np.array([1, 1, 1, 1]), boxes, truth, enough=0.4999)
    assert right.tolist() == [True, False, True, False]
    assert overlaps(boxes, truth) == pytest.approx(np.diag(intersection_over_union(boxes, truth)))


@given(LOSSES)
def test_the_least_loss_is_least_at_an_end(losses: list[tuple[float, float]]) -> None:
    s, r = np.array(losses).T
    alphas = np.linspace(0, 1, 41)
    least = least_loss(s, r, alphas)
    assert least.min() >= min(least[0], least[-1]) - 1e-9
    assert (least[1:-1] >= (least[:-2] + least[2:]) / 2 - 1e-9).all()  # it bends downwards


@given(SHARES, st.floats(0.2, 5))
def test_one_weight_ends_where_the_mix_is_least(alpha: float, units: float) -> None:
    theta, s, r = one_weight(np.array([alpha]), units)[0]
    around = np.linspace(-2, 2, 401)
    mixed = joint_loss(np.square(around - 1), units**2 * np.square(around + 1), alpha)
    assert joint_loss(float(s), float(r), alpha) <= mixed.min() + 1e-9
    assert -1 <= theta <= 1


def test_the_best_alpha_is_that_of_the_measure() -> None:
    alphas = np.array([0.1, 0.3, 0.5, 0.9])
    assert best_alpha(alphas, np.array([0.5, 0.8, 0.8, 0.8])) == 0.5
    with pytest.raises(ShapeError, match="as many"):
        best_alpha(alphas, np.zeros(3))
    with pytest.raises(CoreError, match="units above 0"):
        one_weight(alphas, 0.0)


def test_the_front_has_whom_nobody_beats() -> None:
    some = [
        Trained(0.1, 1, 1, right, overlap, 0) for right, overlap in ((0.4, 0.8), (0.4, 0.8), (0.6, 0.7), (0.5, 0.6))
    ]
    assert front(some).tolist() == [True, True, True, False]


def test_alpha_decides_what_is_learned() -> None:
    learned, judged = drawn("train", 160), drawn("validation", 80)
    box, both, label = trainings(learned, judged, alphas=(0.0, 0.5, 1.0), epochs=6, before=2)
    assert box.regression < both.regression + 0.2 < label.regression
    assert label.overlap == pytest.approx(judge(small_net(0), judged, 1.0).overlap)  # its box head is as it was made
    assert both.overlap > label.overlap
    assert box.classification > both.classification


def test_frozen_heads_hardly_feel_alpha() -> None:
    learned, judged = drawn("train", 96), drawn("validation", 48)
    few = list(trainings(learned, judged, alphas=(0.0, 1.0), together=False, epochs=2, before=1))
    again = list(trainings(learned, judged, alphas=(0.0, 1.0), together=False, epochs=2, before=1))
    assert few == again  # the same seeds, the same numbers
    only_box, only_label = few
    assert only_box.regression < only_label.regression


def test_refuses_too_many_pictures_and_no_alphas() -> None:
    with pytest.raises(LimitError, match="pictures"):
        drawn("train", 10**6)
    with pytest.raises(CoreError, match="need alphas"):
        next(trainings(drawn("train", 2), drawn("train", 2), alphas=()))
    assert len(KINDS) == 3
