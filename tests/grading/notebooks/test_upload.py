import contextlib
import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.errors import Refusal
from grading.limits import DEFAULT, Limits
from grading.notebooks.upload import clean_name, open_upload, open_uploads

NOTEBOOK = b'{"cells": []}'


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


def test_passes_a_notebook_through() -> None:
    assert open_upload("det.ipynb", NOTEBOOK, DEFAULT) == (NOTEBOOK, "det.ipynb")


def test_reads_the_one_notebook_of_an_archive_beside_other_files() -> None:
    data = packed(
        ("ps1/", b""),
        ("ps1/det (1).ipynb", NOTEBOOK),
        ("ps1/readme.txt", b"hello"),
        ("ps1/.ipynb_checkpoints/det-checkpoint.ipynb", b"old"),
        ("__MACOSX/ps1/._det.ipynb", b"mac"),
        ("ps1/inner.zip", packed(("det.ipynb", b"nested"))),
    )
    assert open_upload("hand-in.zip", data, DEFAULT) == (NOTEBOOK, "det.ipynb")


def test_knows_an_archive_by_its_bytes_not_by_its_name() -> None:
    assert open_upload("det.ipynb", packed(("det.ipynb", NOTEBOOK)), DEFAULT) == (NOTEBOOK, "det.ipynb")


BOMB = packed(("det.ipynb", b"0" * 19_000_000))
LYING = bytearray(BOMB)
SIZE_AT = LYING.rindex(b"PK\x01\x02") + 24  # the size the archive claims for its member
LYING[SIZE_AT : SIZE_AT + 4] = struct.pack("<I", 100)

REFUSED = {
    "no notebook": (packed(("a.txt", b"")), "holds no notebook, and it must hold exactly one"),
    "two notebooks": (packed(("a.ipynb", b""), ("b.ipynb", b"")), "holds 2 notebooks"),
    "only an archive inside": (packed(("a.zip", packed(("det.ipynb", NOTEBOOK)))), "holds no notebook"),
    "a way out": (packed(("../det.ipynb", NOTEBOOK)), "a path that leads out"),
    "a way out with backslashes": (packed(("a\\..\\..\\det.ipynb", NOTEBOOK)), "a path that leads out"),
    "an absolute path": (packed(("/etc/det.ipynb", NOTEBOOK)), "a path that leads out"),
    "a drive": (packed(("C:det.ipynb", NOTEBOOK)), "a path that leads out"),
    "a link": (packed((special("det.ipynb", stat.S_IFLNK), b"/etc/passwd")), "a link or a device"),
    "a device": (packed((special("det.ipynb", stat.S_IFCHR), b"")), "a link or a device"),
    "a bomb": (BOMB, "unpacks to far more"),
    "a bomb that lies about its size": (bytes(LYING), "hand-in.zip: The archive"),
    "a huge member": (packed(("det.ipynb", b"0" * 30_000_000)), "at most 20 MB"),
    "many members": (packed(*((f"{i}.txt", b"") for i in range(201))), "more than 200 files"),
    "very many members": (packed(*((f"{i}.txt", b"") for i in range(1000))), "more than 200 files"),
    "an unusual packing": (packed(("det.ipynb", NOTEBOOK), compression=zipfile.ZIP_LZMA), "an unusual way"),
    "a torn archive": (packed(("det.ipynb", NOTEBOOK))[:60], "damaged or locked"),
    "an empty archive": (packed(), "holds no notebook"),
}


