"""Average precision the plain way: equal to COCO's for 101 points, to scikit-learn's for steps, and to the lectures."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.measure.coco import plain
from core.measure.coco.records import RECALLS, THRESHOLDS, Answers, Problem, Truths
from core.measure.detection import (
    ELEVEN,
    RULES,
    at_recalls,
    average_precision,
    eleven_point_sum,
    envelope,
    in_single,
    matched,
    mean_average_precision,
    of_class,
    precision_recall,
)

ROWS = np.arange(1, 10) / 10  # the lecture's table: precision rises as recall falls
HITS = st.lists(st.booleans(), min_size=1, max_size=40).map(np.array)


def drawn(seed: int) -> Problem:
    """A few pictures and classes, boxes close to things, and many equal confidences."""
    random = np.random.default_rng(seed)
    images, classes, count, said = 3, 2, int(random.integers(1, 14)), int(random.integers(1, 40))
    boxes = np.hstack([random.integers(0, 30, (count, 2)), random.integers(1, 12, (count, 2))]).astype(float)
    image, label = random.integers(0, images, count), random.integers(0, classes, count)
    like = random.integers(0, count, said)
    answers = np.maximum(boxes[like] + random.integers(-2, 3, (said, 4)), 1.0)
    no = np.zeros(count, dtype=np.bool_)
    return Problem(
        images,
        classes,
        Truths(image, label, boxes[:, 2] * boxes[:, 3], no, no, boxes),
        Answers(image[like], label[like], random.integers(1, 6, said) / 5, answers[:, 2] * answers[:, 3], answers),
    )


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_equals_coco_for_101_points(seed: int) -> None:
    problem = drawn(seed)
    precision, recall = plain.evaluated(problem)
    for label in range(problem.classes):
        for level in (0, 5):
            _, hits, wanted = of_class(problem, label, threshold=float(THRESHOLDS[level]))
            if not wanted:
                assert (precision[level, :, label, 0] == -1).all()
                continue
            ours = precision_recall(hits, wanted)
            np.testing.assert_allclose(at_recalls(*ours, RECALLS), precision[level, :, label, 0], atol=1e-12)
            assert recall[level, label, 0, -1] == (ours[1][-1] if len(hits) else 0.0)
            assert average_precision(*ours) == pytest.approx(precision[level, :, label, 0].mean(), abs=1e-12)


@given(HITS)
@settings(max_examples=30, deadline=None)
def test_equals_scikit_learn_in_steps(hits: np.ndarray) -> None:
    from sklearn.metrics import auc, average_precision_score

    assume(hits.any())
    curve = precision_recall(hits, int(hits.sum()))  # scikit-learn knows nothing that was not ranked
    falling = np.arange(len(hits), 0, -1.0)
    assert average_precision(*curve, "steps") == pytest.approx(average_precision_score(hits, falling))
    if len(hits) > 1:
        assert average_precision(*curve, "trapezoid") == pytest.approx(auc(curve[1], curve[0]))


@given(HITS, st.integers(0, 20))
def test_the_envelope_only_gains(hits: np.ndarray, missed: int) -> None:
    wanted = int(hits.sum()) + missed
    assume(wanted)
    precision, recall = precision_recall(hits, wanted)
    best = envelope(precision)
    assert (best >= precision).all()
    assert (np.diff(best) <= 0).all()
    values = {rule: average_precision(precision, recall, rule) for rule in RULES}
    assert values["steps"] <= values["all points"] + 1e-12
    assert all(0 <= value <= 1 + 1e-12 for value in values.values())


@given(HITS)
def test_one_more_wrong_detection_at_the_end_changes_nothing(hits: np.ndarray) -> None:
    assume(hits.any())
    wanted = int(hits.sum())
    more = np.append(hits, False)
    for rule in RULES:
        one, other = (average_precision(*precision_recall(each, wanted), rule) for each in (hits, more))
        assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize("id", ["N148-precision-rises-where-recall-falls"])
def test_a_threshold_trades_recall_for_precision(id: str) -> None:
    hits = np.array([True] * 4 + [False, True, False, False, True, False, False, False])
    precision, recall = precision_recall(hits, 6)
    assert (precision[0], recall[-1]) == (1.0, 1.0)
    assert precision[-1] < 0.6
    assert recall[0] < 0.2


@pytest.mark.parametrize("id", ["N149-a-perfect-detector-has-eleven"])
def test_the_printed_formula_forgets_to_divide(id: str) -> None:
    perfect = precision_recall(np.array([True, True]), 2)
    assert eleven_point_sum(*perfect) == 11.0
    assert [average_precision(*perfect, rule) for rule in ("11 points", "101 points", "all points")] == [1.0] * 3


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        pytest.param("11 points", 5.4 / 11, id="N150-eleven-points"),
        pytest.param("all points", 0.45, id="N151-all-points"),
        pytest.param("trapezoid", 0.4, id="N151-trapezoid"),
    ],
)
def test_the_lectures_table_has_three_areas(rule, value) -> None:
    assert average_precision(1 - ROWS, ROWS, rule) == pytest.approx(value)


@pytest.mark.parametrize("id", ["N152-ten-thresholds"])
def test_coco_has_ten_thresholds(id: str) -> None:
    assert len(THRESHOLDS) == 10
    assert pytest.approx(np.arange(50, 100, 5) / 100) == THRESHOLDS


def test_single_precision_is_pytorchs() -> None:
    import torch

    for start, end, count in ((0.0, 1.0, 101), (0.5, 0.95, 10), (0.0, 1.0, 11)):
        theirs = torch.linspace(start, end, count).tolist()  # processors may round the last of its bits otherwise
        np.testing.assert_allclose(in_single(start, end, count), theirs, rtol=2e-7)
        assert max(np.abs(np.array(theirs) - np.linspace(start, end, count))) > 1e-9


@pytest.mark.slow  # torchmetrics takes seconds to import
def test_recalls_in_single_precision_are_why_torchmetrics_differs() -> None:
    import torch
    from torchmetrics.detection import MeanAveragePrecision

    random = np.random.default_rng(3)
    boxes = np.column_stack([np.arange(40) * 20, np.zeros(40), np.arange(40) * 20 + 10, np.full(40, 10)]).astype(float)
    hits = random.random(60) < np.linspace(1, 0.3, 60)
    hits[np.flatnonzero(hits)[40:]] = False
    places = np.where(hits, np.cumsum(hits) - 1, 0)
    said = boxes[places] + np.where(hits, 0, 2000)[:, None]
    confidence = np.linspace(0.99, 0.2, 60)
    metric = MeanAveragePrecision(iou_thresholds=[0.5])
    metric.update(
        [{"boxes": torch.tensor(said), "scores": torch.tensor(confidence), "labels": torch.zeros(60, dtype=torch.int)}],
        [{"boxes": torch.tensor(boxes), "labels": torch.zeros(40, dtype=torch.int)}],
    )
    curve = precision_recall(hits, 40)
    single = float(at_recalls(*curve, np.array(torch.linspace(0.0, 1.0, 101).tolist())).mean())
    assert float(metric.compute()["map"]) == pytest.approx(single, abs=1e-7)
    assert abs(single - average_precision(*curve)) > 1e-4


def test_takes_what_it_overlaps_most_and_says_why_not() -> None:
    truths = np.array([[0.0, 0, 10, 10], [20, 0, 30, 10]])
    boxes = np.array([[0.0, 0, 10, 9], [0, 0, 10, 8], [20, 0, 30, 3], [50, 50, 60, 60]])
    found = matched(boxes, np.array([0.9, 0.8, 0.7, 0.6]), truths)
    assert [each.why for each in found] == ["took it", "taken before", "too little", "nothing near"]
    assert [each.truth for each in found] == [0, -1, -1, -1]
    assert [each.nearest for each in found] == [0, 0, 1, -1]
    assert [each.overlap for each in found] == pytest.approx([0.9, 0.8, 0.3, 0.0])


def test_pascal_looks_at_the_best_thing_only() -> None:
    truths = np.array([[0.0, 0, 10, 10], [2, 0, 12, 10]])
    boxes = np.array(
        [[0.0, 0, 10, 10], [0, 0, 11, 10]]
    )  # both like the first thing best; the second overlaps the other too
    free = matched(boxes, np.array([0.9, 0.8]), truths)
    best = matched(boxes, np.array([0.9, 0.8]), truths, choice="best")
    assert [each.truth for each in free] == [0, 1]
    assert [(each.truth, each.why) for each in best] == [(0, "took it"), (-1, "taken before")]


@pytest.mark.parametrize(
    ("boxes", "truths", "why"),
    [
        pytest.param([], [[0.0, 0, 4, 4]], [], id="no detection"),
        pytest.param([[0.0, 0, 4, 4]], [], ["nothing near"], id="nothing to find"),
        pytest.param([[4.0, 0, 8, 4]], [[0.0, 0, 4, 4]], ["nothing near"], id="touching"),
        pytest.param([[1.0, 1, 1, 1]], [[1.0, 1, 1, 1]], ["nothing near"], id="no area"),
        pytest.param([[0.0, 0, 4, 4]] * 2, [[0.0, 0, 4, 4]], ["took it", "taken before"], id="identical"),
    ],
)
def test_edges(boxes, truths, why) -> None:
    shaped = (np.array(each, dtype=float).reshape(-1, 4) for each in (boxes, truths))
    said, true = shaped
    assert [each.why for each in matched(said, np.ones(len(said)), true, threshold=1.0)] == why


def test_refuses_with_a_sentence() -> None:
    one = np.array([[0.0, 0, 1, 1]])
    with pytest.raises(ShapeError, match="one confidence for each of 1 boxes"):
        matched(one, np.ones(2), one)
    with pytest.raises(CoreError, match="above 0 and at most 1, got 0"):
        matched(one, np.ones(1), one, threshold=0.0)
    with pytest.raises(CoreError, match="no recall"):
        precision_recall(np.array([True]), 0)
    with pytest.raises(CoreError, match="2 detections are right, but there are only 1"):
        precision_recall(np.array([True, True]), 1)
    with pytest.raises(CoreError, match="recall only rises"):
        average_precision(np.array([1.0, 0.5]), np.array([0.5, 0.2]))
    with pytest.raises(ShapeError, match="a precision for every recall"):
        average_precision(np.array([1.0]), ELEVEN)
    crowd = drawn(0)
    ignored = np.ones(len(crowd.truths.area), dtype=np.bool_)
    true = crowd.truths
    odd = Truths(true.image, true.label, true.area, ignored, ignored, true.boxes)
    with pytest.raises(CoreError, match="no crowds"):
        of_class(Problem(3, 2, odd, crowd.answers), 0)


def test_the_mean_leaves_out_classes_that_nobody_could_find() -> None:
    assert mean_average_precision([1.0, 0.5, float("nan")]) == 0.75
    assert np.isnan(mean_average_precision([float("nan")]))


@pytest.mark.parametrize("rule", RULES)
def test_finding_nothing_is_zero(rule) -> None:
    assert average_precision(*precision_recall(np.zeros(0, dtype=bool), 3), rule) == 0.0
    assert average_precision(*precision_recall(np.zeros(4, dtype=bool), 3), rule) == 0.0
