"""What lies on a student's disk becomes one file: the same every time, and nothing that was not meant."""

import os
from pathlib import Path

import pytest

from grading.errors import GradingError, Refusal
from grading.limits import DEFAULT, Limits
from grading.notebooks.pack import gather, pack
from grading.notebooks.upload import open_uploads

BOTH = ("boxes", "nms")


def gathered(*paths: Path, notebooks: tuple[str, ...] = BOTH, limits: Limits = DEFAULT) -> tuple[str, bytes]:
    return gather(paths, limits, assignment="ps1", notebooks=notebooks)


def opened(*paths: Path, notebooks: tuple[str, ...] = BOTH) -> dict[str, bytes]:
    name, data = gathered(*paths, notebooks=notebooks)
    return dict(open_uploads(name, data, DEFAULT, notebooks=notebooks))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    for name in BOTH:
        (tmp_path / "work" / f"{name}.ipynb").write_bytes(f"of {name}".encode())
    return tmp_path / "work"


def test_takes_a_notebook_as_it_is(folder: Path) -> None:
    assert gathered(folder / "nms.ipynb") == ("nms.ipynb", b"of nms")


def test_packs_a_folder_and_its_files_alike(folder: Path) -> None:
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "nms-checkpoint.ipynb").write_bytes(b"old")
    (folder / ".hidden.ipynb").write_bytes(b"old")
    (folder / "notes.txt").write_bytes(b"text")
    assert opened(folder) == {"boxes.ipynb": b"of boxes", "nms.ipynb": b"of nms"}
    assert gathered(folder) == gathered(folder / "nms.ipynb", folder / "boxes.ipynb")
    assert gathered(folder)[0] == "ps1.zip"


def test_takes_of_a_folder_what_the_assignment_has(folder: Path) -> None:
    (folder / "scratch.ipynb").write_bytes(b"tries")
    assert set(opened(folder)) == {"boxes.ipynb", "nms.ipynb"}
    assert gathered(folder, notebooks=("nms",)) == ("nms.ipynb", b"of nms")


def test_packs_what_compresses_well_without_calling_it_a_bomb(folder: Path) -> None:
    (folder / "nms.ipynb").write_bytes(b" " * 5_000_000)
    assert len(opened(folder)["nms.ipynb"]) == 5_000_000


def test_refuses_together_what_is_too_much_together(folder: Path) -> None:
    for name in BOTH:
        (folder / f"{name}.ipynb").write_bytes(b" " * 12_000_000)
    name, data = gathered(folder)
    with pytest.raises(Refusal, match="at most 20 MB"):
        open_uploads(name, data, DEFAULT, notebooks=BOTH)


def test_a_file_too_large_is_not_read(folder: Path) -> None:
    for paths in ((folder,), (folder / "nms.ipynb",)):
        with pytest.raises(Refusal, match="can be handed in"):
            gathered(*paths, limits=Limits(upload_bytes=3))


def test_a_link_a_pipe_and_a_folder_in_the_folder_are_refused(folder: Path) -> None:
    (folder / "nms.ipynb").unlink()
    for make in (
        lambda path: path.symlink_to("/etc/passwd"),
        lambda path: os.mkfifo(path),
        lambda path: path.mkdir(),
    ):
        make(folder / "nms.ipynb")
        with pytest.raises(Refusal, match="ordinary file"):
            gathered(folder)
        (folder / "nms.ipynb").rmdir() if (folder / "nms.ipynb").is_dir() else (folder / "nms.ipynb").unlink()


def test_says_what_it_did_not_find(folder: Path) -> None:
    empty = folder / "empty"
    empty.mkdir()
    for paths, sentence in (
        ((folder / "none.ipynb",), 'There is no file "none.ipynb"'),
        ((empty,), 'no notebook in the folder "empty"'),
        ((folder / "nms.ipynb", empty), '"empty" is a folder; hand it in alone'),
    ):
        with pytest.raises(GradingError, match=sentence):
            gathered(*paths)


def test_refuses_an_archive_among_notebooks_and_one_name_twice(folder: Path) -> None:
    (folder / "all.zip").write_bytes(pack([("nms.ipynb", b"{}")]))
    with pytest.raises(Refusal, match=r"all.zip: This is an archive among other files"):
        gathered(folder / "boxes.ipynb", folder / "all.zip")
    (folder / "old").mkdir()
    (folder / "old" / "nms.ipynb").write_bytes(b"older")
    with pytest.raises(Refusal, match="Two of the files bear this name"):
        gathered(folder / "nms.ipynb", folder / "old" / "nms.ipynb")
