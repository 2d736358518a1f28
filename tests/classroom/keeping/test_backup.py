"""A backup is the course: what comes back is the same, on either database; what is none is refused in a sentence."""

import errno
import io
import json
import math
import os
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text

import fovea
from classroom.errors import ClassroomError, NotAllowed
from classroom.keeping import archive, backup
from classroom.keeping.archive import reading
from classroom.keeping.rows import BadBackup
from classroom.members import give_pins
from classroom.port import Draft
from classroom.signin.local import COOKIE_KEY
from classroom.store.sql import SqlClassroom, open_classroom
from grading.ledger.records import Deed, Extension, Mark, Release
from grading.ledger.sql import SqlLedger, open_ledger
from grading.records import Outcome
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.grading.ledger.hand_ins import Desk, outcome, score

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
SECRET = "the-key-that-signs-cookies"


def lived_in(course: SmallCourse) -> None:
    """Something in every table, with words that are hard to write down."""
    desk = course.published(due=NOW).desk
    ledger, classroom = desk.ledger, desk.classroom
    for who, essay in ((ADA, "naïve \u2028 \"quoted\", 'twice'"), (BEN, "x" * 2000)):
        receipt = course.hand_in(who, essay=essay)
        claimed = ledger.claim("g1", now=course.now, seconds=60)
        assert claimed is not None
        found: Outcome = outcome(
            score("test-double", 0.1 + 0.2, 2.0, seen="∑\n\t"), executed=essay.encode() + b"\x00\xff"
        )
        ledger.record(claimed, found, now=course.now)
        ledger.mark(Mark(receipt.attempt.hand_in, "essay", None, "=1+1, \\ok", TINA.key, course.now))
    course.hand_in(BEN)  # waits
    ledger.extend(Extension("ps", "ada", "iva", course.now, until=NOW, why="ill"))
    ledger.release(Release("ps", "iva", course.now))
    ledger.note(Deed(course.now, "fovea", "rested"))
    ledger.erase("zoe", by="iva", why="never there", now=course.now)
    give_pins(desk, IVA, ["ada"])
    classroom.identify("https://id.example", "subject-1", "ben")
    classroom.save("ada", "ps", Draft("double", "def double(x):\n    ...", course.now))
    classroom.setting(COOKIE_KEY, otherwise=SECRET)
    classroom.setting("pseudonyms", otherwise="p" * 64)


