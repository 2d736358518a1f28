"""The nets that say where: what they learn from, how they are built, and that the shipped ones do what is promised."""

import numpy as np
import pytest
import torch

from core.data.scenes import CLASSES, JOINTS, MIRRORED
from core.detect.single.joint import overlaps
from core.detect.single.pose import share_found
from core.errors import LimitError, ShapeError
from core.models import localizers
from core.models.localizers import SIDE, answered, begun, joints_of, one_person, one_thing, painter, people, schooled
from core.models.recipes import joints, localizer, pose
from core.models.registry import card, load


def test_draws_one_thing_and_one_person() -> None:
    assert all(len(one_thing("validation", number).targets) == 1 for number in range(20))
    scenes = [one_person("validation", number) for number in range(30)]
    assert all([target.label for target in scene.targets].count("person") == 1 for scene in scenes)
    hidden = 1 - np.stack([joints_of(scene) for scene in scenes])[..., 2].mean()
    assert 0.01 < hidden < 0.2  # shapes stand before some joints


def test_refuses_scenes_without_a_person() -> None:
    circle = next(one_thing("train", n) for n in range(20) if one_thing("train", n).targets[0].label == "circle")
    with pytest.raises(ShapeError, match="one person"):
        joints_of(circle)
    with pytest.raises(LimitError, match="scenes"):
        people("train", 10**6)


@pytest.mark.parametrize(
    ("build", "shape"),
    [(localizers.two_heads, (3, 9)), (localizers.regressor, (3, 28)), (painter, (3, 14, 16, 16))],
    ids=["S02-two-heads", "N128-regressor", "S120-painter"],
)
def test_answers_with_places(build: object, shape: tuple[int, ...]) -> None:
    module = begun(build(), seed=1).eval()  # type: ignore[operator]
    inputs = torch.zeros(3, 3, SIDE, SIDE)
    assert answered(module, inputs).shape == shape
    again = begun(build(), seed=1)  # type: ignore[operator]
    assert all(torch.equal(a, b) for a, b in zip(module.parameters(), again.parameters(), strict=True))


def test_a_box_begins_in_the_middle() -> None:
    inputs, _, _ = localizers.things("validation", 8)
    module = begun(localizers.two_heads(), seed=0)  # in training mode, as its first step sees it
    with torch.no_grad():
        places = module(inputs)[:, len(CLASSES) :]
    assert (places - 0.5).abs().mean() < 0.2


def test_first_layers_come_from_the_scene_net() -> None:
    known = list(load("scenes").state_dict().values())
    for build, equal in ((localizers.two_heads, len(known)), (painter, len(known) - 2)):
        mine = list(schooled(begun(build(), seed=0)).state_dict().values())
        assert sum(torch.equal(a, b) for a, b in zip(mine, known, strict=False)) == equal


def test_half_of_a_batch_is_mirrored_with_its_names() -> None:
    inputs, truth = people("validation", 2)
    batch, moved = pose.half_mirrored(inputs.clone(), truth.clone())
    assert torch.equal(batch[0], inputs[0].flip(2))
    assert torch.equal(batch[1], inputs[1]) and torch.equal(moved[1], truth[1])  # noqa: PT018
    assert torch.allclose(moved[0, :, 0], 1 - truth[0, list(MIRRORED), 0])


def test_bumps_lie_where_the_joints_are() -> None:
    _, truth = people("validation", 3)
    maps = joints.bumps(truth).numpy()
    peak = maps[0].reshape(14, -1).argmax(axis=1)
    wanted = np.floor(truth[0, :, :2].numpy() * 16)
    seen = truth[0, :, 2].numpy() > 0
    assert np.abs(np.stack([peak % 16, peak // 16], axis=1) - wanted)[seen].max() == 0


def test_the_shipped_localizer_names_and_places() -> None:
    right, shared = localizer.judged(load("localizer"), 200)
    assert right.mean() >= 0.97
    assert shared.mean() >= 0.78
    assert card("localizer").size < 1_000_000


def test_maps_beat_numbers_on_the_shipped_nets() -> None:
    inputs, truth = people("test", 100)
    wanted = truth.double().numpy() * (SIDE, SIDE, 1)
    numbers = SIDE * answered(load("pose"), inputs).double().numpy().reshape(100, 14, 2)
    maps = joints.painted(load("joints"), inputs)
    peaks = np.stack([joints.peaks(each)[0] for each in maps]) * (SIDE / 16)
    assert share_found(peaks, wanted) > share_found(numbers, wanted) + 0.01
    mean = wanted[..., :2].mean(axis=0)
    assert share_found(numbers, wanted) > share_found(np.broadcast_to(mean, numbers.shape), wanted) + 0.2
    assert len(JOINTS) == maps.shape[1]


def test_overlaps_of_a_wrong_class_count_for_nothing() -> None:
    class Wrong(torch.nn.Module):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            return torch.cat([torch.zeros(len(pictures), 5), torch.full((len(pictures), 4), 0.5)], dim=1)

    right, shared = localizer.judged(Wrong(), 40)
    assert 0 < right.mean() < 0.6
    assert shared.shape == right.shape and overlaps(np.zeros((0, 4)), np.zeros((0, 4))).shape == (0,)  # noqa: PT018


def test_the_regressor_reads_the_maps_of_the_painter() -> None:
    below, head = pose.painted_below(begun(localizers.regressor(), seed=0))
    inputs, truth = people("validation", 3)
    maps = answered(below, inputs)
    assert maps.shape == (3, 64, 8, 8)
    assert not below.training
    assert head.training
    kept = list(load("pose").children())
    assert torch.allclose(
        answered(kept[3], maps), answered(load("pose"), inputs), atol=1e-4
    )  # it learned on these maps
    assert torch.allclose(pose.mirrored(pose.mirrored(truth)), truth, atol=1e-6)
