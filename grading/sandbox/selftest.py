"""The self-test: build the jail as for a submission, try to break out of it, and say what holds.

    python -m grading.sandbox.selftest

prints it as JSON. What decides is what the attempts came to, never a version number.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grading.errors import SandboxError
from grading.limits import MIB, Limits
from grading.sandbox import jail
from grading.sandbox.bait import bait
from grading.sandbox.cgroups import Cgroups
from grading.sandbox.escapes import Attempt, Targets, escapes
from grading.sandbox.layers import Layers
from grading.sandbox.requirements import REQUIREMENTS, Standing, standing_of

SMALL = Limits(memory=192 * MIB, processes=24, disk_bytes=8 * MIB, disk_files=64, file_bytes=4 * MIB, total_seconds=60)
_HOME = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv[1]); from grading.sandbox.selftest import zygote; zygote()"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Examination:
    """What a machine can do, and what came of trying to undo it."""

    standing: Standing
    attempts: tuple[Attempt, ...]

    @property
    def escaped(self) -> tuple[Attempt, ...]:
        """Attempts that got through although the promise they broke must be kept."""
        required = {requirement.name for requirement in REQUIREMENTS if requirement.required}
        return tuple(one for one in self.attempts if not one.contained and one.requirement in required)

    @property
    def refuses(self) -> tuple[str, ...]:
        """Why nothing may be graded here; empty where it may. A broken promise weighs like a missing layer."""
        broken = tuple(f"A test notebook that {one.sentence} was not stopped." for one in self.escaped)
        return (*self.standing.refuses, *broken)


def examine(
    *,
    python: Path | None = None,
    ledger: Path | None = None,
    project: Path | None = None,
    trust_students: bool = False,
    without: tuple[jail.Layer, ...] = (),
) -> Examination:
    """Test this machine, in processes of its own. `without` leaves layers out, to see what the others are worth."""
    groups = None if "control group" in without else Cgroups.find()
    with ExitStack() as stack:
        targets = stack.enter_context(bait(SMALL, ledger=ledger, project=project))
        started = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
            [str(python or sys.executable), "-B", "-c", _START, _HOME],
            env=_ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", start_new_session=True,
        )  # fmt: skip
        stack.callback(_end, started)
        layers = Layers(**_layers(_ask(started, {"without": without, "targets": asdict(targets)})))
        attempts = []
        for _ in range(1 + len(escapes(lethal=True))):
            attempts += _one_child(started, stack, groups)
        found = standing_of(layers, control_group=groups is not None, trust_students=trust_students)
        return Examination(found, tuple(attempts))


def _one_child(started: "subprocess.Popen[bytes]", stack: ExitStack, groups: Cgroups | None) -> list[Attempt]:
    """One jailed process of the test: into its control group, then free to try."""
    born = _ask(started, None)
    group = groups.create(secrets.token_hex(4), memory=SMALL.memory, processes=SMALL.processes) if groups else None
    with ExitStack() as after:
        if group:
            after.callback(group.remove)
            after.callback(group.kill)
            group.enter(int(born["pid"]))
        work = stack.enter_context(tempfile.TemporaryDirectory(prefix="fovea-work-", ignore_cleanup_errors=True))
        said = _ask(started, {"work": work, "grouped": group is not None})
    if said.get("failed"):
        raise SandboxError(said["failed"])
    return [Attempt(**one) for one in said["attempts"]]


def zygote() -> None:
    """The tested side: prepare, then fork a jailed child for every round and report what it found."""
    asked = json.loads(sys.stdin.readline())
    layers = jail.prepare().without(*asked["without"])
    targets = Targets(**asked["targets"])
    _tell(asdict(layers))
    for one in (None, *(one.name for one in escapes(lethal=True))):
        reading, writing = os.pipe()
        gate, opened = os.pipe()
        child = jail.fork(layers)
        if child == 0:
            os.close(reading)
            os.close(opened)
            _jailed(layers, targets, one, json.loads(_until_end(gate)), writing)
        os.close(writing)
        os.close(gate)
        _tell({"pid": jail.outer_pid(child)})
        os.write(opened, sys.stdin.readline().encode())
        os.close(opened)
        said = _until_end(reading)
        os.close(reading)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        _tell(json.loads(said) if said else {"attempts": [_died(one, status)]} if one else {"failed": _crashed(status)})


def _jailed(layers: Layers, targets: Targets, name: str | None, job: dict[str, Any], writing: int) -> None:
    """Never returns. Tries one lethal escape, or all that are not."""
    try:
        with open(os.devnull, "wb") as null:  # noqa: PTH123
            os.dup2(null.fileno(), 2)  # what an attempt complains of is not for the one who asked
        chosen = [one for one in escapes(lethal=name is not None) if name in (None, one.name)]
        work = None if "private root" in layers else Path(job["work"])
        jail.enter(layers, jail.default_view(), SMALL, own_memory_limit=not job["grouped"], work=work)
        answer: dict[str, Any] = {"attempts": [asdict(one.attempt(targets)) for one in chosen]}
    except BaseException as error:  # whatever it is, the test must hear of it
        answer = {"failed": str(error)}
    os.write(writing, json.dumps(answer).encode())
    os._exit(0)


def _died(name: str, status: int) -> dict[str, Any]:
    tried = next(one for one in escapes(lethal=True) if one.name == name)
    by = f"the kernel ended it (signal {-status})"
    return asdict(Attempt(tried.name, tried.sentence, tried.requirement, contained=True, stopped_by=by))


def _crashed(status: int) -> str:
    return f"The jailed process ended without a word (status {status})."


def _layers(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "names": tuple(said["names"]), "missing": tuple(map(tuple, said["missing"]))}


def _ask(process: "subprocess.Popen[bytes]", message: dict[str, Any] | None) -> dict[str, Any]:
    assert process.stdin is not None  # noqa: S101 - we asked for pipes
    assert process.stdout is not None  # noqa: S101
    if message is not None:
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise SandboxError("The sandbox's self-test ended before it said what it found.")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _tell(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _until_end(descriptor: int) -> bytes:
    said = b""
    while piece := os.read(descriptor, 65536):
        said += piece
    return said


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


if __name__ == "__main__":
    found = examine()
    _tell({"refuses": found.refuses, "standing": asdict(found.standing), "attempts": list(map(asdict, found.attempts))})
