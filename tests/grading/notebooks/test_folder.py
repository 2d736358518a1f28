import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.errors import GradingError
from grading.limits import DEFAULT, Limits
from grading.notebooks.folder import FILES, Found, HandIn, assign, find
from grading.notebooks.names import named

NOTEBOOK = b'{"cells": []}'


def read_all(found: tuple[Found, ...], limits: Limits = DEFAULT) -> dict[str, HandIn]:
    return {one.student: one.read(limits) for one in found}


def tree(course: Path, *students: str) -> Path:
    for student in students:
        place = course / "submitted" / student / "ps1"
        place.mkdir(parents=True)
        (place / "det.ipynb").write_bytes(NOTEBOOK)
    return course / "submitted"


def test_lists_a_flat_folder_by_student(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("det.ipynb", NOTEBOOK)
    for name in ("zoe.ipynb", "ada lovelace.ipynb", "Łukasz (1).ipynb", ".hidden.ipynb", "notes.txt"):
        (tmp_path / name).write_bytes(NOTEBOOK)
    (tmp_path / "bob.zip").write_bytes(packed.getvalue())
    found = read_all(find(tmp_path, "ps1"))
    assert list(found) == ["ada lovelace", "bob", "zoe", "Łukasz (1)"]
    assert all(hand_in.notebooks[0].data == NOTEBOOK for hand_in in found.values())


@pytest.mark.parametrize("given", ["course", "submitted"])
def test_lists_nbgraders_tree(tmp_path: Path, given: str) -> None:
    submitted = tree(tmp_path, "zoe", "ada")
    (submitted / "late" / "ps2").mkdir(parents=True)  # another assignment
    (submitted / ".cache" / "ps1").mkdir(parents=True)
    found = read_all(find(tmp_path if given == "course" else submitted, "ps1"))
    assert list(found) == ["ada", "zoe"]
    assert found["ada"].notebooks[0].name == "det.ipynb"
    assert found["ada"].notebooks[0].data == NOTEBOOK


def test_lists_a_student_whose_folder_holds_no_notebook(tmp_path: Path) -> None:
    (tmp_path / "submitted" / "ada" / "ps1").mkdir(parents=True)
    (file,) = read_all(find(tmp_path, "ps1"))["ada"].notebooks
    assert "There is no notebook in this hand-in." in str(file.refusal)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-02-02 15:58:23.948203 America/Los_Angeles", datetime(2026, 2, 2, 23, 58, 23, 948203, tzinfo=UTC)),
        ("2026-02-02 15:58:23.948203 UTC", datetime(2026, 2, 2, 15, 58, 23, 948203, tzinfo=UTC)),
        ("2026-02-02 15:58:23 +0100", datetime(2026, 2, 2, 14, 58, 23, tzinfo=UTC)),
        ("2026-02-02 15:58:23\n", datetime(2026, 2, 2, 15, 58, 23, tzinfo=UTC)),
        ("2026-02-02T15:58:23+01:00", datetime(2026, 2, 2, 14, 58, 23, tzinfo=UTC)),
    ],
)
def test_reads_nbgraders_timestamp(tmp_path: Path, written: str, at: datetime) -> None:
    submitted = tree(tmp_path, "ada")
    (submitted / "ada" / "ps1" / "timestamp.txt").write_text(written)
    hand_in = read_all(find(tmp_path, "ps1"))["ada"]
    assert hand_in.at == at
    assert hand_in.materials == {}


@pytest.mark.parametrize(
    "written", [b"yesterday", b"\xff\xfe", b"", b"2026-02-02 15:58:23 ../../etc/passwd", b"9" * 999]
)
def test_notes_a_timestamp_that_cannot_be_read(tmp_path: Path, written: bytes) -> None:
    submitted = tree(tmp_path, "ada")
    (submitted / "ada" / "ps1" / "timestamp.txt").write_bytes(written)
    hand_in = read_all(find(tmp_path, "ps1"))["ada"]
    assert hand_in.at is None
    assert hand_in.notes == ("The time of the hand-in could not be read.",)


def test_takes_the_files_beside_a_notebook_within_limits(tmp_path: Path) -> None:
    place = tree(tmp_path, "ada") / "ada" / "ps1"
    (place / "data").mkdir()
    (place / "data" / "a.csv").write_bytes(b"1,2")
    (place / "helper.py").write_bytes(b"x = 1")
    (place / ".ipynb_checkpoints").mkdir()
    (place / ".ipynb_checkpoints" / "det.ipynb").write_bytes(b"old")
    found = find(tmp_path, "ps1")
    assert read_all(found)["ada"].materials == {"data/a.csv": b"1,2", "helper.py": b"x = 1"}
    small = read_all(found, Limits(materials_bytes=4))["ada"]
    assert small.materials == {"data/a.csv": b"1,2"}
    assert "Not all files beside the notebook were taken" in small.notes[0]


def test_takes_so_many_files_beside_a_notebook_and_no_more(tmp_path: Path) -> None:
    place = tree(tmp_path, "ada") / "ada" / "ps1"
    for number in range(FILES + 5):
        (place / f"{number}.txt").write_bytes(b"")
    assert len(read_all(find(tmp_path, "ps1"))["ada"].materials) == FILES


