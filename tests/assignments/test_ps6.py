"""What holds for PS6 alone: what its cases contain, and that core recomputes the numbers in its text."""

import ast
from pathlib import Path

import numpy as np
import pytest

from assignments.figures import ps6 as figure
from assignments.referees import ps6
from assignments.referees.ps6 import boxes, losses, pooling, sharper, slopes, voting
from core.blocks.heads import average_matrix, global_average, global_max
from core.data.photos import photo
from core.data.scenes import JOINTS
from core.detect.single.joint import joint_loss
from core.detect.single.pose import OUTPUTS, pose_loss
from core.explain.augmented import total_variation
from core.explain.cam import class_activation_map, scores_of
from core.explain.gradcam import look, votes, worth
from core.explain.weak import LECTURE_SHARE, above, pieces, weak_box
from core.models.pretrained import framed, imagenet_classes, lite0, prepared
from tests.assignments.sets import asked, other_hands, referees, source

pytestmark = pytest.mark.usefixtures("seeded")

BOOK = {cell.id: " ".join(cell.source.split()) for cell in source("ps6").cells}


def row(array):
    """Numbers as the drawings have them."""
    return " ".join(f"{value:g}" for value in np.ravel(array))


def worked(question, number):
    """The arguments of a worked example, and what should come back."""
    referee = getattr(ps6, question)
    case = next(group for group in referee.groups if group.visible).cases[number]
    return case.arguments, referee.reference(*case.arguments)


LECTURE, WORKED = pooling.LECTURE, boxes.WORKED
TWO_CLASSES = class_activation_map(voting.TWO_PLACES, voting.TWO_CLASSES)
WRITTEN = {
    "mean-of-the-pixel": (
        "global-pool-text",
        f"mean {global_average(LECTURE)[0]:g} largest value {global_max(LECTURE)[0]:g}",
    ),
    "mean-of-the-blob": ("global-pool-text", f"mean {global_average(LECTURE)[1]:g} "),
    "largest-of-the-blob": ("global-pool-text", f"largest value {global_max(LECTURE)[1]:g} 3 3"),
    "N125-block": ("gap-matrix-examples", str(average_matrix(2, 1, 2).tolist()).replace("0.0", "0")),
    "votes-0": ("cam-text", f"M_0 {row(TWO_CLASSES[0])} "),
    "votes-1": ("cam-text", f"M_1 {row(TWO_CLASSES[1])} "),
    "scores": ("cam-examples", "scores, [{:g}, {:g}]".format(*scores_of(TWO_CLASSES, voting.BIAS))),
    "N122-sum-for-mean": (
        "cam-text",
        f"the sum, which a slide of the lecture prints, is {np.ones((7, 7)).sum():g} times",
    ),
    "N123-share": ("cam-to-box-text", f"The lecture takes {100 * LECTURE_SHARE:g} %"),
    "box": ("cam-to-box-text", f"box ({', '.join(f'{edge:g}' for edge in weak_box(WORKED))})"),
    "box-at-half": ("cam-to-box-text", f"the box is ({', '.join(f'{edge:g}' for edge in weak_box(WORKED, 0.5))})"),
    "N127-mixed": ("joint-loss-text", f"= {joint_loss(2.0, 0.5, 0.25):g}$"),
    "N128-outputs": ("pose-loss-text", f"$2 \\cdot {len(JOINTS)} = {OUTPUTS}$ outputs"),
    "one-joint": ("pose-loss-text", f"loss {pose_loss(np.array([[4.0, 5], [9, 9]]), losses.TWO):g}"),
    "steps": ("augmented-objective-text", f"= {total_variation(sharper.SHARP):g} squares"),
    "squares": ("augmented-objective-text", f"4 = {sharper.size(sharper.SHARP):g}"),
    "cost": ("augmented-objective-text", f"= {sharper.cost(*sharper.ONE_VIEW, 0.5, 2.0):g}"),
    "cost-of-two-views": ("augmented-objective-examples", f"two - {sharper.cost(*sharper.TWO_VIEWS, 0.0, 0.0):g})"),
}


@pytest.mark.parametrize(("cell", "text"), WRITTEN.values(), ids=WRITTEN)
def test_says_what_core_computes(cell, text):
    assert " ".join(text.split()) in BOOK[cell]


