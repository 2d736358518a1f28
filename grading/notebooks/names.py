"""The names of files as people and browsers write them: cleaned for showing, and compared with an assignment's."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

_COPIES = re.compile(r"(?:[ _-]*\(\d{1,3}\)|[ _-]+copy ?\d{0,3})+$", re.IGNORECASE)


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


def named(masters: Sequence[str], files: Sequence[str]) -> dict[str, int]:
    """Which file (by index) bears the name of which notebook. One that two files bear is nobody's.

    >>> named(["boxes", "nms"], ["nms (1).ipynb", "Boxes.ipynb", "scratch.ipynb"])
    {'boxes': 1, 'nms': 0}
    """
    found = {name: hits[0] for name in masters if len(hits := _bearing(name, [Path(file).stem for file in files])) == 1}
    free = [index for index in range(len(files)) if index not in found.values()]
    stems = [clean_name(files[index], suffix="").casefold() for index in free]
    names = [clean_name(name, suffix="").casefold() for name in masters]
    for name, clean in zip(masters, names, strict=True):
        hits = _bearing(clean, stems)
        if name not in found and len(hits) == 1 and names.count(clean) == 1:
            found[name] = free[hits[0]]
    return found


def assign(masters: Sequence[str], files: Sequence[str]) -> dict[str, int]:
    """Which file (by index) is meant for which of the notebooks: by name, or the only one for the only one.

    >>> assign(["boxes", "nms"], ["nms (1).ipynb", "boxes.ipynb"]), assign(["boxes"], ["my solution.ipynb"])
    ({'boxes': 1, 'nms': 0}, {'boxes': 0})
    """
    found = named(masters, files)
    left = [index for index in range(len(files)) if index not in found.values()]
    open_names = [name for name in masters if name not in found]
    if len(left) == 1 and len(open_names) == 1:
        found[open_names[0]] = left[0]
    return found


def _bearing(name: str, files: Sequence[str]) -> list[int]:
    return [index for index, file in enumerate(files) if file == name]