@pytest.fixture
def course(tmp_path: Path, database: str) -> Iterator[SmallCourse]:
    with small(tmp_path, database) as opened:
        lived_in(opened)
        yield opened


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[SmallCourse]:
    """Where the kind of database makes no difference."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        lived_in(opened)
        yield opened


@pytest.fixture
def saved(course: SmallCourse, tmp_path: Path) -> Path:
    return save(course, tmp_path / "backup.zip")


def save(course: SmallCourse, path: Path) -> Path:
    backup.write(path, course.desk.ledger.engine, course.desk.shelf.folder, now=NOW)  # type: ignore[attr-defined]
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def again(folder: Path, where: str) -> Path:
    """The backup of what was brought back."""
    ledger = open_ledger(where)
    backup.write(folder.with_suffix(".zip"), ledger.engine, folder, now=NOW)
    ledger.close()
    return folder.with_suffix(".zip")


# -- the law: what comes back is what was saved


def test_what_comes_back_gives_the_same_backup(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "back"
    where = str(folder / "ledger.sqlite")
    backup.restore(saved, folder, where)
    assert members(again(folder, where)) == members(saved)
    assert (folder / "source/ps/ps.ipynb").is_file()
    with open_back(where) as (ledger, classroom):
        assert {one.name for one in classroom.people()} == {ADA.name, BEN.name, TINA.name, IVA.name}
        assert [one.outcome.scores[0].points for one in ledger.results()] == [0.1 + 0.2] * 2
        assert ledger.queue(now=NOW).waiting == 1


def test_a_course_moves_from_sqlite_to_postgres_and_back(tmp_path: Path, postgres: str) -> None:
    with small(tmp_path, str(tmp_path / "ledger.db")) as course:
        lived_in(course)
        first = save(course, tmp_path / "first.zip")
    engine = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE moved"))
    where = postgres.format(name="moved")
    try:
        backup.restore(first, tmp_path / "there", where)
        assert members(again(tmp_path / "there", where)) == members(first)
        with open_back(where) as (ledger, _):  # it counts on behind what came
            ledger.note(Deed(NOW, "iva", "looked"))
            ledger.mark(Mark(1, "essay", 1.0, "", "iva", NOW))
        (tmp_path / "there.zip").unlink()
        second = again(tmp_path / "there", where)
        backup.restore(second, tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
        assert members(again(tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))) == members(second)
    finally:
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE moved WITH (FORCE)"))
        engine.dispose()


@contextmanager
def open_back(where: str) -> Iterator[tuple[SqlLedger, SqlClassroom]]:
    """Ledger and classroom of what was brought back."""
    ledger, classroom = open_ledger(where), open_classroom(where)
    try:
        yield ledger, classroom
    finally:
        ledger.close()
        classroom.close()


def test_sees_one_moment_while_others_write(course: SmallCourse, tmp_path: Path) -> None:
    ledger, stop = course.desk.ledger, threading.Event()
    desk = Desk(ledger)

    def hand_in() -> None:
        while not stop.is_set():
            desk.hand_in(f"s{desk.made}")

    writer = threading.Thread(target=hand_in)
    writer.start()
    try:
        saved = [save(course, tmp_path / f"{number}.zip") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    counts = []
    for path in saved:
        parts = members(path)
        said = [json.loads(line)["what"] for line in parts["tables/audit.jsonl"].splitlines()]
        number = len(parts["tables/submissions.jsonl"].splitlines())
        assert number == len(parts["tables/attempts.jsonl"].splitlines()) == said.count("handed in")
        backup.restore(path, tmp_path / f"back-{path.stem}", str(tmp_path / f"back-{path.stem}/ledger.sqlite"))
        counts.append(number)
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


def test_facts_are_kept_by_the_new_database_as_well(on_sqlite: SmallCourse, tmp_path: Path) -> None:
    backup.restore(save(on_sqlite, tmp_path / "backup.zip"), tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
    engine = create_engine(f"sqlite:///{tmp_path / 'back/ledger.sqlite'}")
    with engine.connect() as connection, pytest.raises(Exception, match="keeps its marks"):
        connection.execute(text("DELETE FROM marks"))
    engine.dispose()


def test_every_table_that_there_is_comes_along(course: SmallCourse, saved: Path) -> None:
    found = set(inspect(course.desk.ledger.engine).get_table_names())  # type: ignore[attr-defined]
    with reading(saved) as opened:
        assert set(opened.manifest.tables) == found - {"ledger_form", "classroom_form"}


def test_holds_pins_as_they_are_kept_and_no_key_of_cookies(on_sqlite: SmallCourse, tmp_path: Path) -> None:
    saved = save(on_sqlite, tmp_path / "backup.zip")
    inside = members(saved)
    assert json.loads(inside["tables/pins.jsonl"].splitlines()[0])["hashed"]
    assert all(SECRET.encode() not in data for data in inside.values())
    assert (saved.stat().st_mode & 0o777) == 0o600


def test_leaves_out_what_is_made_again_and_links(on_sqlite: SmallCourse, tmp_path: Path) -> None:
    folder = on_sqlite.desk.shelf.folder
    for name in ("gradebook.db", "autograded/ada/ps/ps.ipynb", ".git/config", "source/ps/data.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    names = {name.removeprefix("course/") for name in members(save(on_sqlite, tmp_path / "b.zip")) if "course/" in name}
    assert names == {"fovea.toml", "source/ps/ps.ipynb", "source/ps/data.csv"}


def test_an_older_form_is_brought_up_to_date(on_sqlite: SmallCourse, tmp_path: Path) -> None:
    parts = members(save(on_sqlite, tmp_path / "backup.zip"))
    manifest = json.loads(parts["manifest.json"])
    manifest["forms"]["ledger_form"] = "0002"  # before people could be erased
    del manifest["tables"]["erasures"], parts["tables/erasures.jsonl"], manifest["members"]["tables/erasures.jsonl"]
    older = repacked(tmp_path / "older.zip", parts, manifest)
    where = str(tmp_path / "back/ledger.sqlite")
    backup.restore(older, tmp_path / "back", where)
    with open_back(where) as (ledger, _):
        assert ledger.erased() == frozenset()
        assert len(ledger.results()) == 2


@pytest.mark.parametrize("name", ["ledger.data", "people.sqlite3", "x.db"])
def test_takes_no_database_for_a_file_of_the_course(name: str, tmp_path: Path) -> None:
    """Else the key that signs cookies and what was deleted would come along in its pages."""
    with small(tmp_path, str(tmp_path / "course" / name)) as course:
        lived_in(course)
        parts = members(save(course, tmp_path / "backup.zip"))
    assert [part for part in parts if part.startswith("course/")] == ["course/fovea.toml", "course/source/ps/ps.ipynb"]
    assert all(SECRET.encode() not in data for data in parts.values())


def test_leaves_out_tables_that_are_not_ours(course: SmallCourse, tmp_path: Path) -> None:
    with course.desk.ledger.engine.connect() as connection, connection.begin():  # type: ignore[attr-defined]
        connection.execute(text("CREATE TABLE somebody_elses (id INTEGER PRIMARY KEY)"))
    saved = save(course, tmp_path / "backup.zip")
    backup.restore(saved, tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
    assert not any("somebody_elses" in name for name in members(saved))


# -- who may, and where to


def test_never_packs_a_backup_into_the_next(on_sqlite: SmallCourse) -> None:
    folder = on_sqlite.desk.shelf.folder
    with pytest.raises(ClassroomError, match="outside of the course's folder"):
        save(on_sqlite, folder / "source" / "2026.zip")
    assert not (folder / "source" / "2026.zip").exists()


@pytest.mark.parametrize("where", ["{back}/ledger.sqlite", "sqlite:///{back}/deep/people.db", "back/ledger.sqlite"])
def test_the_new_database_may_lie_in_the_new_folder(
    on_sqlite: SmallCourse, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    saved, where = save(on_sqlite, tmp_path / "backup.zip"), where.format(back=tmp_path / "back")
    backup.restore(saved, Path("back"), where)
    with open_back(where) as (ledger, _):
        assert len(ledger.results()) == 2
    assert (tmp_path / "back/fovea.toml").is_file()
    (database,) = (one for one in (tmp_path / "back").rglob("*") if one.suffix in (".sqlite", ".db"))
    assert database.stat().st_mode & 0o777 == 0o600


def test_only_instructors_take_it_away(on_sqlite: SmallCourse) -> None:
    for who in (None, ADA, TINA):
        with pytest.raises(NotAllowed):
            backup.backup(on_sqlite.desk, who)


def test_an_instructor_takes_it_away_and_that_is_told(on_sqlite: SmallCourse, tmp_path: Path) -> None:
    (tmp_path / "taken.zip").write_bytes(backup.backup(on_sqlite.desk, IVA))
    backup.restore(tmp_path / "taken.zip", tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
    assert on_sqlite.desk.ledger.audit()[-1].what == "took a backup"


def test_says_that_the_disk_is_full(on_sqlite: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(archive, "seal", full)
    with pytest.raises(ClassroomError, match=r"could not be written: No space left on device\."):
        backup.backup(on_sqlite.desk, IVA)


def test_overwrites_nothing(course: SmallCourse, saved: Path, tmp_path: Path) -> None:
    with pytest.raises(ClassroomError, match="no backup is lost"):
        save(course, saved)
    with pytest.raises(ClassroomError, match="is not empty"):
        backup.restore(saved, course.desk.shelf.folder, "unused")
    where = str(course.desk.ledger.engine.url.render_as_string(hide_password=False))  # type: ignore[attr-defined]
    before = len(course.desk.ledger.audit())
    with pytest.raises(ClassroomError, match="database is not empty"):
        backup.restore(saved, tmp_path / "back", where)
    assert len(course.desk.ledger.audit()) == before
    assert not (tmp_path / "back").exists()


# -- what is no backup


def repacked(
    path: Path,
    parts: dict[str, bytes],
    manifest: Any,
    *,
    more: tuple[tuple[str, bytes], ...] = (),
    how: int = zipfile.ZIP_DEFLATED,
) -> Path:
    """An archive with these members under this manifest, whatever it says."""
    with zipfile.ZipFile(path, "w", how) as file:
        for name, data in [*parts.items(), *more]:
            if name != "manifest.json":
                file.writestr(name, data)
        file.writestr("manifest.json", json.dumps(manifest))
    return path


def changed(parts: dict[str, bytes], manifest: Any, name: str, data: bytes) -> None:
    """Put other bytes into a member, with a manifest that agrees."""
    parts[name] = data
    manifest["members"][name] = [sha256(data).hexdigest(), len(data)]


def first_row(parts: dict[str, bytes], table: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(parts[f"tables/{table}.jsonl"].splitlines()[0])
    return found


def edited(table: str, **values: Any) -> Callable[[dict[str, bytes], Any], None]:
    def edit(parts: dict[str, bytes], manifest: Any) -> None:
        name = f"tables/{table}.jsonl"
        rows = parts[name].splitlines(keepends=True)
        rows[0] = json.dumps({**first_row(parts, table), **values}).encode() + b"\n"
        changed(parts, manifest, name, b"".join(rows))

    return edit


def beyond(parts: dict[str, bytes], manifest: Any) -> None:
    """JSON may say 1e999, which no database holds."""
    edited("marks", points=12345.25)(parts, manifest)
    changed(parts, manifest, "tables/marks.jsonl", parts["tables/marks.jsonl"].replace(b"12345.25", b"1e999"))


def extra(name: str, data: bytes = b"x") -> Callable[[dict[str, bytes], Any], None]:
    return lambda parts, manifest: changed(parts, manifest, name, data)


def both(*edits: Callable[[dict[str, bytes], Any], None]) -> Callable[[dict[str, bytes], Any], None]:
    def edit(parts: dict[str, bytes], manifest: Any) -> None:
        for each in edits:
            each(parts, manifest)

    return edit


def form(name: str, step: str) -> Callable[[dict[str, bytes], Any], None]:
    return lambda _, manifest: manifest["forms"].__setitem__(name, step)


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes], Any], None], str]] = {
    "a file that climbs out": (extra("course/../../evil"), "leads elsewhere"),
    "an absolute name": (extra("/course/evil"), "leads elsewhere"),
    "a name for Windows": (extra("course/c:\\evil"), "leads elsewhere"),
    "a name with NUL's friends": (extra("course/a\x1bb"), "leads elsewhere"),
    "a hidden file": (extra("course/.streamlit/secrets.toml"), "leads elsewhere"),
    "a database of its own": (extra("course/ledger.sqlite"), "is a database"),
    "a folder of its own": (extra("elsewhere/a"), "leads elsewhere"),
    "a file that is a folder": (
        both(extra("course/a"), extra("course/a/b")),
        "file and a folder",
    ),
    "two names that are one on some machines": (extra("course/FOVEA.toml"), "bear one name"),
    "a size without end": (lambda _, m: m["members"].__setitem__("course/fovea.toml", ["0", math.inf]), "no manifest"),
    "a bomb": (extra("course/zeros", b"\0" * (70 * 2**20)), "unpack to far more"),
    "bytes that were changed": (lambda parts, _: parts.__setitem__("course/fovea.toml", b"evil"), "not what was saved"),
    "a file that is missing": (lambda parts, _: parts.__delitem__("course/fovea.toml"), "not those that its manifest"),
    "a file too many": (lambda parts, _: parts.__setitem__("course/evil.py", b"evil"), "not those that its manifest"),
    "a format of tomorrow": (lambda _, manifest: manifest.__setitem__("format", 2), "newer Fovea"),
    "a form of tomorrow": (form("ledger_form", "9999"), "newer Fovea"),
    "a form that is a command": (form("ledger_form", "head"), "newer Fovea"),
    "no form": (lambda _, manifest: manifest["forms"].clear(), "which form"),
    "a negative size": (lambda _, m: m["members"].__setitem__("course/fovea.toml", ["0", -1]), "no manifest"),
    "rows too few": (lambda _, manifest: manifest["tables"].__setitem__("marks", 7), "should have more or fewer"),
    "a table that nobody knows": (lambda _, m: m["tables"].__setitem__("evil", 0), "not those of its form"),
    "a table's file that nobody names": (extra("tables/evil.jsonl"), "not those of its form"),
    "a row that is none": (extra("tables/marks.jsonl", b"[]\n"), "Line 1 of the table marks"),
    "a line without an end": (extra("tables/marks.jsonl", b"{}"), "middle of a line"),
    "a line that is no text": (extra("tables/marks.jsonl", b"\xff\n"), "is not text"),
    "nesting without end": (extra("tables/marks.jsonl", b"[" * 100_000 + b"\n"), "Line 1 of the table marks"),
    "a column too many": (edited("marks", evil=1), "Line 1 of the table marks"),
    "a number where text stands": (edited("people", name=7), "Line 1 of the table people"),
    "text where a number stands": (edited("marks", points="9"), "Line 1 of the table marks"),
    "a number that is none": (edited("marks", points=float("nan")), "Line 1 of the table marks"),
    "a number beyond all numbers": (beyond, "Line 1 of the table marks"),
    "a number that is too large": (edited("submissions", number=2**70), "Line 1 of the table submissions"),
    "a day that is none": (edited("marks", at="yesterday"), "Line 1 of the table marks"),
    "half a letter": (edited("people", name="\ud800"), "Line 1 of the table people"),
    "nothing where something must stand": (edited("people", name=None), "do not fit together"),
    "a mark for no hand-in": (edited("marks", submission=4711), "do not fit together"),
    "a draft of nobody": (edited("drafts", person="nobody"), "do not fit together"),
    "a verdict that there is not": (edited("outcomes", verdict="brilliant"), "do not fit together"),
    "bytes that are not there": (edited("blobs", content={"bytes": "0" * 64}), "lacks"),
    "a hash of other bytes": (edited("blobs", sha256="0" * 64), "this backup was changed"),
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("honest")
    with small(folder, str(folder / "ledger.db")) as course:
        lived_in(course)
        return members(save(course, folder / "backup.zip"))


@pytest.mark.parametrize("name", HOSTILE)
def test_refuses_in_a_sentence_and_leaves_nothing(name: str, parts: dict[str, bytes], tmp_path: Path) -> None:
    edit, says = HOSTILE[name]
    own, manifest = dict(parts), json.loads(parts["manifest.json"])
    edit(own, manifest)
    path = repacked(tmp_path / "hostile.zip", own, manifest)
    with pytest.raises(BadBackup, match=says) as refusal:
        backup.restore(path, tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))
    assert str(refusal.value).endswith(".")
    assert [one.name for one in tmp_path.iterdir()] == ["hostile.zip"]


def test_refuses_two_members_of_one_name(parts: dict[str, bytes], tmp_path: Path) -> None:
    manifest = json.loads(parts["manifest.json"])
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = repacked(tmp_path / "twice.zip", parts, manifest, more=(("course/fovea.toml", b"evil"),))
    with pytest.raises(BadBackup, match="bear one name"):
        backup.restore(path, tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))


@given(data=st.data())
def test_a_file_that_was_damaged_anywhere_is_refused_or_whole(data: st.DataObject, parts: dict[str, bytes]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    whole = bytearray(out.getvalue())
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        del whole[place:]
    else:
        whole[place] ^= data.draw(st.integers(1, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.zip"
        path.write_bytes(bytes(whole))
        try:
            with reading(path) as opened:
                opened.check()
                read = {name: opened.whole(name) for name in opened.manifest.members}
        except BadBackup:
            return
    assert read == {name: content for name, content in parts.items() if name != "manifest.json"}


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip" * 1000])
def test_refuses_what_is_no_archive(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "some.zip").write_bytes(data)
    for name in ("some.zip", "none.zip"):
        with pytest.raises(BadBackup):
            backup.restore(tmp_path / name, tmp_path / "back", "unused")


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_file_that_is_packed_in_another_way_is_refused(
    parts: dict[str, bytes], tmp_path: Path, how: int
) -> None:
    path = repacked(tmp_path / "other.zip", parts, json.loads(parts["manifest.json"]), how=how)
    with zipfile.ZipFile(path) as file:
        begins = file.getinfo("course/source/ps/ps.ipynb").header_offset + 30 + len("course/source/ps/ps.ipynb")
    whole = bytearray(path.read_bytes())
    whole[begins + 9 : begins + 69] = b"\xff" * 60
    path.write_bytes(bytes(whole))
    with pytest.raises(BadBackup):
        backup.restore(path, tmp_path / "back", str(tmp_path / "back/ledger.sqlite"))


# -- the command line


def test_is_made_also_where_the_machine_has_no_name_for_the_user(
    on_sqlite: SmallCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")

    monkeypatch.setattr("getpass.getuser", unknown)
    monkeypatch.setenv("FOVEA_LEDGER", str(tmp_path / "ledger.db"))
    course = str(on_sqlite.desk.shelf.folder)
    assert fovea.main(["backup", str(tmp_path / "b.zip"), "--course", course]) == 0
    assert on_sqlite.desk.ledger.audit()[-1].what == "took a backup"


def test_saves_and_brings_back_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOVEA_LEDGER", raising=False)
    with small(tmp_path, str(tmp_path / "course/ledger.sqlite")) as course:
        lived_in(course)
    saved, back = str(tmp_path / "b.zip"), str(tmp_path / "back")
    assert fovea.main(["backup", saved, "--course", str(tmp_path / "course")]) == 0
    assert "4 members, 3 hand-ins, 2 verdicts, 2 marks" in capsys.readouterr().out
    assert fovea.main(["restore", saved, "--course", back]) == 0
    assert "Everybody signs in anew" in capsys.readouterr().out
    assert fovea.main(["restore", saved, "--course", back]) != 0
    assert "is not empty" in capsys.readouterr().err
