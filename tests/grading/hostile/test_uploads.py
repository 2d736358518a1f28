"""Hostile uploads: files that are no notebooks, archives that are traps, names that are paths.

Nothing here runs a line of a student's. Each is refused in one sentence, or read as what it honestly is, within limits
on time and memory; the hand-in beside it is not disturbed.
"""

import io
import json
import os
import time
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grading.errors import Refusal
from grading.limits import DEFAULT, MIB
from grading.notebooks.folder import find
from grading.notebooks.master import open_master
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.upload import open_upload
from tests.grading.hostile.attack import POINTS, RIGHT
from tests.grading.hostile.course import NAME, hand_in, source

MASTER = open_master(source(), name=NAME)
RELEASED = MASTER.release()
HONEST = hand_in(RELEASED, RIGHT)
MOST_SECONDS = 20.0  # on a busy machine; what is refused is refused in a fraction of one


def opened(name: str, data: bytes) -> Plan:
    """All that happens to an upload before anything runs."""
    data, file = open_upload(name, data, DEFAULT)
    return rebuild(MASTER, read(data, file=file, limits=DEFAULT), file=file)


def packed(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def special(mode: int, target: bytes) -> bytes:
    entry = zipfile.ZipInfo("notebook.ipynb")
    entry.external_attr = mode << 16
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, target)
    return stream.getvalue()


