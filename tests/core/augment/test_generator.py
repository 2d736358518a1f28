"""Ranges and folders: nothing goes farther than its range, and folders are read as the folder on disk is."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augment.example import Example, boxes_around
from core.augment.generator import Ranges, classes_of, drawn
from core.data.folders import look
from core.errors import CoreError


def dot(row: int = 20, column: int = 20) -> Example:
    mask = np.zeros((1, 41, 41), dtype=bool)
    mask[0, row - 2 : row + 3, column - 2 : column + 3] = True
    return Example(np.repeat(mask[0][..., None], 3, axis=2).astype(float), ("dot",), boxes_around(mask), mask)


@settings(max_examples=30)
@given(st.floats(0, 0.3), st.floats(0, 0.3), st.integers(0, 999))
def test_shifts_by_no_more_than_the_ranges(right: float, down: float, seed: int) -> None:
    ranges = Ranges(width_shift_range=right, height_shift_range=down)
    x1, y1, x2, y2 = drawn(dot(), ranges, np.random.default_rng(seed)).boxes[0]
    assert abs((x1 + x2) / 2 - 20.5) <= right * 41 + 0.5
    assert abs((y1 + y2) / 2 - 20.5) <= down * 41 + 0.5


def test_does_nothing_without_ranges() -> None:
    found = drawn(dot(), Ranges(), np.random.default_rng(0))
    np.testing.assert_allclose(found.image, dot().image, atol=1e-9)
    assert np.array_equal(found.boxes, dot().boxes)


def test_uses_all_of_a_range() -> None:
    random = np.random.default_rng(0)
    ranges = Ranges(rotation_range=90)
    angles = []
    for _ in range(80):
        x1, y1, x2, y2 = drawn(dot(20, 32), ranges, random).boxes[0]
        angles.append(np.degrees(np.arctan2((y1 + y2) / 2 - 20.5, (x1 + x2) / 2 - 20.5)))
    assert -92 < min(angles) < -75
    assert 75 < max(angles) < 92


def test_flips_brightens_and_calls_a_function_of_ones_own() -> None:
    ranges = Ranges(horizontal_flip=True, brightness_range=(0.2, 0.4), preprocessing_function=lambda image: 1 - image)
    found = [drawn(dot(20, 8), ranges, np.random.default_rng(seed)) for seed in range(20)]
    sides = {bool(each.boxes[0, 0] > 20) for each in found}
    assert sides == {True, False}
    assert all(0.6 <= each.image.min() <= 0.8 and each.image.max() == pytest.approx(1) for each in found)


def test_the_same_numbers_give_the_same_image() -> None:
    ranges = Ranges(30, 0.1, 0.1, (0.5, 1.5), 10, 0.2, 0.1, True, True)
    one, two, other = (drawn(dot(), ranges, np.random.default_rng(seed)).image for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_reads_names_as_a_folder_on_disk_is_read(tmp_path: Path) -> None:
    names = ["dog/rex.jpg", "cat/mia.png", "Bird/coco.webp", "dog/old/blacky.jpg", "notes.txt", "dog/notes.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    numbers, found = classes_of(names)
    on_disk = look(tmp_path)
    assert numbers == dict(on_disk.numbers) == {"Bird": 0, "cat": 1, "dog": 2}
    assert set(found) == {(str(path.relative_to(tmp_path)), number) for path, number in on_disk.files}


@pytest.mark.parametrize("files", [[], ["a.jpg"], ["../x/a.jpg"]], ids=["nothing", "no-folder", "outside"])
def test_no_folder_is_no_class(files: list[str]) -> None:
    assert classes_of(files) == ({}, [])


@pytest.mark.parametrize("wrong", [{"rotation_range": -1}, {"zoom_range": 1.0}, {"brightness_range": (-1, 1)}],
                         ids=["backwards", "zoom-1", "negative-light"])  # fmt: skip
def test_refuses_ranges_that_cannot_be(wrong) -> None:
    with pytest.raises(CoreError, match="a range is 0 or more"):
        Ranges(**wrong)
