"""What holds for PS8 alone: what its cases contain, and the numbers in its text."""

import ast
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from assignments.figures.ps8 import ROWS, judged
from assignments.guides.tables import guides
from assignments.referees.ps8 import areas, borders, curves, focal, losses, overlaps, pixels
from core.learning.focal import Group, focal_factor, shares_of_loss
from core.learning.losses import cross_entropy, cross_entropy_by_probabilities, cross_entropy_by_scores
from core.measure.coco.records import THRESHOLDS
from core.measure.detection import average_precision, eleven_point_sum, precision_recall
from core.measure.segmentation import dice_of_iou, dices, ious
from core.segment.weights import border_term, border_weights
from core.units.activations import softmax
from grading.referee import last_ruling
from tests.assignments.sets import asked, referees, source

pytestmark = pytest.mark.usefixtures("seeded")

PAGES = Path(__file__).parents[2] / "pages"


def text(*ids):
    return " ".join(" ".join(cell.source.split()) for cell in source("ps8").cells if cell.id in ids)


def test_never_draws_as_many_classes_as_examples_and_labels_of_every_kind():
    cases = asked(losses.any_scores())
    assert all(len(set(logits.shape)) == 2 for logits, _ in cases)
    assert {np.sign(logits.shape[1] - len(logits)) for logits, _ in cases} == {-1, 1}
    surest = np.concatenate([logits.argmax(axis=1) == labels for logits, labels in cases])
    assert surest.any()
    assert not surest.all()


def test_draws_scores_whose_powers_overflow_or_vanish_and_labels_without_a_chance():
    cases = asked(losses.huge_scores)
    assert {logits.max() > 1000 for logits, _ in cases} == {True, False}
    assert all(abs(logits).min() > 300 for logits, _ in cases)
    assert all(softmax(logits)[0, labels[0]] == 0 for logits, labels in cases)
    assert all(np.isfinite(losses.mean_loss(*case)) for case in cases)


def test_draws_detections_in_every_order_with_ties_between_right_and_wrong():
    assert all((np.diff(scores) < 0).all() for scores, _, _ in asked(curves.sorted_already))
    cases = asked(curves.in_any_order)
    assert all(len(set(scores)) == len(scores) for scores, _, _ in cases)
    assert any((scores < 0).any() for scores, _, _ in cases)
    assert all(0 < hits.sum() < len(hits) and hits.sum() < wanted for _, hits, wanted in cases)
    assert all(set(scores[hits]) & set(scores[~hits]) for scores, hits, _ in asked(curves.with_ties))


def test_draws_recalls_that_meet_a_tenth_where_that_is_asked_and_nowhere_else():
    tenths = set((np.arange(1, 11) / 10).tolist())
    assert all({0.3, 0.6, 0.7} <= set(recall.tolist()) for _, recall, _ in asked(areas.on_a_tenth))
    assert not any(tenths & set(recall.tolist()) for _, recall, _ in asked(areas.by_eleven))
    assert all((np.diff(recall) == 0).any() for _, recall, _ in asked(areas.by_all))
    assert all((np.diff(precision) > 0).any() for precision, _, _ in asked(areas.by_all))


def test_draws_tables_of_coco_that_are_not_square_and_classes_without_things():
    assert all(table.shape[1] != 10 for (table,) in asked(overlaps.any_table))
    absent = [np.isnan(table).all(axis=0) for (table,) in asked(overlaps.with_absent)]
    assert all(each.any() and not each.all() for each in absent)


def test_draws_classes_that_are_nowhere_and_classes_that_are_only_answered():
    random = np.random.default_rng(8)
    for _ in range(40):
        lost, said = pixels.nowhere(random), pixels.made_up(random)
        assert np.isnan(ious(lost)).any()
        assert ((said.sum(axis=1) == 0) & (said.sum(axis=0) > 0)).any()
        assert (pixels.any_table(random) > 0).all()


def test_draws_cells_apart_whose_numbers_are_in_no_order():
    cases = asked(borders.several)
    assert all(2 <= len(np.unique(cells)) - 1 <= 4 for cells, _, _ in cases)
    assert any(cells.max() > len(np.unique(cells)) for cells, _, _ in cases)
    assert all((cells == 0).any() for cells, _, _ in cases)
    assert all(len(np.unique(cells)) == 2 for cells, _, _ in asked(borders.alone))


