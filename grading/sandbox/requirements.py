"""What a machine must be able to keep apart before a stranger's code may run on it, and what is said where it cannot.

Nothing here looks at the machine: layers go in, sentences come out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grading.records import Isolation
from grading.sandbox.layers import LAYERS, Layer, Layers, ordered


@dataclass(frozen=True)
class Way:
    """Layers that together keep a promise; `but` says what is weaker about this way than about the others."""

    layers: tuple[Layer, ...]
    but: str = ""


@dataclass(frozen=True)
class Requirement:
    """A promise, the ways to keep it, and whether grading refuses where none can be gone."""

    name: str
    ways: tuple[Way, ...]
    otherwise: str  # the sentence for a machine that cannot keep it
    required: bool = True
    for_root: bool = False  # matters only where the grader itself runs as root


@dataclass(frozen=True)
class Row:
    """One layer, as a table for people shows it."""

    layer: Layer
    holds: bool
    why: str  # why it is unavailable
    required: bool  # whether grading refuses without it


@dataclass(frozen=True)
class Check:
    """One promise: whether it is kept, and by which layers."""

    name: str
    kept: bool
    by: tuple[Layer, ...]
    required: bool
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """What is in force on this machine, what it lacks, and what that means."""

    layers: tuple[Layer, ...]
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    refuses: tuple[str, ...]
    warnings: tuple[str, ...]
    trust_students: bool = False

    @property
    def may_grade(self) -> bool:
        """Whether submissions may run here: the minimum holds, or the course says that it trusts its students."""
        return not self.refuses or self.trust_students

    @property
    def isolation(self) -> Isolation:
        """The stamp for every grade."""
        trusted = bool(self.refuses) and self.trust_students
        warnings = (*self.refuses, *self.warnings) if trusted else self.warnings
        return Isolation(layers=self.layers, warnings=warnings, trusted=trusted)


REQUIREMENTS = (
    Requirement(
        "system calls",
        (Way(("no new privileges", "seccomp")),),
        "This machine cannot refuse system calls (seccomp), so a submission could attack its kernel.",
    ),
    Requirement(
        "files",
        (Way(("private root",)), Way(("landlock",))),
        "This machine cannot hide files from a submission (neither a private root nor Landlock works).",
    ),
    Requirement(
        "network",
        (Way(("network namespace",)), Way(("seccomp",)), Way(("landlock network",))),
        "This machine cannot keep a submission off the network.",
    ),
    Requirement(
        "other processes",
        (Way(("pid namespace",)), Way(("seccomp",))),
        "This machine cannot keep a submission from ending other programs.",
    ),
    Requirement(
        "rights",
        (Way(("own user", "no capabilities")),),
        "The grader runs as root here and cannot give that up, so a submission would be root too.",
        for_root=True,
    ),
    Requirement(
        "memory",
        (
            Way(("control group",)),
            Way(("process limits",), but="Memory is limited per process only, without a control group around it."),
        ),
        "This machine cannot limit a submission's memory.",
    ),
    Requirement(
        "number of processes",
        (Way(("control group",)), Way(("thread limit", "seccomp"))),
        "This machine cannot limit how many threads a submission starts.",
        required=False,
    ),
    Requirement(
        "disk",
        (
            Way(("private root",)),
            Way(
                ("process limits",),
                but="What a submission writes is looked at while it runs: it may write a little more than it may keep.",
            ),
        ),
        "This machine cannot limit what a submission writes.",
        required=False,
    ),
)


def standing(
    layers: Iterable[Layer], *, root: bool, why: Mapping[Layer, str] | None = None, trust_students: bool = False
) -> Standing:
    """What layers in force amount to, for a grader that runs as root or as an ordinary user.

    >>> standing(("no new privileges", "seccomp", "process limits", "thread limit"), root=False).refuses
    ('This machine cannot hide files from a submission (neither a private root nor Landlock works).',)
    """
    held = ordered(layers)
    checks, refuses, warnings = list[Check](), list[str](), list[str]()
    for requirement in REQUIREMENTS:
        if requirement.for_root and not root:
            continue
        way = next((way for way in requirement.ways if set(way.layers) <= set(held)), None)
        note = way.but if way else requirement.otherwise
        checks.append(Check(requirement.name, way is not None, way.layers if way else (), requirement.required, note))
        if note:
            (refuses if way is None and requirement.required else warnings).append(note)
    reasons = {layer: reason for layer, reason in (why or {}).items() if layer not in held}
    rows = tuple(
        Row(layer, layer in held, reasons.get(layer, ""), _indispensable(layer, held, root)) for layer in LAYERS
    )
    return Standing(held, rows, tuple(checks), tuple(refuses), tuple(warnings), trust_students)


def standing_of(layers: Layers, *, control_group: bool, trust_students: bool = False) -> Standing:
    """The standing of what `prepare` found, with or without control groups, which the supervisor finds."""
    groups: tuple[Layer, ...] = ("control group",) if control_group else ()
    why = {**dict(layers.missing), "control group": "no place was found where this user may make control groups"}
    return standing((*layers.names, *groups), root=layers.root, why=why, trust_students=trust_students)


def _indispensable(layer: Layer, held: tuple[Layer, ...], root: bool) -> bool:
    """Whether some promise that must be kept needs this layer, the others being as they are."""
    others = {*held} - {layer}
    return any(
        requirement.required
        and (root or not requirement.for_root)
        and not any(set(way.layers) <= others for way in requirement.ways)
        and any(layer in way.layers for way in requirement.ways)
        for requirement in REQUIREMENTS
    )
