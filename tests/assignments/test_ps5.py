"""What holds for PS5 alone: what its cases contain, and the numbers in its text."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from assignments.figures.ps5 import blended, curve
from assignments.referees.ps5 import augmenting, heads, mixing, penalties, stopping, views
from core.augment.whole import changed
from core.learning.recorded import recorded
from core.learning.stopping import EarlyStopping
from grading.referee import last_ruling
from tests.assignments.sets import asked, deserved, referees, source

pytestmark = pytest.mark.usefixtures("seeded")

PAGES = Path(__file__).parents[2] / "pages"


def text(*ids):
    return " ".join(" ".join(cell.source.split()) for cell in source("ps5").cells if cell.id in ids)


def the(name):
    return next(referee for referee in referees("ps5") if referee.name == name)


def whole(boxes, image):
    """Boxes with a left side left of the right one, inside an image."""
    height, width = image.shape[:2]
    inside = (boxes[:, :2] >= 0).all() and (boxes[:, 2:] <= [width, height]).all()
    return inside and (boxes[:, :2] < boxes[:, 2:]).all()


@pytest.mark.parametrize(
    "draw", [augmenting.one(augmenting.inside), augmenting.over_the_edge, augmenting.in_turn], ids=["in", "over", "all"]
)
def test_draws_images_that_are_never_square_with_boxes_inside_before_and_after(draw):
    for image, boxes, changes in asked(draw):
        assert image.shape[0] != image.shape[1]
        assert whole(boxes, image)
        out, found = changed(image, boxes, changes)
        assert whole(found, out)


def test_draws_boxes_that_are_cut_off_or_leave_in_both_directions():
    cases = asked(augmenting.over_the_edge)
    assert {np.sign(changes[0][1]) for _, _, changes in cases} == {-1, 1}
    assert {np.sign(changes[0][2]) for _, _, changes in cases} == {-1, 1}
    assert all(len(changed(*each)[1]) == 1 for each in cases)
    assert all(len(changed(*each)[1]) == 2 for each in asked(augmenting.in_turn))


def test_draws_light_that_runs_over_at_both_ends():
    cases = asked(augmenting.one(augmenting.lit))
    assert {by > 0 for _, _, [(_, by)] in cases} == {True, False}
    assert all(((image + by < 0) | (image + by > 1)).any() for image, _, [(_, by)] in cases)


def test_draws_partners_that_do_not_choose_each_other_and_labels_that_differ():
    for _, labels, classes, share, partners in asked(mixing.batch()):
        assert (partners[partners] != np.arange(len(partners))).any()
        assert (labels != labels[partners]).any()
        assert labels.max() < classes - 1
        assert 0.05 < abs(share - 0.5) < 0.45
    assert all(len(set(labels)) == 1 for _, labels, *_ in asked(mixing.batch(same=True)))
    assert all(images.dtype == np.uint8 for images, *_ in asked(mixing.batch(integers=True)))


def test_draws_views_on_which_the_mean_of_scores_is_another_answer_and_scores_that_overflow():
    for each in asked(views.any_views(3, 5, plain=False)):
        assert np.copy not in each[2]
        assert np.abs(views.averaged_scores(*each) - views.together(*each)).max() > 0.02
    for each in asked(views.any_views(2, 4, plain=True, large=True)):
        assert np.copy in each[2]
        assert abs(views.said(*each)).min() > 100
        assert not np.isfinite(views.overflowing(views.said(*each))).all() or (views.said(*each) < 0).all()
    assert all(len(chosen) == 1 for _, _, chosen in asked(views.any_views(1, 1, plain=False)))


def test_draws_curves_that_stop_before_their_end_and_have_a_better_value_behind():
    for rising in (True, False):
        for values, patience, min_delta, watched in asked(stopping.curve(rising=rising, demanding=True), 10):
            last, best = stopping.stopped(values, patience, min_delta, watched)
            behind = values[last:].max() > values[best - 1] if rising else values[last:].min() < values[best - 1]
            assert behind
            assert 1 < best < last < len(values)
            assert (values * stopping.STEP % 1 == 0).all()
    assert all(stopping.stopped(*each)[0] == len(each[0]) for each in asked(stopping.short))
    for patience in (0, 1):
        assert all(stopping.stopped(*each)[0] < len(each[0]) for each in asked(stopping.quick(patience, rising=False)))


def test_draws_networks_whose_names_and_shapes_mislead():
    for _, parameters, c, biases in asked(penalties.any_network((False,), odd=True)):
        assert c > 0
        assert not biases
        assert {"unbiased.weight", "norm.weight", "body.0.bias"} <= set(parameters)
    assert all(c == 0 for _, _, c, _ in asked(penalties.any_network((True,), free=True)))


def test_draws_heads_for_more_and_for_fewer_classes_and_networks_in_every_state():
    cases = asked(heads.about("head", "learns"))
    assert {classes > old for _, _, old, _, classes, _, _ in cases} == {True, False}
    assert {(trained, freeze) for _, _, _, trained, _, freeze, _ in cases} == {(a, b) for a in (0, 1) for b in (0, 1)}
    assert all(len({features, old, classes}) == 3 for _, features, old, _, classes, _, _ in cases)


def test_names_a_network_with_means_that_drift_through_the_whole_function():
    def careless(model, classes, freeze):
        made = heads.right(model, classes, freeze)
        return made.train()

    the("replace_head")(careless)
    assert last_ruling().mistake == "lets the means drift"


@pytest.mark.parametrize(
    "slip",
    [
        *("freezes always", "lets the means drift", "lets dropout go on", "evaluates as a whole"),
        *("leaves the mode as it was", "forgets what was learned"),
    ],
)
def test_takes_a_quarter_of_the_points_for_a_network_that_is_not_ready(slip):
    assert deserved("ps5")["replace_head", slip] <= 1.5


@pytest.mark.parametrize("slip", ["counts from zero", "swaps the two", "keeps the last weights"])
def test_leaves_a_part_of_the_points_to_those_who_found_the_stop(slip):
    assert 0.4 <= deserved("ps5")["early_stopping", slip] <= 1


@pytest.mark.parametrize("kind", [tuple, np.array, torch.tensor, lambda pair: tuple(map(np.int64, pair))])
def test_reads_the_parts_of_an_answer_of_any_kind(kind):
    def answered(*arguments):
        return kind(stopping.stopped(*arguments))

    assert the("early_stopping").rule(answered).points == 2


@pytest.mark.parametrize("guess", [(1, 1), (3, 2), "ab", ([1], [2]), (float("nan"), 1.0)])
def test_gives_nothing_to_a_guess_of_the_two_epochs(guess):
    assert the("early_stopping").rule(lambda *arguments: guess).points == 0


def test_gives_nothing_to_what_only_looks_like_a_stop():
    def guesses(values, patience):
        yield patience + 1, 1
        yield len(values), 1
        yield len(values), len(values)
        yield int(values.argmin()) + 1, int(values.argmin()) + 1

    for number in range(4):
        ruling = the("early_stopping").rule(
            lambda values, patience, *_, number=number: [*guesses(values, patience)][number]
        )
        assert ruling.points == 0


def test_draws_parts_of_the_stop_that_tell_the_rules_apart():
    for question in asked(stopping.curve(rising=False, part="last"), 10):
        assert stopping.asked(stopping.stopped, *question) == stopping.stopped(*question[:4])[0]
        assert stopping.asked(stopping.ties_win, *question) != stopping.asked(stopping.stopped, *question)
    for question in asked(stopping.curve(rising=True, part="after the first"), 10):
        last, best = stopping.stopped(*question[:4])
        assert stopping.asked(stopping.stopped, *question) == [best - 1, last - 1]
        assert stopping.asked(stopping.shifted(-1, -1), *question) == [best - 1, last - 1]
        assert stopping.asked(stopping.keeps_the_last, *question) == [last - 1, last - 1]


def test_gives_nothing_to_the_network_as_it_came_and_nothing_to_what_is_none():
    assert the("replace_head").rule(lambda model, classes, freeze: model).points == 0
    assert the("replace_head").rule(lambda model, classes, freeze: model.requires_grad_(not freeze)).points == 0
    assert the("replace_head").rule(lambda model, classes, freeze: None).points == 0


def test_says_the_boxes_of_the_drawing_that_are_so():
    said = text("augment-text")
    two = np.array([[1.0, 0, 3, 2], [4, 2, 5, 3]])
    for change, expected in (("mirror", "(2, 0, 4, 2) (1, 1, 3, 3)"), ("turn", "(0, 2, 1, 3) (0, 4, 1, 5)")):
        assert expected in said
        found = changed(np.zeros((3, 5, 1)), two, [(change,)])[1].astype(int).tolist()
        assert all(str(tuple(box)) in said for box in found)


def test_says_the_probabilities_that_are_so():
    scores = np.array([[0, 2, 1 / 3], [2, 0, 1 / 3]])
    each = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    said = text("tta-predict-text")
    for numbers in (*each, each.mean(axis=0)):
        assert f"({', '.join(f'{number:.4f}' for number in numbers)})" in said


def test_says_what_a_curve_of_seven_epochs_gives():
    said = text("early-stopping-text")
    assert re.search(r"loss +" + " +".join(f"{value:.3f}" for value in stopping.SIX), said)
    waits = [kept.waited for kept in EarlyStopping(patience=2).replay(stopping.SIX.tolist())]
    assert "wait " + " ".join(map(str, waits)) + " stop" in said
    assert f"answer: {stopping.stopped(stopping.SIX, 2, 0.0, False)}" in said


def test_says_the_losses_that_are_so():
    said = text("regularized-loss-text")
    assert f"0.01 · 14 = {penalties.whole(0.5, penalties.HEAD, 0.01, False):g}" in said
    assert f"0.01 · 14.5 = {penalties.whole(0.5, penalties.HEAD, 0.01, True):g}" in said


def test_asks_about_the_training_that_the_lab_replays():
    values, last, best = curve()
    assert (last, best) == (23, 18)
    assert "stops after epoch 23" in text("explore-text")
    assert min(values) == values[best - 1]
    one = EarlyStopping(patience=1).replay([numbers["val_loss"] for numbers in recorded()])[-1]
    assert one.epoch < last


def test_draws_the_blend_that_the_figure_speaks_of():
    assert sorted(blended()[3].round(2).tolist())[-2:] == [0.3, 0.7]


def links():
    """Every call of lab(): the page and its settings."""
    return [
        node
        for cell in source("ps5").cells
        if "lab(" in cell.source and cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lab"
    ]


LABS = ["augmentation", "mixup", "test_time", "callbacks", "overfitting"]


def test_leads_to_labs_with_settings_that_they_know():
    """Every setting in a link is the key of a control."""
    assert [call.args[0].value for call in links()] == LABS
    for call in links():
        page = call.args[0].value
        files = [PAGES / f"{page}.py", *(PAGES / "_parts" / page).glob("*.py")]
        code = "".join(file.read_text(encoding="utf-8") for file in files)
        assert all(f'key="{setting.arg}"' in code for setting in call.keywords)


@pytest.mark.slow
@pytest.mark.parametrize("page", LABS)
def test_sets_the_lab_up_as_the_link_says(page):
    """A word is taken where a control shows it; the control's own value may be the beginning of it."""
    (call,) = (call for call in links() if call.args[0].value == page)
    test = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=60)
    for setting in call.keywords:
        test.query_params[setting.arg] = str(setting.value.value)
    test.run()
    assert not test.exception
    for setting in call.keywords:
        assert str(setting.value.value).startswith(str(test.session_state[setting.arg]))
