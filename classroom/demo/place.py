"""Where the demo course lies: a folder of its own in the user's data, which is removed as a whole."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from classroom.errors import ClassroomError
from grading.configuration import current

DEMO = "FOVEA_DEMO"  # the folder, in the environment, if it is to lie elsewhere
_OURS, _READY = "made-by-fovea-demo", "ready"


@dataclass(frozen=True)
class Place:
    """The folder of a demo course; only one that we made is ever removed."""

    folder: Path

    @property
    def course(self) -> Path:
        """The course's folder in it."""
        return self.folder / "course"

    @property
    def database(self) -> Path:
        """Ledger and people."""
        return self.folder / "ledger.sqlite"

    @property
    def ready(self) -> bool:
        """Whether a whole course is there."""
        return (self.folder / _READY).is_file()

    def begin(self) -> None:
        """An empty folder; what is left of an earlier demo course is removed."""
        self.forget()
        self.folder.mkdir(parents=True, mode=0o700)
        (self.folder / _OURS).touch()

    def done(self) -> None:
        """The course is whole."""
        (self.folder / _READY).touch()

    def forget(self) -> bool:
        """Throw it away; whether there was one."""
        if not self.folder.exists():
            return False
        if self.folder.is_symlink() or (any(self.folder.iterdir()) and not (self.folder / _OURS).is_file()):
            raise ClassroomError(f'"{self.folder.name}" was not made by `fovea demo`, so it is left alone.')
        (self.folder / _READY).unlink(missing_ok=True)  # first what says that it is whole, last that it is ours
        for inside in self.folder.iterdir():
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
        shutil.rmtree(self.folder)
        return True


def place() -> Place:
    """Where the demo course of this user lies."""
    if said := current().demo:
        return Place(said.absolute())
    home = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME")
    return Place((Path(home) if home else Path.home() / ".local/share") / "fovea" / "demo")
