"""What somebody hands in: a notebook, or a zip archive with exactly one. Names are read as text, never as a path."""

import io
import re
import stat
import unicodedata
import zipfile
import zlib

from grading.errors import Refusal
from grading.limits import MIB, Limits
from grading.notebooks.decode import check_size

MEMBERS = 200  # of an archive
RATIO = 100  # an archive that unpacks to more than this many times its size is a trap; a notebook packs to a tenth
_ENTRY = b"PK\x01\x02"  # begins the description of a member
_COPIES = re.compile(r"(?:[ _-]*\(\d{1,3}\)|[ _-]+copy ?\d{0,3})+$", re.IGNORECASE)
_ZIP_REMEDY = "Put only your notebook into a fresh zip archive, or hand in the .ipynb file itself."


def open_upload(name: str, data: bytes, limits: Limits) -> tuple[bytes, str]:
    """The bytes of the notebook and a clean name for it. What the bytes are decides, not what the name says.

    >>> from grading.limits import DEFAULT
    >>> open_upload("../work/det (1).ipynb", b"{}", DEFAULT)
    (b'{}', 'det.ipynb')
    """
    file = clean_name(name)
    check_size(len(data), file=file, limits=limits)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        shown = clean_name(name, suffix=".zip") if name.lower().endswith(".zip") else file
        data, file = _only_notebook(data, shown, limits)
    return data, file


def clean_name(name: str, *, suffix: str = ".ipynb") -> str:
    r"""A file name to show and to compare: its last part, one alphabet form, no control characters, no "(1)".

    >>> clean_name("C:\\Users\\ada\\det - Copy (2).ipynb"), clean_name("../../etc/passwd\0"), clean_name("..")
    ('det.ipynb', 'passwd.ipynb', 'notebook.ipynb')
    """
    last = re.split(r"[/\\]", plain_text(name))[-1]
    while last.lower().endswith((".ipynb", ".json", ".txt", ".zip")):
        last = last.rpartition(".")[0]
    last = _COPIES.sub("", last).strip(" .")
    return (last[:100] or "notebook") + suffix


def plain_text(name: str) -> str:
    """Text without what cannot be seen: control characters, marks that turn the writing direction, half characters."""
    text = unicodedata.normalize("NFKC", name[:1000].encode(errors="replace").decode())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")


def _only_notebook(data: bytes, file: str, limits: Limits) -> tuple[bytes, str]:
    if data.count(_ENTRY) > 2 * MEMBERS:  # before zipfile makes an object of each
        raise Refusal(f"The archive holds more than {MEMBERS} files.", remedy=_ZIP_REMEDY, file=file)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MEMBERS:
                raise Refusal(f"The archive holds more than {MEMBERS} files.", remedy=_ZIP_REMEDY, file=file)
            notebooks = [member for member in members if _is_notebook(member, file)]
            if len(notebooks) != 1:
                number = "no notebook" if not notebooks else f"{len(notebooks)} notebooks"
                raise Refusal(
                    f"The archive holds {number}, and it must hold exactly one.", remedy=_ZIP_REMEDY, file=file
                )
            return _inflate(archive, notebooks[0], file, limits), clean_name(notebooks[0].filename)
    except Refusal:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Refusal("The archive is damaged or locked.", remedy=_ZIP_REMEDY, file=file) from None
    except Exception:  # zipfile lets struct errors and more through for archives made to confuse it
        raise Refusal("The archive cannot be read.", remedy=_ZIP_REMEDY, file=file) from None


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
