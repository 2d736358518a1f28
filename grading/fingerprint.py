"""Whether an assignment on disk is still the one that was read: an instructor may save a file while the course runs."""

from collections.abc import Hashable
from pathlib import Path

from grading.course import GIVEN, SETTINGS, Assignment


def fingerprint(assignment: Assignment, course: Path) -> Hashable:
    """What changes when somebody saves a notebook, a file beside it, a setting or a referee."""
    places = [assignment.folder, course / GIVEN, course / SETTINGS]
    if assignment.referee_folder:
        places += module_files(assignment.referee_folder, assignment.settings.referee)
    files = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*")))]
    kept = [path for path in files if path.is_file() and "__pycache__" not in path.parts]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in kept)


def module_files(folder: Path, name: str) -> tuple[Path, ...]:
    """Where a module's outermost package or file lies."""
    first = name.split(".")[0]
    return tuple(path for path in (folder / first, folder / f"{first}.py") if path.exists())
