"""How well pixels are labelled, against scikit-learn and torchmetrics on drawn masks, and against plain loops."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.data.scenes import draw, label_map, sketch
from core.errors import CoreError, ShapeError
from core.measure import segmentation as measure
from core.measure.confusion import precisions, recalls
from core.measure.segmentation import IGNORED, LabelMap, counted, counted_fast

CLASSES = 6
PAIRS = arrays.arrays(
    np.uint8, st.tuples(st.just(2), st.integers(0, 6), st.integers(1, 6)), elements=st.sampled_from([0, 1, 2, 3])
)


def drawn(count: int = 13, side: int = 48) -> tuple[LabelMap, LabelMap]:
    """Truths (N, H, W) of scenes with a strip that nobody labelled, and answers that slid away a little."""
    truth = np.stack([label_map(draw(sketch("test", number), side=side)) for number in range(count)]).astype(np.uint8)
    answer = np.roll(truth, (2, 3), axis=(1, 2))
    answer[0, :9, :9] = 2
    truth[:, -3:] = IGNORED
    return truth, answer


def test_counts_and_scores_as_scikit_learn_does() -> None:
    from sklearn import metrics

    truth, answer = drawn()
    known = truth != IGNORED
    pair = truth[known], answer[known]
    counts = counted(truth, answer, CLASSES)
    assert set(np.unique(pair[0])) == set(range(CLASSES))
    assert np.array_equal(counts, metrics.confusion_matrix(*pair, labels=range(CLASSES)))
    assert measure.pixel_accuracy(counts) == pytest.approx(metrics.accuracy_score(*pair), abs=1e-9)
    assert measure.mean_pixel_accuracy(counts) == pytest.approx(metrics.balanced_accuracy_score(*pair), abs=1e-9)
    each = {"labels": range(CLASSES), "average": None}
    assert measure.ious(counts) == pytest.approx(metrics.jaccard_score(*pair, **each), abs=1e-9)
    assert measure.dices(counts) == pytest.approx(metrics.f1_score(*pair, **each), abs=1e-9)
    assert precisions(counts) == pytest.approx(metrics.precision_score(*pair, **each), abs=1e-9)
    assert recalls(counts) == pytest.approx(metrics.recall_score(*pair, **each), abs=1e-9)
    assert measure.mean_iou(counts) == pytest.approx(metrics.jaccard_score(*pair, average="macro"), abs=1e-9)
    assert measure.mean_dice(counts) == pytest.approx(metrics.f1_score(*pair, average="macro"), abs=1e-9)


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """torchmetrics divides with 32 bits, which is too coarse to compare with: here it gets 64."""
    import torch

    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.mark.slow  # importing it takes five seconds
def test_counts_and_scores_as_torchmetrics_does(exact: None) -> None:
    import torch
    from torchmetrics.functional import classification as theirs

    truth, answer = drawn()
    counts = counted_fast(truth, answer, CLASSES)
    pair = torch.from_numpy(answer.astype(np.int64)), torch.from_numpy(truth.astype(np.int64))
    setting = {"num_classes": CLASSES, "ignore_index": IGNORED}
    assert np.array_equal(counts, theirs.multiclass_confusion_matrix(*pair, **setting).numpy())
    for ours, function, average in (
        (measure.pixel_accuracy, theirs.multiclass_accuracy, "micro"),
        (measure.mean_pixel_accuracy, theirs.multiclass_accuracy, "macro"),
        (measure.mean_iou, theirs.multiclass_jaccard_index, "macro"),
        (measure.mean_dice, theirs.multiclass_f1_score, "macro"),
    ):
        assert ours(counts) == pytest.approx(function(*pair, average=average, **setting).item(), abs=1e-9)
    for each, function in (
        (measure.ious, theirs.multiclass_jaccard_index),
        (measure.dices, theirs.multiclass_f1_score),
        (precisions, theirs.multiclass_precision),
        (recalls, theirs.multiclass_recall),
    ):
        assert each(counts) == pytest.approx(function(*pair, average="none", **setting).numpy(), abs=1e-9)


@given(pair=PAIRS, ignored=st.sampled_from([255, 3]), dtype=st.sampled_from([np.uint8, np.int64, np.int32]))
def test_the_fast_counts_are_the_obvious_ones(pair: LabelMap, ignored: int, dtype: type) -> None:
    truth, answer = np.where(pair[0] == 3, ignored, pair[0]).astype(dtype), pair[1].astype(dtype)
    expected = counted(truth, answer, 4, ignored=ignored)
    assert np.array_equal(counted_fast(truth, answer, 4, ignored=ignored), expected)
    assert np.array_equal(counted_fast(truth.T, answer.T, 4, ignored=ignored), expected)  # not contiguous


@pytest.mark.parametrize("count", [counted, counted_fast])
def test_takes_any_answer_where_nobody_knows(count) -> None:
    assert count(np.array([[0, 255]]), np.array([[0, 255]]), 2).tolist() == [[1, 0], [0, 0]]


@given(pair=PAIRS, cut=st.integers(0, 6))
def test_a_stream_gives_what_one_batch_gives(pair: LabelMap, cut: int) -> None:
    truth, answer = pair
    parts = counted(truth[:cut], answer[:cut], 4) + counted(truth[cut:], answer[cut:], 4)
    assert np.array_equal(parts, counted(truth, answer, 4))


@given(pair=PAIRS)
def test_dice_is_f1_and_follows_from_iou(pair: LabelMap) -> None:
    counts = counted(*pair, 4)
    dices, ious = measure.dices(counts), measure.ious(counts)
    assert measure.dice_of_iou(ious) == pytest.approx(dices, nan_ok=True)
    harmonic, known = measure.f1(precisions(counts), recalls(counts)), ~np.isnan(precisions(counts) + recalls(counts))
    assert harmonic[known] == pytest.approx(dices[known])
    assert np.isnan(harmonic[~known]).all()
    for label in range(4):
        one = measure.one_class(counts, label)
        assert one.tp + one.fp + one.fn + one.tn == counts.sum()
        covered = one.tp + one.fp + one.fn
        assert ious[label] == pytest.approx(one.tp / covered if covered else np.nan, nan_ok=True)


@pytest.mark.parametrize(
    ("counts", "dice", "iou"),
    [pytest.param([[0, 10], [20, 30]], 0.667, 0.5, id="N153-dice-f1-iou")],
)
def test_agrees_with_the_lecture_on_one_class(counts: list[list[int]], dice: float, iou: float) -> None:
    table = np.array(counts)
    assert measure.dices(table)[1] == pytest.approx(dice, abs=5e-4)
    assert float(measure.f1(precisions(table)[1], recalls(table)[1])) == pytest.approx(dice, abs=5e-4)
    assert measure.ious(table)[1] == iou


def test_a_class_found_nowhere_is_left_out_of_every_mean() -> None:
    counts = counted(np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, 0]]), 4)
    assert np.isnan(measure.ious(counts)[2:]).all()
    assert measure.mean_iou(counts) == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert measure.mean_pixel_accuracy(counts) == pytest.approx((1 + 1 / 2) / 2)


def test_a_class_that_was_only_answered_counts_as_wrong() -> None:
    counts = counted(np.array([[0, 0]]), np.array([[0, 3]]), 4)
    assert measure.ious(counts)[3] == 0
    assert measure.mean_iou(counts) == pytest.approx((1 / 2 + 0) / 2)


def test_nothing_known_is_no_score_and_no_warning() -> None:
    counts = counted(np.full((2, 2), IGNORED), np.zeros((2, 2), dtype=np.int64), 3)
    assert counts.sum() == 0
    for score in (measure.pixel_accuracy, measure.mean_pixel_accuracy, measure.mean_iou, measure.mean_dice):
        assert np.isnan(score(counts))


def test_pooled_is_not_the_average_of_pictures() -> None:
    truth, answer = drawn()
    each = [counted(*pair, CLASSES) for pair in zip(truth, answer, strict=True)]
    apart = measure.mean_iou_per_image(each)
    assert apart == pytest.approx(np.mean([measure.mean_iou(counts) for counts in each]))
    assert abs(apart - measure.mean_iou(counted(truth, answer, CLASSES))) > 0.01


def test_a_rare_class_lost_costs_little_accuracy_and_much_iou() -> None:
    truth = np.zeros((10, 10), dtype=np.int64)
    truth[0, :2] = 1
    counts = counted(truth, np.zeros_like(truth), 2)
    assert measure.pixel_accuracy(counts) == 0.98
    assert measure.mean_iou(counts) == 0.49


@given(
    truth=arrays.arrays(np.uint8, (5, 6), elements=st.sampled_from([0, 1, 2, 255])),
    radius=st.sampled_from([1.0, 1.5, 2.0, 3.0, 4.5]),  # steps, and beyond four of them distances
)
def test_the_band_holds_what_lies_near_another_class(truth: LabelMap, radius: float) -> None:
    expected = np.zeros(truth.shape, dtype=bool)
    places = list(np.ndindex(truth.shape))
    for row, column in places:
        expected[row, column] = truth[row, column] != IGNORED and any(
            truth[other] not in (IGNORED, truth[row, column])
            and (other[0] - row) ** 2 + (other[1] - column) ** 2 <= radius**2
            for other in places
        )
    assert np.array_equal(measure.band(truth, radius), expected)


def test_the_band_is_stricter_than_the_picture() -> None:
    truth = drawn(1)[0][0]
    answer = np.roll(truth, 1, axis=1)
    near = measure.counted_in_band(truth, answer, CLASSES, radius=3)
    assert measure.mean_iou(near) < measure.mean_iou(counted(truth, answer, CLASSES)) - 0.05
    assert near.sum() == measure.band(truth, 3).sum()


@pytest.mark.parametrize("count", [counted, counted_fast])
def test_says_what_does_not_fit(count) -> None:
    maps = np.zeros((2, 3), dtype=np.int64)
    with pytest.raises(ShapeError, match=r"\(2, 3\), got \(3, 2\)"):
        count(maps, maps.T, 2)
    for wrong in (maps + 2, maps - 1, maps + 300):
        with pytest.raises(ShapeError, match=r"0 to (1|255)"):
            count(maps, wrong, 2)
        with pytest.raises(ShapeError, match=r"0 to (1|255)"):
            count(wrong, maps, 2)
    with pytest.raises(ShapeError, match="from 0 to 1"):
        count(maps, maps + IGNORED, 2)  # only a truth may be unknown


def test_refuses_what_a_byte_cannot_hold_and_a_class_that_is_not_there() -> None:
    maps = np.zeros((2, 3), dtype=np.int64)
    with pytest.raises(CoreError, match="1 to 255 classes"):
        counted_fast(maps, maps, 300)
    with pytest.raises(CoreError, match="from 0 to 1, got 2"):
        measure.one_class(np.eye(2, dtype=np.int64), 2)
    with pytest.raises(ShapeError, match="radius from 1"):
        measure.band(maps, 0.5)
