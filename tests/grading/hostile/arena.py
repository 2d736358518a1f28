"""Where attacks are graded: a real grader, the canaries around it, and everything that must hold afterwards."""

import json
import os
import re
import secrets
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from grading.course import Course
from grading.grader import Grader
from grading.limits import Limits
from grading.notebooks.folder import File, HandIn
from grading.notebooks.plan import Plan
from grading.records import Outcome
from tests.grading.hostile import canaries
from tests.grading.hostile.attack import KIT, POINTS, QUICK, RIGHT, WORTHLESS, Attack
from tests.grading.hostile.canaries import SECRET, Outside
from tests.grading.hostile.course import EXPECTED, HIDDEN, NAME, hand_in, lay_out

OURS = Path(__file__).resolve().parents[3]
_SCRIPT = re.compile(r"<script|onerror=|onload=|javascript:", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


@dataclass(frozen=True)
class Graded:
    """An outcome, and what of it the student gets to see."""

    outcome: Outcome
    plan: Plan
    seconds: float

    @property
    def points(self) -> dict[str, float | None]:
        """By question."""
        return {score.question.removeprefix("test-"): score.points for score in self.outcome.scores}

    @property
    def words(self) -> str:
        """What the outcome says in words of our own."""
        scores = [text for score in self.outcome.scores for text in (score.seen, score.hint)]
        return "\n".join([*scores, *self.outcome.notes, self.outcome.stopped_by])

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The executed notebook."""
        found: list[dict[str, Any]] = json.loads(self.outcome.executed)["cells"]
        return found

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """Everything any cell put out."""
        return [output for cell in self.cells for output in cell.get("outputs", ())]

    @property
    def printed(self) -> str:
        """Everything any of the student's own cells and tests printed or raised."""
        parts = [output.get("text", "") or output.get("evalue", "") for output in self.outputs]
        parts += [text for output in self.outputs for text in output.get("data", {}).values()]
        return "\n".join(parts)

    @property
    def seen_by_the_student(self) -> str:
        """The outcome's words and the feedback copy of the notebook."""
        return self.words + "\n" + self.outcome.feedback.decode()


@dataclass
class Arena:
    """One grader with canaries around it."""

    grader: Grader
    outside: Outside
    released: bytes
    others: frozenset[str] = frozenset()  # control groups of other arenas

    def grade(self, data: bytes, limits: Limits = QUICK, *, seed: int | None = None) -> Graded:
        """Grade a hand-in as the service does."""
        settings = replace(self.grader.assignment.settings, limits=limits)
        self.grader.assignment = replace(self.grader.assignment, settings=settings)
        handed = HandIn("mallory", (File(f"{NAME}.ipynb", data),))
        began = time.monotonic()
        outcome = self.grader.grade(handed, seed=10**9 + secrets.randbits(31) if seed is None else seed)
        return Graded(outcome, self.grader.plans(handed)[0], time.monotonic() - began)

    def attack(self, attack: Attack) -> Graded:
        """Grade a hostile notebook."""
        numbers = f"HIDDEN_CRC, EXPECTED_CRCS = {_crc(HIDDEN)}, {{{_crc(EXPECTED)}}}\n"
        told = self.outside.places.told(ours=OURS, zygote=self.grader.engine.zygote().pid)
        before = tuple(filter(None, (KIT + told + numbers, attack.first)))
        after = tuple(filter(None, (attack.last,)))
        return self.grade(
            hand_in(self.released, {**WORTHLESS, **attack.answers}, before=before, after=after), attack.limits
        )

    def honest(self, *, then: str = "") -> Graded:
        """Grade a right solution; `then` looks for what the last submission left."""
        return self.grade(hand_in(self.released, RIGHT, before=tuple(filter(None, (then,)))))

    def settle(self) -> None:
        """Let go of the pairs that were made in advance, so that whatever is left now was left by a student."""
        spares = self.grader.engine._spares
        while spares:
            spares.popitem()[1].pair.result().kill()

    def left(self) -> dict[str, list[str]]:
        """Processes below the zygote and control groups of ours, given a moment to end."""
        end = time.monotonic() + 10
        while True:
            pid = self.grader.engine.zygote().pid
            left = {"processes": canaries.living(pid), "control groups": sorted(set(canaries.groups()) - self.others)}
            if not any(left.values()) or time.monotonic() > end:
                return {name: found for name, found in left.items() if found}
            time.sleep(0.02)


def _crc(number: int) -> int:
    return zlib.crc32(str(number).encode())


@contextmanager
def opened(folder: Path, *, torch: bool = False) -> Iterator[Arena]:
    """A course, a grader and canaries in an empty folder."""
    course = lay_out(folder / "course", torch=torch)
    files = {
        "hidden tests": course / "source" / NAME / f"{NAME}.ipynb",
        "referee": course / "referees" / "hostile_referees" / "__init__.py",
    }
    with (
        mock.patch.dict(os.environ, dict.fromkeys(canaries.VARIABLES, SECRET)),
        canaries.laid_out(folder, files) as outside,
        Grader(Course.open(course), NAME) as grader,
    ):
        arena = Arena(grader, outside, grader.assignment.masters[0].release(), frozenset(canaries.groups()))
        arena.honest()  # the first run opens what stays open
        arena.settle()
        yield arena


def nothing_gained(graded: Graded, attack: Attack) -> None:
    """No more points than deserved, nothing carried out, and a plain word about what happened."""
    outcome = graded.outcome
    deserved = {name: attack.deserves.get(name, 0.0) for name in POINTS}
    assert all((points or 0.0) <= deserved[name] for name, points in graded.points.items()), graded.words
    if not attack.undecided and not attack.at_most:
        assert graded.points == deserved, graded.words
    assert outcome.verdict == ("passed" if graded.points == POINTS else "undecided" if attack.undecided else "failed")
    assert all(score.seen for score in outcome.scores if score.state in ("none", "part", "undecided")), outcome.scores
    for line in graded.printed.splitlines():
        assert "GAINED" not in line or "print(" in line, line
    for text in attack.printed:
        assert text in graded.printed
    for word in attack.said:
        assert word in graded.words
    nothing_shown(graded)


def nothing_shown(graded: Graded) -> None:
    """Nothing hidden, nothing of ours and nothing that runs in a browser is in what people get to see."""
    seen = graded.seen_by_the_student
    assert SECRET not in graded.outcome.executed.decode()
    for hidden in (HIDDEN, EXPECTED, graded.outcome.seed):
        assert str(hidden) not in seen, f"{hidden} in what the student sees"
    assert "Traceback" not in graded.words
    assert str(OURS) not in graded.words
    assert "\0" not in graded.words + graded.printed, "a character that no database stores"
    assert (graded.words + graded.printed).encode("utf-8", "replace").decode() == graded.words + graded.printed
    for output in graded.outputs:
        for kind, text in output.get("data", {}).items():
            if kind.startswith("image/"):
                assert _BASE64.fullmatch(text), f"a picture that is none: {text[:100]}"
            elif kind != "text/plain":
                assert not _SCRIPT.search(text), f"a script in {kind}"


def nothing_changed(arena: Arena, *, zygote: int, descriptors: int) -> None:
    """The world outside is as it was, and nothing is left running."""
    assert arena.outside.changes() == {}
    assert arena.grader.engine.zygote().pid == zygote
    arena.settle()
    assert arena.left() == {}
    end = time.monotonic() + 10
    while canaries.descriptors() > descriptors and time.monotonic() < end:
        time.sleep(0.02)
    assert canaries.descriptors() <= descriptors


def all_goes_on(arena: Arena, attack: Attack) -> None:
    """The next submission, an honest one, gets its full marks and finds nothing of the last."""
    honest = arena.honest(then=attack.then)
    assert honest.points == POINTS, honest.words
    assert honest.outcome.stopped_by == ""
    assert "GAINED" not in honest.printed
