"""Folders of images: the mapping is torchvision's, and no file can bring it down."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torchvision.datasets import ImageFolder

from core.data import folders
from core.data.folders import look, parts, read
from core.errors import CoreError, LimitError


@pytest.fixture
def animals(tmp_path: Path) -> Path:
    for name, colour in (("dog", (200, 0, 0)), ("cat", (0, 200, 0)), ("Zebra", (0, 0, 200))):
        (tmp_path / name).mkdir()
        for number in range(4):
            Image.new("RGB", (30, 20), colour).save(tmp_path / name / f"{number}.png")
    (tmp_path / "notes.txt").write_text("no class")
    (tmp_path / "cat" / "readme.txt").write_text("no image")
    return tmp_path


def test_numbers_classes_and_files_as_torchvision_does(animals: Path) -> None:
    found, twin = look(animals), ImageFolder(str(animals))
    assert dict(found.numbers) == twin.class_to_idx == {"Zebra": 0, "cat": 1, "dog": 2}
    assert [(str(file), number) for file, number in found.files] == twin.samples


def test_reads_images_of_one_size(animals: Path) -> None:
    seen = read(look(animals), side=8)
    assert seen.images.shape == (12, 8, 8, 3)
    assert not seen.unreadable
    np.testing.assert_array_equal(seen.images[0, 0, 0], [0, 0, 200])
    assert seen.labels.tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_names_what_it_cannot_read_and_goes_on(animals: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = (animals / "dog" / "0.png").read_bytes()
    (animals / "cat" / "empty.png").write_bytes(b"")
    (animals / "cat" / "half.png").write_bytes(whole[: len(whole) // 2])
    (animals / "cat" / "page.jpg").write_text("<html>")
    Image.new("L", (300, 300)).save(animals / "cat" / "vast.png")
    monkeypatch.setattr(folders, "MOST_PIXELS", 80_000)
    seen = read(look(animals), side=8)
    assert len(seen.labels) == 12
    told = {each.name: each.reason for each in seen.unreadable}
    assert told["cat/empty.png"] == "it is empty"
    assert told["cat/page.jpg"] == "it is no image"
    assert told["cat/half.png"].startswith("it is damaged")
    assert "300x300 pixels" in told["cat/vast.png"]


def test_turns_a_photo_as_the_camera_was_held(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    image = Image.new("RGB", (20, 20))
    image.paste((255, 255, 255), (0, 0, 10, 20))  # white on the left
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right: what was left is above
    image.save(tmp_path / "one" / "1.jpg", exif=exif, quality=95)
    (seen,) = read(look(tmp_path), side=20).images
    assert seen[3].mean() > 240
    assert seen[16].mean() < 15


def test_takes_grey_and_transparent_images(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    Image.new("L", (9, 9), 77).save(tmp_path / "one" / "a.png")
    Image.new("RGBA", (9, 9), (10, 10, 10, 0)).save(tmp_path / "one" / "b.png")
    grey, clear = read(look(tmp_path), side=4).images
    assert np.unique(grey).tolist() == [77]
    assert np.unique(clear).tolist() == [255]


def test_no_file_is_in_two_parts(animals: Path) -> None:
    found = parts(look(animals), seed=3)
    files = [file for each in found.values() for file, _ in each.files]
    assert len(files) == len(set(files)) == 12
    assert {each.classes for each in found.values()} == {("Zebra", "cat", "dog")}


def test_says_what_a_folder_should_hold(tmp_path: Path) -> None:
    with pytest.raises(CoreError, match="no folder"):
        look(tmp_path / "nowhere")
    with pytest.raises(CoreError, match="holds no folders"):
        look(tmp_path)
    (tmp_path / "empty").mkdir()
    assert look(tmp_path).files == ()
    assert read(look(tmp_path), side=8).images.shape == (0, 8, 8, 3)
    with pytest.raises(LimitError, match="1024"):
        read(look(tmp_path), side=100_000)
