"""Run notebooks in a Python that knows nothing of the project, as a student's own Jupyter would.

A script of its own, which imports nothing of ours: `python -IB plain.py HIDDEN NOTEBOOK ...`. HIDDEN names folders, as
PATH does, whose modules cannot be imported. Every notebook finds what lies in its own folder and runs from top to
bottom, each cell even if one before it failed. It writes a line of JSON: for every notebook the failures, as [cell,
name of the error, what it says].
"""

import json
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any


class Hidden:
    """A finder of modules that refuses those of some folders."""

    def __init__(self, folders: list[str]) -> None:
        self.folders = [os.path.realpath(folder) + os.sep for folder in folders]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """None lets the others look."""
        found = PathFinder.find_spec(name, self.folders if path is None else path)
        origin = os.path.realpath(getattr(found, "origin", None) or os.sep)
        for folder in self.folders:
            if origin.startswith(folder) and f"{os.sep}." not in origin[len(folder) - 1 :]:  # .venv is not hidden
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


def run(notebook: Path) -> list[list[str]]:
    """What fails in a notebook."""
    names: dict[str, Any] = {"__name__": "__main__"}
    failures = list[list[str]]()
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            known = cell.get("id") or str(number)
            try:
                exec(compile("".join(cell["source"]), f"{notebook.name}, {known}", "exec"), names)  # noqa: S102 - ours
            except Exception as error:
                failures.append([known, type(error).__name__, str(error)[:300]])
    return failures


if __name__ == "__main__":
    sys.meta_path.insert(0, Hidden(sys.argv[1].split(os.pathsep)))
    said = sys.stdout
    sys.stdout = sys.stderr  # what a notebook prints is not what we say
    found = {}
    for each in map(Path, sys.argv[2:]):
        os.chdir(each.parent)
        sys.path.insert(0, str(each.parent))
        found[str(each)] = run(each)
        sys.path.remove(str(each.parent))
    json.dump(found, said)