@pytest.mark.parametrize(("data", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses_an_archive_with(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        open_upload("hand-in.zip", data, DEFAULT)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("hand-in.zip: ")


SEVERAL = ("det", "rpn")


def test_reads_all_notebooks_of_an_archive_where_the_assignment_has_several() -> None:
    data = packed(("ps1/det.ipynb", b"one"), ("ps1/rpn (1).ipynb", b"two"), ("__MACOSX/ps1/._det.ipynb", b"mac"))
    assert open_uploads("a.zip", data, DEFAULT, notebooks=SEVERAL) == (("det.ipynb", b"one"), ("rpn.ipynb", b"two"))
    assert open_uploads("det.ipynb", NOTEBOOK, DEFAULT, notebooks=SEVERAL) == (("det.ipynb", NOTEBOOK),)


def test_reads_of_more_than_there_are_only_those_that_bear_their_names() -> None:
    data = packed(("x.ipynb", b"0" * 19_000_000), ("rpn.ipynb", b"two"), ("det.ipynb", b"one"))
    assert dict(open_uploads("a.zip", data, DEFAULT, notebooks=SEVERAL)) == {"det.ipynb": b"one", "rpn.ipynb": b"two"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [REFUSED[name] for name in REFUSED if name not in ("two notebooks", "no notebook", "an empty archive")]
    + [
        (packed(("a.txt", b"")), "holds no notebook"),
        (packed(("det.ipynb", b"1"), ("old/DET (1).ipynb", b"2")), 'more than one notebook called "det.ipynb"'),
        (packed(("d\u202eet.ipynb", b"1"), ("det.ipynb", b"2")), 'more than one notebook called "det.ipynb"'),
        (packed(("det.ipynb", b"1"), ("a.ipynb", b"2"), ("b.ipynb", b"3")), "not all of those can be told"),
        (packed(("det.ipynb", b"1"), ("../rpn.ipynb", b"2")), "a path that leads out"),
        (packed(("det.ipynb", b"1"), (special("rpn.ipynb", stat.S_IFLNK), b"/etc/passwd")), "a link or a device"),
        (packed(("det.ipynb", b"1"), ("rpn.ipynb", b"0" * 19_000_000)), "unpacks to far more"),
    ],
    ids=lambda value: "archive" if isinstance(value, bytes) else None,  # an archive holds the time of its making
)
def test_refuses_for_several_notebooks_an_archive_with(data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal) as caught:
        open_uploads("hand-in.zip", data, DEFAULT, notebooks=SEVERAL)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("hand-in.zip: ")


def test_refuses_an_archive_locked_with_a_password() -> None:
    data = bytearray(packed(("det.ipynb", NOTEBOOK)))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Refusal, match="locked"):
        open_upload("hand-in.zip", bytes(data), DEFAULT)


def test_refuses_by_size() -> None:
    with pytest.raises(Refusal, match="at most 1 MB can be handed in"):
        open_upload("det.ipynb", b" " * (2**20 + 1), Limits(upload_bytes=2**20))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
def test_reads_or_refuses_a_mangled_archive(place: int, patch: bytes) -> None:
    data = bytearray(packed(("det.ipynb", NOTEBOOK * 9), ("b.txt", b"b")))
    data[place : place + len(patch)] = patch
    with contextlib.suppress(Refusal):
        assert open_upload("hand-in.zip", bytes(data), DEFAULT)[1].endswith(".ipynb")


NAMES = {
    "det (1).ipynb": "det.ipynb",
    "det(12).ipynb": "det.ipynb",
    "det-Copy1.ipynb": "det.ipynb",
    "det.ipynb.txt": "det.ipynb",
    "det.ipynb.json": "det.ipynb",
    "../../../etc/cron.d/det.ipynb": "det.ipynb",
    "..\\..\\det.ipynb": "det.ipynb",
    "\uff0e\uff0e\uff0fdet.ipynb": "det.ipynb",  # full-width dots and slash, which NFKC turns into "../"
    "det\u202egpj.ipynb": "detgpj.ipynb",  # writes the rest from right to left
    "d\0e\nt.ipynb": "det.ipynb",
    "\ud800.ipynb": "?.ipynb",
    "": "notebook.ipynb",
    "..": "notebook.ipynb",
    ".ipynb": "notebook.ipynb",
    "photocopy.ipynb": "photocopy.ipynb",
    "ps1 (final).ipynb": "ps1 (final).ipynb",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_cleans_a_name(name: str) -> None:
    assert clean_name(name) == NAMES[name]


@given(st.text())
def test_makes_of_any_name_one_that_is_safe_to_show(name: str) -> None:
    clean = clean_name(name)
    assert clean.endswith(".ipynb")
    assert clean not in (".ipynb", "..ipynb")
    assert clean.isprintable()
    assert not set("/\\\0") & set(clean)
    assert len(clean) <= 106
    clean.encode()
