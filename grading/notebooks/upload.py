"""What somebody hands in: a notebook, or a zip archive with the assignment's. Names are read as text, never as a path.

An assignment of one notebook wants an archive with exactly one; of an archive for several, those that bear their names
are taken, or could be meant, and never more than the assignment has.
"""

import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence

from grading.errors import Refusal
from grading.limits import MIB, Limits
from grading.notebooks.decode import check_size
from grading.notebooks.names import clean_name, named, plain_text

__all__ = ["clean_name", "is_archive", "open_upload", "open_uploads", "plain_text"]

MEMBERS = 200  # of an archive
RATIO = 100  # an archive that unpacks to more than this many times its size is a trap; a notebook packs to a tenth
_ENTRY = b"PK\x01\x02"  # begins the description of a member
_ZIP_REMEDY = "Put only your notebook into a fresh zip archive, or hand in the .ipynb file itself."
_SEVERAL_REMEDY = (
    "Put only the notebooks of the assignment into a fresh zip archive, each under the name you were given."
)


def open_upload(name: str, data: bytes, limits: Limits) -> tuple[bytes, str]:
    """The bytes of the notebook and a clean name for it. What the bytes are decides, not what the name says.

    >>> from grading.limits import DEFAULT
    >>> open_upload("../work/det (1).ipynb", b"{}", DEFAULT)
    (b'{}', 'det.ipynb')
    """
    [(file, content)] = open_uploads(name, data, limits)
    return content, file


def open_uploads(
    name: str, data: bytes, limits: Limits, *, notebooks: Sequence[str] = ("",)
) -> tuple[tuple[str, bytes], ...]:
    """The same for an assignment of these notebooks: a clean name and the bytes of each that was handed in.

    >>> from grading.limits import DEFAULT
    >>> open_uploads("boxes (1).ipynb", b"{}", DEFAULT, notebooks=["boxes", "nms"])
    (('boxes.ipynb', b'{}'),)
    """
    file = clean_name(name)
    check_size(len(data), file=file, limits=limits)
    if not is_archive(data):
        return ((file, data),)
    shown = clean_name(name, suffix=".zip") if name.lower().endswith(".zip") else file
    return _notebooks(data, shown, limits, notebooks)


def is_archive(data: bytes) -> bool:
    """Whether it is a zip archive, whatever it is called."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def _notebooks(data: bytes, file: str, limits: Limits, wanted: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    if data.count(_ENTRY) > 2 * MEMBERS:  # before zipfile makes an object of each
        raise Refusal(f"The archive holds more than {MEMBERS} files.", remedy=_ZIP_REMEDY, file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise Refusal(f"The archive holds more than {MEMBERS} files.", remedy=_ZIP_REMEDY, file=file)
            found = [member for member in members if _is_notebook(member, file)]
            taken = _only_one(found, file) if len(wanted) == 1 else _wanted(found, file, wanted)
            return tuple((clean_name(member.filename), _inflate(archive, member, file, limits)) for member in taken)
    except Refusal:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Refusal("The archive is damaged or locked.", remedy=_ZIP_REMEDY, file=file) from None
    except Exception:  # zipfile lets struct errors and more through for archives made to confuse it
        raise Refusal("The archive cannot be read.", remedy=_ZIP_REMEDY, file=file) from None


def _only_one(found: list[zipfile.ZipInfo], file: str) -> list[zipfile.ZipInfo]:
    if len(found) != 1:
        number = "no notebook" if not found else f"{len(found)} notebooks"
        raise Refusal(f"The archive holds {number}, and it must hold exactly one.", remedy=_ZIP_REMEDY, file=file)
    return found


def _wanted(found: list[zipfile.ZipInfo], file: str, wanted: Sequence[str]) -> list[zipfile.ZipInfo]:
    """Those that bear the assignment's names; the others too, as long as each of them could be one that is missing."""
    names = [clean_name(member.filename) for member in found]
    doubled = sorted(name for name, number in Counter(name.casefold() for name in names).items() if number > 1)
    if not found:
        raise Refusal("The archive holds no notebook.", remedy=_SEVERAL_REMEDY, file=file)
    if doubled:
        raise Refusal(
            f'The archive holds more than one notebook called "{doubled[0]}".', remedy=_SEVERAL_REMEDY, file=file
        )
    if len(found) <= len(wanted):
        return found
    known = [found[index] for index in sorted(named(wanted, names).values())]
    if len(known) < len(wanted):
        raise Refusal(
            f"The archive holds {len(found)} notebooks, the assignment has {len(wanted)}, and not all of those can be "
            "told by their names.",
            remedy=_SEVERAL_REMEDY,
            file=file,
        )
    return known


def _is_notebook(member: zipfile.ZipInfo, file: str) -> bool:
    """Whether it is the student's notebook; what no honest archive holds is refused on sight."""
    parts = re.split(r"[/\\]", member.filename)
    mode = member.external_attr >> 16
    if member.filename.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", member.filename):
        raise Refusal("The archive holds a file with a path that leads out of it.", remedy=_ZIP_REMEDY, file=file)
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refusal("The archive holds a link or a device, not only files.", remedy=_ZIP_REMEDY, file=file)
    if member.is_dir() or not parts[-1].lower().endswith(".ipynb"):
        return False
    hidden = {"__MACOSX", ".ipynb_checkpoints"}
    return hidden.isdisjoint(parts) and not parts[-1].startswith(".")


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str, limits: Limits) -> bytes:
    """The member's bytes, counted as they come: what the archive says about its size is a claim."""
    if member.flag_bits & 1:
        raise Refusal("The archive is locked with a password.", remedy=_ZIP_REMEDY, file=file)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal("The archive is packed in an unusual way.", remedy=_ZIP_REMEDY, file=file)
    check_size(member.file_size, file=file, limits=limits)
    most = min(limits.upload_bytes, max(RATIO * member.compress_size, MIB))
    found = bytearray()
    with archive.open(member) as stream:
        while part := stream.read(min(MIB, most + 1 - len(found))):
            found += part
            if len(found) > most:
                raise Refusal("The archive unpacks to far more than a notebook.", remedy=_ZIP_REMEDY, file=file)
    return bytes(found)