def test_draws_answers_that_are_sure_and_right_and_none_that_is_sure_and_wrong():
    cases = asked(focal.any_answers((0.0, 2.0), sure=True))
    assert all(np.isfinite(focal.focal_of(*case)).all() for case in cases)
    assert all(((p == y).sum() >= 2) for p, y, _ in cases)
    assert any(((p == 0) & (y == 0)).any() for p, y, _ in cases)


def test_gives_every_score_of_a_segmentation_points_of_its_own():
    referee = next(referee for referee in referees("ps8") if referee.name == "segmentation_scores")
    assert referee.rule(pixels.scores).points == 2
    for key in pixels.KEYS:
        ruling = referee.rule(lambda counts, key=key: pixels.scores(counts) | {key: None})
        assert 0 < ruling.points < 2, key
    assert referee.rule(lambda counts: {}).points == 0
    assert referee.rule(lambda counts: list(pixels.scores(counts).values())).points == 0


def test_names_a_wrong_score_of_a_segmentation_through_the_whole_function():
    referee = next(referee for referee in referees("ps8") if referee.name == "segmentation_scores")
    referee(lambda counts: pixels.with_absent(counts, 0.0))
    assert last_ruling().mistake == "absent classes get 0"
    assert "a class that is nowhere" in last_ruling().seen


def test_says_the_numbers_of_cross_entropy_that_are_so():
    said = text("cross-entropy-text", "cross-entropy-slope-text")
    loss = float(cross_entropy(np.array([1000.0, 1002.0]), np.array(0)))
    assert f"{loss:.4f}" == "2.1269"
    assert "= 2.1269$" in said
    assert float(cross_entropy(np.array([0.0, 2000.0]), np.array(0))) == 2000


def test_says_which_slope_is_which_N143():
    half, label = np.array([0.5, 0.5]), np.array(0)
    assert cross_entropy_by_probabilities(half, label)[0] == -2
    assert cross_entropy_by_scores(np.zeros(2), label)[0] == -0.5
    assert "the slope by its probability is $-2$, that by its score $-0.5$" in text("cross-entropy-slope-text")


def test_says_how_much_an_easy_answer_counts_N144():
    assert focal_factor(np.array([0.9, 0.5]), 2).round(6).tolist() == [0.01, 0.25]
    assert "$(1 - 0.9)^2 = 0.01$, a hundredth, and one with $p_t = 0.5$ a quarter" in text("focal-loss-text")


def test_asks_for_the_gamma_at_which_the_objects_take_over_N142():
    crowd = (Group("ground", 10_000, 0.99), Group("objects", 10, 0.1))
    assert [round(float(shares_of_loss(crowd, gamma)[0]), 3) for gamma in (0.0, 2.0)] == [0.814, 0.001]
    shares = [float(shares_of_loss(crowd, tenth / 10)[1]) for tenth in range(51)]
    assert next(tenth for tenth, share in enumerate(shares) if share > 0.5) == 4  # gamma 0.4 on the lab's slider
    assert shares == sorted(shares)


def test_draws_the_table_of_precision_and_recall_that_is_so():
    scores, hits, wanted = np.array(curves.SEVEN[1]), np.array(curves.SEVEN[0], dtype=bool), 5
    drawing = next(cell for cell in source("ps8").cells if cell.id == "precision-recall-text").source
    rows = {line.split()[0]: line.split()[1:] for line in drawing.split("```")[1].strip().splitlines()}
    order = np.argsort(-scores)
    assert [float(each) for each in rows["score"]] == scores[order].tolist()
    assert [each == "yes" for each in rows["hit"]] == hits[order].tolist()
    for name, values in zip(("precision", "recall"), precision_recall(hits[order], wanted), strict=True):
        assert [float(Fraction(each)) for each in rows[name]] == pytest.approx(values.tolist())


