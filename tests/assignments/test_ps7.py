"""What holds for the cases and the text of problem set 7 alone."""

import re
from math import ceil, floor

import numpy as np
import pytest

from assignments.figures import ps7 as figure
from assignments.referees import ps7
from assignments.referees.ps7 import assignment, grid, overlap, regions, suppression
from core.data.scenes import boxes as boxes_of
from core.data.scenes import draw, sketch
from core.detect.anchors import GROUND, NEITHER, outputs
from core.detect.boxes import intersection_over_union
from core.detect.dense.grid import shape_of
from core.detect.regions.roi import pooled_spans, sample_places
from tests.assignments.nbgrading import by_grade_id
from tests.assignments.sets import source


@pytest.fixture
def random():
    return np.random.default_rng(7)


def drawn(draw, random, count=60):
    return [draw(random).arguments for _ in range(count)]


def text():
    return " ".join("\n".join(cell.source for cell in source("ps7").cells if cell.cell_type == "markdown").split())


def test_never_asks_for_a_square_table_and_always_for_boxes_apart(random):
    for draw_one in (overlap.heap, overlap.spread):
        assert all(len(boxes) != len(others) for boxes, others in drawn(draw_one, random))
    assert all((intersection_over_union(*pair) > 0).all() for pair in drawn(overlap.heap, random))
    for boxes, others in drawn(overlap.spread, random):
        sides = overlap.sides(boxes, others)
        assert (sides < 0).all(axis=2).any()  # apart in both directions
        assert ((sides < 0).any(axis=2) & (sides > 0).any(axis=2)).any()  # and in one
        assert (sides > 0).all(axis=2).any()


@pytest.mark.parametrize("classes", [False, True])
def test_draws_no_overlap_near_the_threshold_and_no_equal_scores(random, classes):
    for boxes, scores, threshold, *labels in drawn(suppression.scene(classes=classes), random):
        table = intersection_over_union(boxes, boxes)
        assert np.abs(table - threshold).min() > 0.01
        assert np.diff(np.sort(scores)).min() > 1e-3
        assert 0 < len(suppression.stays(boxes, scores, threshold, *labels)) < len(boxes)
        assert len(labels) == classes


def test_has_an_overlap_of_just_the_threshold():
    table = intersection_over_union(suppression.HALF, suppression.HALF)
    assert table[0, 1] == 0.5


def test_draws_anchors_that_are_found_left_out_and_background(random):
    for asked in drawn(assignment.well_met, random):
        answer = assignment.owners(*asked)
        assert {GROUND, NEITHER} < set(answer.tolist())
        assert set(range(len(asked[1]))) < set(answer.tolist())
        np.testing.assert_array_equal(answer, assignment.by_threshold(*asked))  # nothing for the third rule


def test_draws_objects_that_only_the_third_rule_saves(random):
    for asked in drawn(assignment.badly_met, random):
        answer, without = assignment.owners(*asked), assignment.by_threshold(*asked)
        assert set(range(len(asked[1]))) <= set(answer.tolist())
        assert not set(range(len(asked[1]))) <= set(without.tolist())
        changed = without[answer != without]
        assert {GROUND, NEITHER} == set(changed.tolist())


def test_draws_anchors_that_two_objects_want(random):
    for asked in drawn(assignment.shared, random):
        answer = assignment.owners(*asked)
        for rule in ("always", "first", "free"):
            assert (assignment.in_turn(*asked, when=rule) != answer).any()


def test_draws_regions_inside_and_over_the_rim(random):
    for maps, region, size, scale in drawn(regions.any_region("inside"), random):
        assert (region * scale >= 1).all()
        assert (region[2:] * scale <= np.array(maps.shape[:0:-1]) - 1).all()
        assert size[0] != size[1]
        assert maps.shape[1] != maps.shape[2]
    for maps, region, _, scale in drawn(regions.any_region("rim"), random):
        sides = np.array(maps.shape[:0:-1])
        assert ((region[:2] < 0) | (region[2:] * scale > sides + 1)).all()
    for _, region, size, scale in drawn(regions.any_region("small"), random):
        assert ((region[2:] - region[:2]) * scale < np.array(size[::-1])).all()


def test_divides_a_region_alike_in_fractions_and_in_whole_numbers():
    """Students write j * n // w where core multiplies by n / w, and both are right."""
    for n in range(1, 16):
        for cells in range(1, 8):
            whole = [(j * n // cells, -(-(j + 1) * n // cells)) for j in range(cells)]
            assert [(floor(j * n / cells), ceil((j + 1) * n / cells)) for j in range(cells)] == whole
            assert pooled_spans(0, n - 1, cells, 99).tolist() == [list(span) for span in whole]


def test_reads_both_layouts_with_one_and_with_more_base_boxes(random):
    asked = drawn(grid.good_answer, random)
    assert {(per_box, len(bases) > 1) for _, bases, _, per_box in asked} == {(a, b) for a in (0, 1) for b in (0, 1)}
    assert all(scores.any() and not scores.all() for _, scores in (grid.boxes_and_scores(*each) for each in asked))


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        pytest.param("21,546", lambda: outputs(38, 63, 9).anchors, id="N135-anchors"),
        pytest.param("3,675", lambda: np.prod(shape_of(7, 3, 20, "classes per box")), id="N138-classes-per-box"),
        pytest.param("1,715", lambda: np.prod(shape_of(7, 3, 20, "classes per cell")), id="N139-classes-per-cell"),
        pytest.param("147", lambda: np.prod(shape_of(7, 3, 20, "classes per box")[:3]), id="N140-boxes"),
    ],
)
def test_prints_the_number_that_core_finds(printed, found):
    assert f"{found():,}" == printed
    assert re.search(rf"(?<![\d,]){printed}(?![\d,]\d)", text())


def test_says_of_the_figure_what_the_figure_shows():
    anchors, sure, stay, things = figure.counts()
    assert (
        f"{anchors:,} boxes, is fairly sure of {sure} of them, and answers with {stay} for the {things} things"
        in text()
    )
    for number in (f"{anchors:,} anchors", f"{sure} boxes", f"the {stay} that"):
        assert number in figure.SHOWS


def test_says_of_the_two_people_what_is_true():
    """The boxes are those of the lab, drawn by hand on a scene in which two people overlap by so much."""
    truth = boxes_of(
        draw(sketch("test", 20, objects=(2, 2), classes=("person",), sizes=(0.2, 0.3), overlap=0.8), side=160).targets
    )
    assert f"an IoU of {intersection_over_union(truth[:1], truth[1:])[0, 0]:.2f}." in text()
    kept = [len(suppression.stays(suppression.PEOPLE, suppression.SURE, threshold)) for threshold in (0.5, 0.6, 0.9)]
    assert kept == [1, 2, 4]
    table = intersection_over_union(suppression.PEOPLE, suppression.PEOPLE)
    answer = " ".join(by_grade_id(source("ps7"))["explain"].source.split())
    assert f"by {table[2, 1]:.2f} and {table[2, 3]:.2f}, so the second person" in answer
    assert f"overlap by {table[0, 2]:.2f} and {table[1, 3]:.2f}, stay" in answer


def test_says_of_the_chain_and_of_the_region_what_is_true():
    table, told = intersection_over_union(suppression.CHAIN, suppression.CHAIN), text()
    assert f"neighbours have an IoU of {table[0, 1]:.2f}, the next but one {table[0, 2]:.2f}" in told
    x1, y1, x2, y2 = regions.WHOLE / 16
    assert (x1, x2, y1, y2) == (1, 4.375, 0, 1.875)
    (p1, p2), (q1, q2) = sample_places(x1, x2, 2, sampling=2)[0], sample_places(y1, y2, 2, sampling=2)[0]
    assert f"$p$ = {p1:.2f} and {p2:.2f}, $q$ = −{-q1:.2f} and {q2:.2f}" in told
    mean = ps7.roi_align.reference(regions.COUNTING, regions.WHOLE, (2, 2), 1 / 16)[0, 0, 0]
    assert f"6 · (0 + {q2:.3f}) / 2 + ({p1:.3f} + {p2:.3f}) / 2 = {mean:.3f}" in told