def test_says_the_slopes_and_the_votes_of_a_layer_that_core_computes():
    for label, (means, sums) in enumerate((("1 1", "4 2"), ("-2 1", "1 -4"))):
        saw = slopes.seen(slopes.PLACED, slopes.FOUR, label, 0)
        assert (row(worth(saw.slopes)), row(votes(saw))) == (means, sums)
        assert f"means of the slopes {means}" in BOOK["grad-cam-text"]
        assert f"= {sums} L = {row(worked('grad_cam', 1 + label)[1])}" in BOOK["grad-cam-text"]


def test_shows_pieces_as_core_finds_them():
    kept = above(WORKED)
    marks = [" ".join(".#"[int(value)] for value in each) for each in kept]
    largest = [" ".join(".#"[int(value)] for value in each) for each in pieces(kept) == 1]
    for whole, one in zip(marks, largest, strict=True):
        assert f"{whole} {one}" in BOOK["cam-to-box-text"]


def test_grad_cam_of_a_mean_and_a_dense_layer_is_the_cam_cut_at_zero():
    """What the text says of the two, and the lecture."""
    for plan, image, label, layer in asked(slopes.drawn("mean", (1,)), 10):
        saw = slopes.seen(plan, image, label, layer)
        weights = slopes.built(plan)[-1].weight.detach().double().numpy()
        map_ = class_activation_map(saw.maps, weights)[label]
        np.testing.assert_allclose(
            slopes.grad_cam_of(plan, image, label, layer) * map_.size, np.maximum(map_, 0), rtol=1e-4, atol=1e-5
        )


def test_pools_maps_of_which_all_sides_differ():
    for mode in ("average", "maximum"):
        assert all(len(set(maps.shape)) == 3 for maps, _ in asked(pooling.any_maps(mode)))
    assert all(maps.max() < 0 for maps, _ in asked(pooling.any_maps("maximum", sign=-1)))
    assert all(len(set(sizes)) == 3 for sizes in asked(pooling.sizes(maps=(2, 3, 4))))


def test_asks_for_votes_against_a_class_as_well_as_for_it():
    cases = asked(voting.drawn("votes"))
    assert all(len({*maps.shape, len(weights)}) == 4 for maps, weights, *_ in cases)
    assert all(class_activation_map(maps, weights).min() < 0 for maps, weights, *_ in cases)
    assert all((bias != 0).all() for *_, bias, _ in cases)


def test_asks_networks_about_a_class_that_is_not_their_first_answer():
    for end, layers in (("mean", (1,)), ("dense", (1,)), ("further", (0, 1, 2))):
        for plan, image, label, layer in asked(slopes.drawn(end, layers), 12):
            saw = slopes.seen(plan, image, label, layer)
            assert saw.scores.argmax() != label
            assert saw.maps.shape[1] != saw.maps.shape[2]
            assert layer or saw.maps.min() < 0


def test_shows_a_layer_whose_input_is_not_its_output():
    """Who asks one layer too early fails a worked example."""
    assert not np.array_equal(slopes.SIGNED, slopes.PAIR)
    assert np.array_equal(slopes.seen(slopes.VOTING, slopes.SIGNED, 0, 0).maps, slopes.PAIR)
    early = slopes.one_too_early(slopes.VOTING, slopes.SIGNED, 0, 0)
    assert not np.allclose(early, slopes.grad_cam_of(slopes.VOTING, slopes.SIGNED, 0, 0))


def test_asks_about_classes_for_which_every_place_argues_and_none():
    for case in asked(slopes.all_for, 12):
        assert votes(slopes.seen(*case)).min() > 0
    nothing = next(group for group in ps6.grad_cam.groups if "no place" in group.title)
    assert all(not slopes.grad_cam_of(*case.arguments).any() for case in nothing.cases)


def test_leaves_the_dice_of_torch_alone():
    import torch

    torch.manual_seed(4)
    wanted = torch.rand(1)
    torch.manual_seed(4)
    slopes.built(slopes.VOTING)
    assert torch.rand(1) == wanted


