"""The layers a jail is made of, and which of them a machine can build."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

Layer = Literal[
    "control group",
    "pid namespace",
    "private root",
    "own proc",
    "network namespace",
    "ipc namespace",
    "own user",
    "user namespace",
    "no capabilities",
    "no new privileges",
    "landlock",
    "landlock network",
    "landlock signals",
    "seccomp",
    "process limits",
    "thread limit",
]
LAYERS: tuple[Layer, ...] = get_args(Layer)


@dataclass(frozen=True)
class Layers:
    """What this process can build for its children, and why not the rest."""

    names: tuple[Layer, ...]
    missing: tuple[tuple[Layer, str], ...] = ()
    root: bool = False
    crowd: int = 0  # how many processes and threads of this user count against the thread limit before the child's own

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def without(self, *names: Layer, why: str = "it was left out on purpose") -> "Layers":
        """The same without some layers: for machines that cannot build them, and for tests of that."""
        return replace(
            self,
            names=tuple(name for name in self.names if name not in names),
            missing=(*self.missing, *((name, why) for name in names if name in self.names)),
        )

    def why_not(self, name: Layer) -> str:
        """Why a layer is missing; empty if it is there."""
        return dict(self.missing).get(name, "" if name in self.names else "it was not tried")


def ordered(names: Iterable[Layer]) -> tuple[Layer, ...]:
    """Layers in the order of the table."""
    held = set(names)
    return tuple(name for name in LAYERS if name in held)
