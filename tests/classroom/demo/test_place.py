"""Where the demo course lies: made empty, removed as a whole, and nothing else is ever removed."""

import shutil
from pathlib import Path

import pytest

from classroom.demo.place import DEMO, Place, place
from classroom.errors import ClassroomError


def test_begins_empty_and_is_private(tmp_path: Path) -> None:
    where = Place(tmp_path / "demo")
    where.begin()
    where.database.touch()
    assert where.folder.stat().st_mode & 0o077 == 0
    assert not where.ready
    where.done()
    assert where.ready
    where.begin()
    assert not where.ready
    assert not where.database.exists()


def test_is_thrown_away_once(tmp_path: Path) -> None:
    where = Place(tmp_path / "demo")
    where.begin()
    assert where.forget()
    assert not where.folder.exists()
    assert not where.forget()


def test_what_was_half_removed_is_no_course_and_can_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = Place(tmp_path / "demo")
    where.begin()
    for name in ("aaa", "course", "zzz"):
        (where.folder / name).mkdir()
        (where.folder / name / "file").touch()
    where.done()
    removed, rmtree = list[Path](), shutil.rmtree

    def killed(path: Path) -> None:
        if len(removed) == 2:
            raise KeyboardInterrupt
        removed.append(path)
        rmtree(path)

    monkeypatch.setattr("shutil.rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        where.forget()
    monkeypatch.undo()
    assert not where.ready
    assert where.forget()
    assert not where.folder.exists()


def test_leaves_alone_what_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ClassroomError, match="not made by"):
        Place(tmp_path).forget()
    with pytest.raises(ClassroomError, match="not made by"):
        Place(tmp_path).begin()
    assert (tmp_path / "thesis.tex").exists()


def test_follows_no_link(tmp_path: Path) -> None:
    real = Place(tmp_path / "real")
    real.begin()
    (tmp_path / "link").symlink_to(real.folder)
    with pytest.raises(ClassroomError, match="not made by"):
        Place(tmp_path / "link").forget()
    assert real.folder.exists()


def test_lies_in_the_users_data_or_where_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DEMO, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert place().folder == tmp_path / "fovea/demo"
    monkeypatch.setenv(DEMO, str(tmp_path / "other"))
    assert place().course == tmp_path / "other/course"