def overlapping() -> bytes:
    """Many entries that share one large body, as the best zip bombs do."""
    data = bytearray(packed(("a.ipynb", b"0" * (30 << 20))))
    place = data.rindex(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    directory = bytes(data[place:end]) * 150
    data[place:end] = directory
    tail = data.rindex(b"PK\x05\x06")
    data[tail + 8 : tail + 12] = (150).to_bytes(2, "little") * 2
    data[tail + 12 : tail + 16] = len(directory).to_bytes(4, "little")
    return bytes(data)


def lying_size() -> bytes:
    """An archive whose notebook is said to be small and is not."""
    data = bytearray(packed((f"{NAME}.ipynb", HONEST + b" " * (64 << 20))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark)
        data[place + offset : place + offset + 4] = len(HONEST).to_bytes(4, "little")
    return bytes(data)


def nested() -> bytes:
    inner = packed((f"{NAME}.ipynb", HONEST))
    for _ in range(5):
        inner = packed(("again.zip", inner))
    return inner


def encrypted() -> bytes:
    data = bytearray(packed((f"{NAME}.ipynb", HONEST)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def version(number: int, minor: int = 0) -> bytes:
    notebook = json.loads(HONEST)
    notebook |= {"nbformat": number, "nbformat_minor": minor}
    return json.dumps(notebook).encode()


def as_version_2() -> bytes:
    cells = [
        {"cell_type": "markdown", "source": cell["source"]}
        if cell["cell_type"] == "markdown"
        else {"cell_type": "code", "input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
        for cell in json.loads(HONEST)["cells"]
    ]
    return json.dumps({"nbformat": 2, "metadata": {"name": "x"}, "worksheets": [{"cells": cells}]}).encode()


def from_the_future() -> bytes:
    cells = [{"kind": "code", "text": cell["source"]} for cell in json.loads(HONEST)["cells"]]
    return json.dumps({"nbformat": 5, "cells": cells}).encode()


def with_bytes(place: str, inserted: bytes) -> bytes:
    return HONEST.replace(place.encode(), place.encode() + inserted)


def _peak(*, forget: bool = False) -> int:
    """The most bytes this process held; with `forget`, counted from now on."""
    if forget:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@dataclass(frozen=True)
class Upload:
    """A file, and the words it is refused with; no words where it is read for what it is."""

    id: str
    data: Callable[[], bytes]
    refused: str = ""

    def __str__(self) -> str:
        return self.id


UPLOADS = (
    Upload(
        "json-nested-100000-deep", lambda: b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"
    ),
    Upload(
        "json-nested-100000-deep-in-objects", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"
    ),
    Upload("json-of-a-million-brackets", lambda: b'{"cells": [' + b"[]," * 1_500_000 + b"[]]}", "too intricate"),
    Upload("a-number-of-a-million-digits", lambda: b'{"nbformat": ' + b"9" * 10**6 + b', "cells": []}', "no cells"),
    Upload("500-megabytes", lambda: bytes(500 * MIB), "can be handed in"),
    Upload("500-megabytes-of-notebook", lambda: HONEST[:-1] + b" " * (500 * MIB) + b"}", "can be handed in"),
    Upload("an-empty-file", lambda: b"", "is empty"),
    Upload("nothing-but-zeros", lambda: bytes(10_000), "is empty"),
    Upload("half-a-notebook", lambda: HONEST[: len(HONEST) // 2], "breaks off"),
    Upload("a-pdf", lambda: b"%PDF-1.7 " + HONEST, "PDF"),
    Upload("a-program", lambda: b"\x7fELF" + bytes(1000), "program"),
    Upload("a-page", lambda: b"<!doctype html><script>steal()</script>", "web page"),
    Upload("a-pickle", lambda: b"\x80\x05\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.", "not a notebook"),
    Upload("a-tarball", lambda: b"\x1f\x8b\x08" + bytes(100), "compressed archive"),
    Upload("a-list", lambda: b"[" + HONEST + b"]", "not a notebook"),
    Upload("invalid-utf-8-in-an-answer", lambda: with_bytes("return n * n", b" # \xff\xfe\x80"), "broken character"),
    Upload("invalid-utf-8-in-a-heading", lambda: with_bytes("# Three functions", b" \xff\xfe\x80")),
    Upload("overlong-utf-8", lambda: with_bytes("return n * n", b" # \xc0\xaf\xed\xa0\x80"), "broken character"),
    Upload("utf-16", lambda: HONEST.decode().encode("utf-16")),
    Upload("utf-8-with-a-mark", lambda: b"\xef\xbb\xbf" + HONEST),
    Upload("half-characters-as-escapes", lambda: with_bytes("return n * n", b" # \\ud800"), "broken character"),
    Upload("nbformat-2", as_version_2),
    Upload("nbformat-3-with-cells", lambda: version(3)),
    Upload("nbformat-4.99", lambda: version(4, 99)),
    Upload("nbformat-5", lambda: version(5)),
    Upload("nbformat-5-with-other-cells", from_the_future, "cannot be read yet"),
    Upload("nbformat-of-a-text", lambda: HONEST.replace(b'"nbformat": 4', b'"nbformat": "../../etc"')),
    Upload("keys-twice", lambda: HONEST[:-1] + b', "cells": []}', "no cells"),
    Upload("not-a-number", lambda: HONEST[:-1] + b', "x": NaN, "y": -Infinity}'),
    Upload("a-zip-bomb", lambda: packed((f"{NAME}.ipynb", b"0" * (300 << 20))), "can be handed in"),
    Upload("a-zip-bomb-of-the-right-size", lambda: packed((f"{NAME}.ipynb", b" " * (19 << 20))), "far more"),
    Upload("a-zip-bomb-that-overlaps", overlapping, "150 notebooks"),
    Upload("a-zip-that-lies-about-its-size", lying_size, "damaged"),
    Upload("a-zip-in-a-zip-in-a-zip", nested, "no notebook"),
    Upload("a-zip-of-thousands", lambda: packed(*((f"{n}.txt", b"") for n in range(5000))), "more than 200 files"),
    Upload("a-zip-with-two-notebooks", lambda: packed(("a.ipynb", HONEST), ("b.ipynb", HONEST)), "2 notebooks"),
    Upload("a-zip-that-climbs-out", lambda: packed((f"../../{NAME}.ipynb", HONEST)), "leads out"),
    Upload("a-zip-with-an-absolute-path", lambda: packed(("/etc/cron.d/x.ipynb", HONEST)), "leads out"),
    Upload("a-zip-with-a-drive", lambda: packed(("C:\\windows\\x.ipynb", HONEST)), "leads out"),
    Upload("a-zip-with-a-link", lambda: special(0o120777, b"/etc/passwd"), "a link or a device"),
    Upload("a-zip-with-a-device", lambda: special(0o020666, b""), "a link or a device"),
    Upload("a-zip-that-is-locked", encrypted, "locked"),
    Upload("a-zip-of-lzma", lambda: packed((f"{NAME}.ipynb", HONEST), compression=zipfile.ZIP_LZMA), "unusual way"),
    Upload("a-zip-cut-short", lambda: packed((f"{NAME}.ipynb", HONEST))[:-30], "damaged"),
    Upload("an-honest-zip", lambda: packed((f"{NAME}.ipynb", HONEST), ("readme.txt", b"x"))),
)


@pytest.mark.parametrize("upload", UPLOADS, ids=str)
def test_it_refuses_in_a_sentence_or_reads_for_what_it_is(upload: Upload) -> None:
    data = upload.data()
    began, before = time.process_time(), _peak(forget=True)
    if upload.refused:
        with pytest.raises(Refusal) as caught:
            opened("hostile (1).ipynb", data)
        said = str(caught.value)
        assert upload.refused in said
        assert caught.value.remedy
        assert said.startswith(("hostile.ipynb", "hostile.zip"))
        assert len(said) < 400
        assert "/" not in said
        assert "Traceback" not in said
    else:
        plan = opened("hostile (1).ipynb", data)
        assert [question.points for question in plan.questions] == list(POINTS.values())
        assert all(not plan.answer(name).unanswered for name in POINTS)
    assert time.process_time() - began < MOST_SECONDS
    assert _peak() - before < 300 * MIB, "reading a hostile file took too much memory"


NAMES = (
    "../../../etc/passwd",
    "/etc/shadow",
    "..\\..\\windows\\system32\\config",
    "C:\\Users\\alice\\hostile.ipynb",
    "hostile.ipynb\0.exe",
    "\u202ebnypi.elitsoh",
    "h\u043estile.ipynb",
    "hostile\u200b.ipynb",
    "\uff48ostile\uff0eipynb",
    "..",
    ".",
    "",
    "~root/.ssh/authorized_keys",
    "$(reboot).ipynb",
    "; rm -rf ~;.ipynb",
    "<img src=x onerror=steal()>.ipynb",
    "con.ipynb",
    "-rf.ipynb",
    "a" * 10_000 + ".ipynb",
    "\ud800\udfff.ipynb",
    "hostile.ipynb/../../x",
    "a\r\nSet-Cookie: x.ipynb",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_it_takes_a_name_as_a_word_never_as_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data, file = open_upload(name, HONEST, DEFAULT)
    assert data == HONEST
    assert file.endswith(".ipynb")
    assert 6 < len(file) <= 110
    assert not set(file) & set("/\\\0\r\n")
    assert not file.startswith(".")
    assert all(unicodedata.category(letter)[0] != "C" for letter in file)
    assert list(tmp_path.iterdir()) == []


def _folder(place: Path) -> Path:
    (place / "alice.ipynb").write_bytes(HONEST)
    return place


def _read(folder: Path) -> dict[str, str]:
    """What became of each student: "read", or the sentence of the refusal."""
    return {
        found.student: str(file.refusal) if file.refusal else "read"
        for found in find(folder, NAME)
        for file in found.read(DEFAULT).notebooks
    }


def test_it_follows_no_link_to_somebody_elses_notebook(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "mallory.ipynb").symlink_to(folder / "alice.ipynb")
    found = _read(folder)
    assert found["alice"] == "read"
    assert "ordinary file" in found["mallory"] or "cannot be read" in found["mallory"]


def test_it_follows_no_link_to_the_instructors_notebook(tmp_path: Path) -> None:
    secret = tmp_path / "source.ipynb"
    secret.write_bytes(source())
    submitted = tmp_path / "submitted"
    submitted.mkdir()
    _folder(submitted)
    (submitted / "mallory.ipynb").symlink_to("../source.ipynb")
    found = _read(submitted)
    assert found["alice"] == "read"
    assert found["mallory"] != "read"


def test_it_follows_no_link_of_a_folder(tmp_path: Path) -> None:
    for name in ("alice", "bob"):
        (tmp_path / "submitted" / name / NAME).mkdir(parents=True)
        (tmp_path / "submitted" / name / NAME / f"{NAME}.ipynb").write_bytes(HONEST)
    (tmp_path / "submitted" / "mallory").symlink_to("alice", target_is_directory=True)
    (tmp_path / "submitted" / "oscar").mkdir()
    (tmp_path / "submitted" / "oscar" / NAME).symlink_to("../alice/" + NAME, target_is_directory=True)
    (tmp_path / "submitted" / "bob" / NAME / "data").symlink_to("/etc", target_is_directory=True)
    (tmp_path / "submitted" / "bob" / NAME / "shadow.txt").symlink_to("/etc/shadow")
    found = _read(tmp_path)
    assert (found["alice"], found["bob"]) == ("read", "read")
    assert "read" not in (found["mallory"], found["oscar"])
    bob = next(one for one in find(tmp_path, NAME) if one.student == "bob").read(DEFAULT)
    assert dict(bob.materials) == {}


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.mkdir(), lambda path: path.symlink_to("/dev/zero")])
def test_it_waits_for_nothing_that_is_no_file(tmp_path: Path, make: Callable[[Path], object]) -> None:
    folder = _folder(tmp_path)
    make(folder / "mallory.ipynb")
    began = time.monotonic()
    found = _read(folder)
    assert time.monotonic() - began < 10
    assert found["alice"] == "read"
    assert found.get("mallory", "") != "read"


def test_it_refuses_half_a_gigabyte_by_its_size_without_reading_it(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    with (folder / "mallory.ipynb").open("wb") as file:
        file.truncate(500 * MIB)
    before = _peak(forget=True)
    found = _read(folder)
    assert found["alice"] == "read"
    assert "500 MB" in found["mallory"]
    assert _peak() - before < 100 * MIB


def test_it_grades_a_notebook_for_whom_it_was_handed_in_by_not_whom_it_names(tmp_path: Path) -> None:
    notebook = json.loads(HONEST)
    notebook["metadata"] |= {"student": "alice", "nbgrader": {"student_id": "alice"}}
    (tmp_path / "mallory.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert _read(tmp_path) == {"mallory": "read"}


def test_it_keeps_lookalike_names_apart_and_refuses_names_that_become_one(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "\u0430lice.ipynb").write_bytes(HONEST)  # a Cyrillic letter: another student
    (folder / "bob.ipynb").write_bytes(HONEST)
    (folder / "bo\u200bb.ipynb").write_bytes(HONEST)  # an invisible one: nobody could tell them apart
    found = [(one.student, file.refusal) for one in find(folder, NAME) for file in one.read(DEFAULT).notebooks]
    assert [refusal for student, refusal in found if student in ("alice", "\u0430lice")] == [None, None]
    assert all(refusal and "bear this name" in str(refusal) for student, refusal in found if student == "bob")
    assert len(found) == 4


def test_it_takes_no_more_files_beside_a_notebook_than_allowed(tmp_path: Path) -> None:
    place = tmp_path / "submitted" / "mallory" / NAME
    (place / "/".join(["deep"] * 60)).mkdir(parents=True)
    (place / f"{NAME}.ipynb").write_bytes(HONEST)
    (place / "/".join(["deep"] * 60) / "x.txt").write_text("x")
    for number in range(2000):
        (place / f"file-{number}.txt").write_text("x")
    (hand,) = find(tmp_path, NAME)
    read_ = hand.read(DEFAULT)
    assert len(read_.materials) <= 200
    assert any("Not all files" in note for note in read_.notes)
    assert not any(".." in name or name.startswith("/") for name in read_.materials)


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    assert len({upload.id for upload in UPLOADS}) == len(UPLOADS) >= 40
