"""What a student hands in from a disk: a notebook, an archive, several notebooks, a folder with them; as one file.

Several notebooks become an archive that is the same every time, so that handing the same ones in twice is noticed.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grading.errors import GradingError, Refusal
from grading.limits import Limits
from grading.notebooks.decode import check_size
from grading.notebooks.folder import notebooks_in, regular_bytes
from grading.notebooks.names import clean_name, named
from grading.notebooks.upload import is_archive

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest an archive can say


def gather(paths: Sequence[Path], limits: Limits, *, assignment: str, notebooks: Sequence[str]) -> tuple[str, bytes]:
    """The name and the bytes of what lies there, for an assignment of these notebooks."""
    if len(paths) == 1 and paths[0].is_dir():
        found = [(path.name, _inside(path, limits)) for path in _meant(paths[0], notebooks)]
    else:
        found = [(path.name, _named(path, limits)) for path in paths]
    if len(found) == 1:
        return found[0]
    for name, data in found:
        if is_archive(data):
            raise Refusal(
                "This is an archive among other files.",
                remedy="Hand in one archive alone, or the notebooks themselves.",
                file=clean_name(name, suffix=".zip"),
            )
    doubled = [name for name, number in Counter(name for name, _ in found).items() if number > 1]
    if doubled:
        raise Refusal(
            "Two of the files bear this name.", remedy="Hand in each notebook once.", file=clean_name(doubled[0])
        )
    return f"{assignment}.zip", pack(found)


def pack(files: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive of these files. Nothing is compressed: what nobody vouches for is never unpacked to more than it is.

    >>> pack([("nms.ipynb", b"{}"), ("boxes.ipynb", b"{}")]) == pack([("boxes.ipynb", b"{}"), ("nms.ipynb", b"{}")])
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return out.getvalue()


def _meant(folder: Path, notebooks: Sequence[str]) -> Sequence[Path]:
    """The folder's notebooks; where it holds more than the assignment has, those that bear its names."""
    found = notebooks_in(folder)
    if not found:
        raise GradingError(f'There is no notebook in the folder "{folder.name}".')
    known = [found[index] for index in sorted(named(notebooks, [path.name for path in found]).values())]
    return known if len(known) == len(notebooks) < len(found) else found


def _named(path: Path, limits: Limits) -> bytes:
    """The bytes of a file somebody named, perhaps by a link of their own."""
    if not path.is_file():
        kind = "is a folder; hand it in alone" if path.is_dir() else "is no file"
        raise GradingError(f'"{path.name}" {kind}.' if path.exists() else f'There is no file "{path.name}".')
    check_size(path.stat().st_size, file=path.name, limits=limits)
    return path.read_bytes()


def _inside(path: Path, limits: Limits) -> bytes:
    """The bytes of a file found in a folder; a link there may lead anywhere and is not followed."""
    try:
        return regular_bytes(path, limits, clean_name(path.name))
    except OSError:
        raise Refusal(
            "The file cannot be read.",
            remedy="Put the notebook itself there, as an ordinary file.",
            file=clean_name(path.name),
        ) from None
