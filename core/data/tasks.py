"""The map of vision tasks: what each asks of the same picture, and what shape its answer has (lectures A, B, C, D, E).

An image is (H, W, 3), K is the number of classes, N the number of things in the picture, which nobody knows beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.data.task_scene import KINDS, Scene, Shape, Target, corners, render
from core.errors import CoreError
from core.types import Floats, Mask, Pair

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """One task: what is asked, what is answered, what one must have to learn it, and what of the course teaches it."""

    name: str
    asks: str
    answer: str  # its shape
    needs: str  # for every picture to learn from
    taught: tuple[str, ...]  # rows of the syllabus


TASKS = (
    Task(
        "Classification",
        "What is this a picture of?",
        "K probabilities that sum to 1",
        "one label",
        ("S43", "S62", "S63", "S64", "S39", "S158"),
    ),
    Task(
        "Localization",
        "Where is the one object that matters?",
        "5 numbers: x, y, h, w, label",
        "a label and a box",
        ("S02", "S125", "S122", "S151"),
    ),
    Task(
        "Detection",
        "What is where, however many there are?",
        "a list of N times 5 numbers; N depends on the picture",
        "a label and a box for every object",
        ("S03", "S130", "S141", "S142", "S140", "S150", "S160"),
    ),
    Task(
        "Semantic segmentation",
        "What does every pixel belong to?",
        "a map of H x W labels",
        "a label for every pixel",
        ("S04", "S111", "S109", "S114", "S117", "S163", "S164"),
    ),
    Task(
        "Instance segmentation",
        "Which pixels belong to which object?",
        "a list of N times a label, a box and a mask of H x W",
        "a label, a box and a mask for every object",
        ("S05", "S155", "S156"),
    ),
    Task(
        "Fine-grained recognition",
        "Which one is it among things that look nearly alike?",
        "probabilities of many close classes",
        "one label, given by an expert",
        ("S95",),
    ),
    Task(
        "Face detection and recognition",
        "Where are faces, and whose are they?",
        "a list of boxes, a vector for each: near vectors, same person",
        "boxes, and several pictures of every person",
        ("S99", "S153"),
    ),
    Task(
        "Motion estimation",
        "Where does every pixel go until the next picture?",
        "H x W arrows",
        "two pictures, and the arrows, mostly rendered ones",
        (),
    ),
    Task(
        "Feature detection and description",
        "Which points can be found again in another picture?",
        "a list of points, a vector for each",
        "pictures of one thing from several places",
        ("S178",),
    ),
    Task(
        "Depth estimation",
        "How far away is every pixel?",
        "a map of H x W distances",
        "distances from a sensor, or a second camera",
        (),
    ),
    Task(
        "Novel view synthesis",
        "What would this look like from over there?",
        "another picture of H x W x 3",
        "pictures of one scene from many known places",
        (),
    ),
)


def task(name: str) -> Task:
    """A task by its name.

    >>> task("Detection").answer
    'a list of N times 5 numbers; N depends on the picture'
    """
    found = next((each for each in TASKS if each.name == name), None)
    if found is None:
        raise CoreError(f"there is no task {name[:40]!r}; there are {', '.join(each.name for each in TASKS)}")
    return found


def detections(scene: Scene) -> Floats:
    """Every object as x, y, h, w and the place of its label: (N, 5), the nearest last; x, y is the upper left corner.

    >>> from core.data.task_scene import task_scene
    >>> detections(task_scene(0, seed=1)).shape, detections(task_scene(4, seed=1)).shape
    ((0, 5), (4, 5))
    """
    rows = [
        (x1, y1, y2 - y1, x2 - x1, KINDS.index(each.label)) for each in scene.targets for x1, y1, x2, y2 in [each.box]
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 5)


def main_object(scene: Scene) -> Floats:
    """Classification with localization: the five numbers of the object that covers most pixels, (5,).

    >>> from core.data.task_scene import task_scene
    >>> main_object(task_scene(2, seed=1)).shape
    (5,)
    """
    if not scene.targets:
        raise CoreError("localization takes for granted that there is an object; in this picture there is none")
    largest = int(np.argmax([target.mask.sum() for target in scene.targets]))
    found: Floats = detections(scene)[largest]
    return found


def label_map(scene: Scene) -> Labels:
    """Semantic segmentation: for every pixel 0, the ground, or 1 + the place of its class: (H, W).

    >>> from core.data.task_scene import Shape, render
    >>> np.unique(label_map(render([Shape("disc", (8, 8), 4), Shape("disc", (16, 8), 4)], (16, 24))))
    array([0, 1])
    """
    found: Labels = np.zeros(scene.image.shape[:2], dtype=np.int64)
    for target in scene.targets:
        found[target.mask] = 1 + KINDS.index(target.label)
    return found


def instance_map(scene: Scene) -> Labels:
    """Instance segmentation drawn in one map: for every pixel 0, the ground, or the number of its object: (H, W).

    >>> from core.data.task_scene import Shape, render
    >>> np.unique(instance_map(render([Shape("disc", (8, 8), 4), Shape("disc", (16, 8), 4)], (16, 24))))
    array([0, 1, 2])
    """
    found: Labels = np.zeros(scene.image.shape[:2], dtype=np.int64)
    for number, target in enumerate(scene.targets, start=1):
        found[target.mask] = number
    return found


def separate_parts(mask: Mask) -> int:
    """How many connected parts a mask has, neighbours above, below, left and right: the objects that can be told apart.

    >>> separate_parts(np.array([[True, False, True], [True, False, False]]))
    2
    """
    from scipy.ndimage import label

    return int(label(mask)[1])


def depth_map(scene: Scene, *, ground: float = 6.0) -> Floats:
    """The distance of every pixel: (H, W), the ground behind everything.

    >>> from core.data.task_scene import Shape, render
    >>> np.unique(depth_map(render([Shape("disc", (8, 8), 4, depth=2.0)], (16, 16))))
    array([2., 6.])
    """
    found = np.full(scene.image.shape[:2], ground)
    for target in scene.targets:
        found[target.mask] = target.shape.depth
    return found


def flow(scene: Scene) -> Floats:
    """Where every pixel goes until the next picture: (H, W, 2), x and y.

    >>> from core.data.task_scene import Shape, render
    >>> flow(render([Shape("disc", (8, 8), 4, motion=(3.0, -1.0))], (16, 16)))[8, 8]
    array([ 3., -1.])
    """
    found = np.zeros((*scene.image.shape[:2], 2))
    for target in scene.targets:
        found[target.mask] = target.shape.motion
    return found


def seen_corners(scene: Scene) -> Floats:
    """The corners that nothing hides: (M, 2). A corner counts if a pixel of its own shape lies beside it.

    >>> from core.data.task_scene import Shape, render
    >>> len(seen_corners(render([Shape("square", (8, 8), 5)], (16, 16))))
    4
    """
    found = [point for target in scene.targets for point in corners(target.shape) if _touches(point, target)]
    return np.array(found).reshape(-1, 2)


def other_view(scene: Scene, step: float) -> Scene:
    """The scene from `step` further right: what is near moves left more than what is far.

    >>> from core.data.task_scene import Shape, render
    >>> [target.shape.middle[0] for target in other_view(render([Shape("disc", (40, 20), 9, depth=2.0)]), 10).targets]
    [35.0]
    """
    shapes = [target.shape for target in scene.targets]
    return render([_moved(shape, (-step / shape.depth, 0.0)) for shape in shapes], _sides(scene))


def next_picture(scene: Scene) -> Scene:
    """The scene a moment later.

    >>> from core.data.task_scene import Shape, render
    >>> later = next_picture(render([Shape("disc", (40, 20), 9, motion=(5.0, 2.0))]))
    >>> later.targets[0].shape.middle
    (45.0, 22.0)
    """
    shapes = [target.shape for target in scene.targets]
    return render([_moved(shape, shape.motion) for shape in shapes], _sides(scene))


def _sides(scene: Scene) -> Pair:
    height, width, _ = scene.image.shape
    return height, width


def _moved(shape: Shape, by: tuple[float, float]) -> Shape:
    return replace(shape, middle=(shape.middle[0] + by[0], shape.middle[1] + by[1]))


def _touches(point: Sequence[float], target: Target) -> bool:
    column, row = (round(value) for value in point)
    beside = target.mask[max(0, row - 2) : row + 2, max(0, column - 2) : column + 2]
    return bool(beside.any())
