"""What a jailed process may see: the system's libraries and the interpreter, and nothing of ours."""

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/nix/store",
)  # fmt: skip
_OF_A_PREFIX = ("bin", "lib", "lib64", "share", "include", "pyvenv.cfg")
_HERE = Path(__file__).resolve().parents[2]  # the folder that holds our packages


@dataclass(frozen=True)
class View:
    """What a jailed process may see, besides a work folder of its own."""

    readable: tuple[Path, ...]
    hidden: tuple[Path, ...] = ()  # below `readable`, not to be seen; what is readable below them again is
    devices: tuple[Path, ...] = ()  # /dev/nvidia0 and the like, where an assignment may compute on them
    writable: tuple[Path, ...] = ()
    in_memory: tuple[Path, ...] = ()  # small writable folders of its own at these places; they need a private root
    listed: tuple[Path, ...] = ()  # folders whose entries may be named, not read: where packages are looked for
    materials: Path | None = None  # its entries appear in the work folder, to be read

    def hidden_by_any_name(self) -> tuple[Path, ...]:
        """The hidden folders, also as they are reached through a readable folder whose path has a link in it."""
        names = [(seen, seen.resolve()) for seen in self.readable if not seen.is_symlink()]
        others = [
            seen / hidden.relative_to(real)
            for hidden in self.hidden
            for seen, real in names
            if hidden.is_relative_to(real)
        ]
        return tuple(dict.fromkeys((*self.hidden, *others)))


@functools.cache
def default_view() -> View:
    """The system's libraries, the interpreter and its packages; our own folder stays out of sight.

    That holds wherever we are installed: a virtual environment inside our folder is seen without the folder, our
    packages inside the virtual environment's are not seen.
    """
    prefixes = {Path(prefix) for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)}
    packages = {Path(entry) for entry in sys.path if entry.endswith("-packages")}
    wanted = [Path(path) for path in _SYSTEM if path != "/nix/store" or any("/nix" in str(one) for one in prefixes)]
    for prefix in sorted(prefixes | {prefix.resolve() for prefix in prefixes}):
        wanted += [prefix] if not _holds_us(prefix) else [prefix / part for part in _OF_A_PREFIX]
    wanted += sorted(packages | {folder.resolve() for folder in packages})
    readable = tuple(dict.fromkeys(path for path in wanted if path.exists() and path != _HERE))
    return View(readable=readable, hidden=_ours(packages, readable))


def _ours(packages: set[Path], readable: tuple[Path, ...]) -> tuple[Path, ...]:
    if _HERE in {folder.resolve() for folder in packages}:
        return tuple(path for folder in {_HERE, *packages} for name in _our_names() if (path := folder / name).exists())
    return (_HERE,) if any(_HERE.is_relative_to(path.resolve()) for path in readable) else ()


def _our_names() -> tuple[str, ...]:
    """The names of our packages and modules, as the installer wrote them down."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        names = (distribution("fovea").read_text("top_level.txt") or "").split()
    except PackageNotFoundError:
        names = []
    return tuple(dict.fromkeys(["grading", *names, *(f"{name}.py" for name in names)]))


def _holds_us(prefix: Path) -> bool:
    """Whether our folder is the prefix or lies in it other than as an installed package."""
    where = prefix.resolve()
    return _HERE.is_relative_to(where) and not any(part.endswith("-packages") for part in _HERE.parts)
