"""Starting the app as a visitor meets it: a process of its own, and if a test changes the house, a copy of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.serve import ROOT, Server, fovea


@contextmanager
def serve(root: Path = ROOT, *, warm: bool = True) -> Iterator[Server]:
    """The app of `root`: ready when this returns, or, with warm=False, merely answering."""
    with fovea(root=root, wait=False) as server:
        server.wait("/api/ready" if warm else "/api/health")
        yield server


def instructor_link(server: Server) -> str:
    """The one-time link it printed."""
    return next(word for word in server.said().split() if "/sign-in/" in word)


def copy_of_the_house(folder: Path) -> Path:
    """What the app needs, in a folder where a test may change it."""
    root = folder / "house"
    root.mkdir()
    for name in ("app.py", "fovea.py"):
        shutil.copy(ROOT / name, root)
    for name in ("pages", "core", "syllabus", "classroom", "grading", ".streamlit"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "secrets.toml"))
    return root