def test_says_the_average_precisions_that_are_so_N149_N150_N151():
    said = text("average-precision-text")
    assert eleven_point_sum(np.ones(1), np.ones(1)) == 11
    assert "a perfect detector would score 11" in said
    assert round(average_precision(1 - ROWS, ROWS, "11 points"), 4) == 0.4909
    assert round(average_precision(1 - ROWS, ROWS, "all points"), 4) == 0.45
    assert round(eleven_point_sum(1 - ROWS, ROWS), 6) == 5.4
    curve = precision_recall(np.array([False, True, True]), 4)
    assert average_precision(*curve, "all points") == pytest.approx(1 / 3)
    assert f"{average_precision(*curve, '11 points'):.3f}" == "0.364"
    assert "= 0.364$" in said
    assert str(np.linspace(0, 1, 11)[3]) == str(3 * 0.1) == "0.30000000000000004"


def test_answers_its_own_questions_in_the_guide():
    guide = " ".join(guides()["ps8"].read_text(encoding="utf-8").split())
    crowd = (Group("ground", 10_000, 0.99), Group("objects", 10, 0.1))
    assert [float(shares_of_loss(crowd, gamma)[1]) > 0.5 for gamma in (0.32, 0.33)] == [False, True]
    assert "from a gamma of 0.4 on (0.33, read more finely)" in guide
    half = precision_recall(np.ones(5, dtype=bool), 10)
    assert average_precision(*half, "all points") == 0.5
    assert f"6/11 = {average_precision(*half, '11 points'):.3f}" in guide
    assert f"limits the loss to {-np.log(1e-12):.1f}" in guide


def test_names_the_ten_thresholds_of_coco_N152():
    assert "0.50, 0.55, 0.60, ..., 0.95" in text("coco-ap-text")
    assert THRESHOLDS.round(2).tolist() == [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95]
    assert {name: round(value, 6) for name, value in overlaps.summary(overlaps.TEN).items()} == {
        "AP": 0.47,
        "AP50": 0.85,
        "AP75": 0.45,
    }


def test_says_what_thirty_hits_make_N153():
    assert ious(pixels.ONE_CLASS)[1] == 0.5
    assert round(float(dices(pixels.ONE_CLASS)[1]), 3) == round(float(dice_of_iou(0.5)), 3) == 0.667
    assert "30 / (50 + 40 - 30) = 0.5 and Dice is 60 / 90 = 0.667" in text("segmentation-scores-text")


def test_says_what_calling_everything_ground_earns():
    accuracy, iou = judged()
    said = text("explain-text", "explain")
    assert (round(accuracy, 2), round(iou, 2)) == (0.84, 0.14)
    assert "a pixel accuracy of 0.84 and a mean IoU of 0.14" in said


def test_draws_the_weights_that_are_so_N121():
    assert round(float(border_term(np.array(2.0), w_0=10.0, sigma=5.0)), 2) == 9.23
    drawing = next(cell for cell in source("ps8").cells if cell.id == "border-weights-text").source
    row = border_weights(borders.ROW, w_0=10.0, sigma=5.0)[0]
    assert re.search(r"^w +" + " ".join(f"{value:.2f}" for value in row) + "$", drawing, re.MULTILINE)


def test_leads_to_labs_with_settings_that_they_know():
    """Every setting in a link is the key of a control, and every word stands in the lab."""
    calls = [
        node
        for cell in source("ps8").cells
        if "lab(" in cell.source and cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lab"
    ]
    assert [call.args[0].value for call in calls] == ["focal", "average_precision", "unet"]
    for call in calls:
        page = call.args[0].value
        files = [PAGES / f"{page}.py", PAGES / "_kit" / "lab.py", *(PAGES / "_parts" / page).glob("*.py")]
        code = "".join(file.read_text(encoding="utf-8") for file in files)
        for setting in call.keywords:
            assert f'key="{setting.arg}"' in code
            assert not isinstance(setting.value.value, str) or f'"{setting.value.value}"' in code


def test_names_the_lab_of_the_scene_that_is_asked_about():
    assert 'lab("segmentation", scenes="hard", scene=10)' in text("explain-text")
    code = (PAGES / "_parts" / "segmentation" / "scenes.py").read_text(encoding="utf-8")
    assert 'st.slider("Scene", 0, MOST, 10, key="scene"' in code
    assert 'key="scenes"' in (PAGES / "segmentation.py").read_text(encoding="utf-8")