def test_draws_maps_with_pieces_that_are_found_in_one_way_only():
    for heat, share in asked(boxes.one_piece):
        assert pieces(above(heat, share)).max() == 1
    for heat, share in asked(boxes.several):
        numbered = pieces(above(heat, share))
        largest = numbered == 1
        assert numbered.max() == 4
        assert (above(heat, 0.2) & (numbered == 0)).sum() == 1  # which a fifth of the maximum would keep
        assert heat[largest].max() < heat.max()
        assert heat[largest].sum() < heat[numbered == 2].sum()
    for heat, share in asked(boxes.at_a_corner):
        assert pieces(above(heat, share)).max() == 2
        assert pieces(above(heat, share), neighbours=8).max() == 1
    for heat, share in asked(boxes.as_large):
        sizes = np.bincount(pieces(above(heat, share)).ravel())
        assert sizes[1] == sizes[2]


def test_hits_the_threshold_exactly():
    group = next(group for group in ps6.cam_to_box.groups if "at the threshold" in group.title)
    hits = [bool((case.arguments[0] == case.arguments[1] * case.arguments[0].max()).any()) for case in group.cases]
    assert sum(hits) >= 4
    assert all(boxes.box(*case.arguments) is not None for case in group.cases)


def test_hides_no_joint_some_and_all():
    assert all(joints[:, 2].all() for _, joints in asked(losses.any_pose(0)))
    some = [joints[:, 2].mean() for _, joints in asked(losses.any_pose(0.4))]
    assert 0 < min(some) <= max(some) < 1
    assert not any(joints[:, 2].any() for _, joints in asked(losses.any_pose(1)))


def test_mixes_the_two_losses_by_no_half():
    assert all(abs(alpha - 0.5) >= 0.1 and s != r for s, r, alpha in asked(losses.any_mix))


def test_asks_for_the_prices_of_maps_that_explain_their_views():
    for given in asked(sharper.priced(smooth=True, small=True, missed=False), 12):
        assert sharper.missing(*given[:4]) < 1e-20
        assert sharper.cost(*given) > 1
    for given in asked(sharper.priced(smooth=True, small=True), 12):
        assert sharper.missing(*given[:4]) > 0.01


def test_the_price_of_a_map_is_convex():
    """N126: between two maps nothing costs more than on the straight line."""
    for case in asked(sharper.priced(smooth=True, small=True), 12):
        heat, rest = case[0], case[1:]
        other = heat[::-1] * 2 - 1
        ends = (sharper.cost(heat, *rest) + sharper.cost(other, *rest)) / 2
        assert sharper.cost((heat + other) / 2, *rest) <= ends


def test_gives_votes_and_scores_points_of_their_own():
    referee = next(referee for referee in referees("ps6") if referee.name == "cam")
    right = voting.both
    halves = [
        referee.rule(lambda *given: (right(*given)[0], None)).points,
        referee.rule(lambda *given: (None, right(*given)[1])).points,
    ]
    assert halves == pytest.approx([0.4, 0.4]), "the worked examples ask for both"
    assert referee.rule(lambda *given: right(*given)[0]).points == 0


def test_takes_an_answer_that_still_wants_a_gradient():
    assert ps6.grad_cam(other_hands("ps6").grad_cam_layer_by_layer) == 2


def test_opens_with_the_first_two_answers_of_the_network():
    net, names = lite0(), imagenet_classes()
    (saw,) = look(
        net, prepared(framed(photo(figure.PHOTO))[None]), net.get_submodule("bn2"), names.index(figure.ASKED[0])
    )
    assert tuple(names[each] for each in np.argsort(-saw.scores)[:2]) == figure.ASKED


def test_opens_with_two_answers_in_two_places():
    (tripod, _, low), (harmonica, _, high) = figure.asked()
    assert np.unravel_index(tripod.argmax(), (7, 7))[0] > 3 > np.unravel_index(harmonica.argmax(), (7, 7))[0]
    assert low[3] > high[3]


def test_leads_to_labs_whose_settings_are_there():
    calls = [
        node
        for cell in source("ps6").cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lab"
    ]
    assert [call.args[0].value for call in calls] == ["gap", "cam", "weak_boxes", "pose"]
    for call in calls:
        page = call.args[0].value
        files = [Path("pages", f"{page}.py"), Path("pages/_kit/lab.py"), *Path("pages/_parts", page).glob("*.py")]
        code = "".join(file.read_text(encoding="utf-8") for file in files) + Path(
            "core/data/scenes/person.py"
        ).read_text(encoding="utf-8")
        for setting in call.keywords:
            assert f'key="{setting.arg}"' in code
            assert not isinstance(setting.value.value, str) or f'"{setting.value.value}"' in code