def test_never_follows_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(b"SECRET")
    outside = tmp_path / "outside"
    (outside / "ps1").mkdir(parents=True)
    (outside / "ps1" / "det.ipynb").write_bytes(b"SECRET")
    submitted = tree(tmp_path / "course", "ada", "bob")
    place = submitted / "ada" / "ps1"
    (place / "det.ipynb").unlink()
    (place / "det.ipynb").symlink_to(secret)
    (place / "data.txt").symlink_to(secret)
    (place / "folder").symlink_to(outside)
    (submitted / "bob" / "ps1" / "timestamp.txt").symlink_to(secret)
    (submitted / "eve").symlink_to(outside)
    (submitted / "mal").mkdir()
    (submitted / "mal" / "ps1").symlink_to(outside / "ps1")
    found = read_all(find(tmp_path / "course", "ps1"))
    assert set(found) == {"ada", "bob", "eve", "mal"}
    assert "SECRET" not in "".join(
        repr((h.notebooks, [f.data for f in h.notebooks], h.materials)) for h in found.values()
    )
    assert all(found[name].notebooks[0].refusal for name in ("ada", "eve", "mal"))
    assert found["ada"].materials == {}


def test_never_follows_a_link_in_a_flat_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"SECRET")
    folder = tmp_path / "flat"
    folder.mkdir()
    (folder / "eve.ipynb").symlink_to(tmp_path / "secret")
    (folder / "lost.ipynb").symlink_to(tmp_path / "nowhere")
    (folder / "zoe.ipynb").write_bytes(NOTEBOOK)
    found = read_all(find(folder, "ps1"))
    assert [name for name, hand_in in found.items() if hand_in.notebooks[0].refusal] == ["eve", "lost"]
    assert str(tmp_path) not in str(found["eve"].notebooks[0].refusal)


def test_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "eve.ipynb")
    (file,) = read_all(find(tmp_path, "ps1"))["eve"].notebooks
    assert "This is not an ordinary file." in str(file.refusal)


def test_refuses_a_folder_that_is_named_like_a_notebook(tmp_path: Path) -> None:
    (tmp_path / "eve.ipynb").mkdir()
    (file,) = read_all(find(tmp_path, "ps1"))["eve"].notebooks
    assert file.refusal


def test_refuses_half_a_gigabyte_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "big.ipynb").open("wb") as stream:
        stream.truncate(500 * 2**20)  # a hole: it takes no room on the disk
    (file,) = read_all(find(tmp_path, "ps1"))["big"].notebooks
    assert "The file has 500 MB, and at most 20 MB can be handed in." in str(file.refusal)


def test_lists_odd_names_as_plain_text(tmp_path: Path) -> None:
    for name in ("eve\u202e.ipynb", "a\nb.ipynb", "..x.ipynb", "\uff21da.ipynb"):
        (tmp_path / name).write_bytes(NOTEBOOK)
    (tmp_path / os.fsdecode(b"bad\xff.ipynb")).write_bytes(NOTEBOOK)
    students = [one.student for one in find(tmp_path, "ps1")]
    assert students == ["Ada", "ab", "bad?", "eve"]


def test_tells_apart_two_hand_ins_of_one_name(tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "\uff41da.ipynb").write_bytes(NOTEBOOK)
    found = find(tmp_path, "ps1")
    assert [one.student for one in found] == ["ada", "ada"]
    assert all("Two hand-ins bear this name." in str(one.read(DEFAULT).notebooks[0].refusal) for one in found)


def test_reads_no_file_before_it_is_asked_to(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}.ipynb").write_bytes(NOTEBOOK)
    found = find(tmp_path, "ps1")
    (tmp_path / "7.ipynb").unlink()
    assert len(found) == 50
    assert read_all(found)["7"].notebooks[0].refusal


def test_says_where_it_looked_when_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match='There are no hand-ins for "ps1"'):
        find(tmp_path, "ps1")
    with pytest.raises(GradingError, match='There is no folder "nowhere"'):
        find(tmp_path / "nowhere", "ps1")


def test_pairs_files_with_the_notebooks_of_an_assignment() -> None:
    assert assign(["det"], ["whatever.ipynb"]) == {"det": 0}
    assert assign(["det"], ["det-Copy1.ipynb", "det.ipynb"]) == {"det": 1}
    assert assign(["one", "two"], ["TWO.ipynb", "first.ipynb"]) == {"two": 0, "one": 1}
    assert assign(["one", "two"], ["a.ipynb", "b.ipynb"]) == {}
    assert assign(["det"], []) == {}
    assert assign(["det", "Det"], ["Det.ipynb", "det.ipynb"]) == {"det": 1, "Det": 0}
    assert named(["one", "two"], ["one.ipynb", "first.ipynb"]) == {"one": 0}
    assert named(["one"], ["one.ipynb", "one.ipynb"]) == {}


def test_looks_only_at_names_where_somebody_left_hundreds_of_notebooks(tmp_path: Path) -> None:
    place = tmp_path / "ada" / "ps1"
    place.mkdir(parents=True)
    for number in range(200):
        (place / f"try {number}.ipynb").write_bytes(b"{}")
    (place / "nms.ipynb").write_bytes(b"{}")
    (found,) = find(tmp_path, "ps1")
    hand_in = found.read(DEFAULT, ["boxes", "nms"])
    assert [file.name for file in hand_in.notebooks] == ["nms.ipynb"]
    assert not hand_in.materials
    (nothing,) = find(tmp_path, "ps1")[0].read(DEFAULT, ["det"]).notebooks
    assert nothing.refusal
