"""The file of a backup: a zip archive with a manifest, which names every member with its size and its SHA-256.

Whoever hands such a file in may have made it by hand: it is looked through before anything of it is used, and no more
is ever unpacked than the manifest says.
"""

import hashlib
import json
import lzma
import os
import unicodedata
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from classroom.keeping.rows import BadBackup

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 2**20
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest an archive can say; the manifest knows when it was made
MOST_MEMBERS = 1_000_000
MOST_MANIFEST = 256 * 2**20
MOST_PACKED = 200  # times; text of tables is packed to a twentieth, a bomb to a thousandth
LONGEST_LINE = 64 * 2**20
ALWAYS = 64 * 2**20  # bytes that may be unpacked however small the file is
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    made: str  # when, in UTC
    forms: Mapping[str, str]
    tables: Mapping[str, int]  # rows
    members: Mapping[str, tuple[str, int]]  # SHA-256 and size
    format: int = FORMAT


@dataclass
class Writer:
    """An archive that is being written."""

    file: zipfile.ZipFile
    members: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """A member, chunk by chunk."""
        digest, size = hashlib.sha256(), 0
        with self.file.open(_entry(name), "w", force_zip64=True) as out:
            for chunk in chunks:
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = digest.hexdigest(), size

    def add_bytes(self, data: bytes) -> str:
        """Bytes under their own SHA-256, once."""
        digest = hashlib.sha256(data).hexdigest()
        if f"bytes/{digest}" not in self.members:
            self.add(f"bytes/{digest}", [data])
        return digest


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """An archive at a path where there is none; what goes wrong leaves none. Only its owner may read it."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
            yield Writer(file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def seal(writer: Writer, manifest: Manifest) -> None:
    """Write the manifest, which comes last: an archive that was cut off has none."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    writer.file.writestr(_entry(MANIFEST), text)


class Reader:
    """An archive that was looked through: its members are those of the manifest, whole and with safe names."""

    def __init__(self, file: zipfile.ZipFile, packed: int) -> None:
        self.file = file
        names = [info.filename for info in file.infolist()]
        if len(names) > MOST_MEMBERS or len({_same(name) for name in names}) != len(names):
            raise BadBackup("Two files in this backup bear one name, or there are far too many: it is damaged.")
        self.manifest = self._manifest()
        if set(names) != {MANIFEST, *self.manifest.members}:
            raise BadBackup("The files in this backup are not those that its manifest names: it is damaged.")
        if bad := [name for name in self.manifest.members if not _safe(name)]:
            raise BadBackup(f"A file in this backup has a name that leads elsewhere: {bad[0][:100]!r}.")
        if sum(size for _, size in self.manifest.members.values()) > max(ALWAYS, MOST_PACKED * packed):
            raise BadBackup("This backup would unpack to far more than a course holds: it is not one of ours.")

    def _manifest(self) -> Manifest:
        try:
            with self.file.open(MANIFEST) as opened:
                data = opened.read(MOST_MANIFEST + 1)
            return _manifest(json.loads(data)) if len(data) <= MOST_MANIFEST else _manifest(None)
        except BadBackup:
            raise
        except (KeyError, TypeError, AttributeError, RecursionError, OverflowError, *BROKEN):
            raise BadBackup("This file is no backup of a course, or it was cut off: it has no manifest.") from None

    def chunks(self, name: str) -> Generator[bytes]:
        """A member's bytes; more or others than the manifest says are an error at the end at the latest."""
        if name not in self.manifest.members:
            raise BadBackup(f'This backup lacks "{name[:100]}".')
        wanted, size = self.manifest.members[name]
        digest, read = hashlib.sha256(), 0
        try:
            with self.file.open(name) as opened:
                while chunk := opened.read(CHUNK):
                    read += len(chunk)
                    digest.update(chunk)
                    if read > size:
                        break
                    yield chunk
        except BROKEN:
            read = -1
        if read != size or digest.hexdigest() != wanted:
            raise BadBackup(f'"{name[:100]}" in this backup is not what was saved: the file is damaged.')

    def whole(self, name: str) -> bytes:
        """All bytes of a member."""
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Generator[str]:
        """The lines of a member."""
        rest = b""
        with closing(self.chunks(name)) as chunks:
            for chunk in chunks:
                *whole, rest = (rest + chunk).split(b"\n")
                yield from (_text(line, name) for line in whole)
                if len(rest) > LONGEST_LINE:
                    raise BadBackup(f'A line of "{name[:100]}" in this backup is far too long.')
        if rest:
            raise BadBackup(f'"{name[:100]}" in this backup ends in the middle of a line.')

    def check(self) -> None:
        """Read everything once and compare it with the manifest."""
        for name in self.manifest.members:
            for _ in self.chunks(name):
                pass


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """A backup, looked through."""
    try:
        packed = path.stat().st_size
        file = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BadBackup(f'There is no file "{path.name}".') from None
    except BROKEN:
        raise BadBackup(
            f'"{path.name}" is no backup of a course: it is not a zip archive, or it was cut off.'
        ) from None
    with file:
        yield Reader(file, packed)


def _manifest(said: Any) -> Manifest:
    if said.get("format") != FORMAT:
        raise BadBackup("This backup was made by a newer Fovea, or is none. Update Fovea and try again.")
    members = {str(name): (str(digest), int(size)) for name, (digest, size) in said["members"].items()}
    if any(size < 0 for _, size in members.values()):
        raise ValueError
    words = {str(name): str(form) for name, form in said["forms"].items()}
    return Manifest(str(said["made"]), words, {str(name): int(rows) for name, rows in said["tables"].items()}, members)


def _safe(name: str) -> bool:
    """Whether a name stays where it is put, on any machine, and hides nothing.

    >>> [_safe(name) for name in ("course/source/ps/a.ipynb", "course/../x", "/etc/passwd", "course/a:b", "other/a")]
    [True, False, False, False, False]
    """
    parts = name.split("/")
    return (
        len(parts) > 1
        and parts[0] in ("tables", "bytes", "course")
        and all(part and not part.startswith(".") and len(part) <= 255 for part in parts)
        and not any(letter in '\\:*?"<>|' or unicodedata.category(letter) in ("Cc", "Cs") for letter in name)
        and str(PurePosixPath(name)) == name
    )


def _same(name: str) -> str:
    """Two names with the same answer are one file on some machine."""
    return unicodedata.normalize("NFC", name).casefold()


def _text(line: bytes, name: str) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise BadBackup(f'"{name[:100]}" in this backup is not text.') from None


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry
