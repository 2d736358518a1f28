"""Breaking out: everything is contained by the full jail and by its weaker forms, and succeeds where there is none."""

import pytest

from grading.sandbox.escapes import Attempt, Escape, StoppedError, Targets, escapes
from grading.sandbox.exhaustion import memory
from grading.sandbox.layers import Layer
from tests.grading.sandbox.helpers import ME, ROOT, WHO, run

NAMESPACES: tuple[Layer, ...] = (
    "pid namespace", "private root", "own proc", "network namespace", "ipc namespace", "control group",
)  # fmt: skip
EXAMINED = """
from dataclasses import asdict
from grading.sandbox.selftest import examine
found = examine(without={without})
show(refuses=found.refuses, warnings=found.standing.warnings, layers=found.standing.layers,
     attempts=list(map(asdict, found.attempts)))
"""
NAMES = {escape.name for lethal in (False, True) for escape in escapes(lethal=lethal)}


def examined(who: str, *without: Layer) -> dict:
    return run(EXAMINED.format(without=without), who=who, prepare=False, reachable=True)


def escaped(said: dict) -> set[str]:
    assert {attempt["name"] for attempt in said["attempts"]} == NAMES
    return {attempt["name"] for attempt in said["attempts"] if not attempt["contained"]}


@pytest.mark.parametrize("who", WHO)
def test_the_best_jail_of_each_user_contains_every_attempt(who: str) -> None:
    said = examined(who)
    assert said["refuses"] == []
    weak = {"disk", "many_files"} if who == "no namespaces" else set()  # what the warning says
    assert escaped(said) == weak
    assert (
        "What a submission writes is looked at while it runs: it may write a little more than it may keep."
        in said["warnings"]
    ) is bool(weak)


@pytest.mark.parametrize("who", WHO)
def test_landlock_and_seccomp_contain_everything_but_the_disk(who: str) -> None:
    said = examined(who, *NAMESPACES)
    assert "private root" not in said["layers"]
    assert said["refuses"] == []
    assert escaped(said) == {"disk", "many_files"}


@pytest.mark.parametrize("who", WHO)
def test_seccomp_alone_does_not_keep_files_and_is_refused(who: str) -> None:
    said = examined(who, *NAMESPACES, "landlock", "landlock network", "landlock signals")
    assert {"ledger", "project", "links", "system"} <= escaped(said)
    assert not {"network", "families", "fork", "program", "starter", "everything", "mount"} & escaped(said)
    assert any("cannot hide files" in sentence for sentence in said["refuses"])
    assert any("reads the course's ledger was not stopped" in sentence for sentence in said["refuses"])


@pytest.mark.parametrize("who", WHO)
def test_without_the_list_of_system_calls_the_kernel_is_reached(who: str) -> None:
    said = examined(who, "seccomp")
    assert {"fork", "program", "families", "kernel"} <= escaped(said)
    assert any("cannot refuse system calls" in sentence for sentence in said["refuses"])


OPEN = """
from dataclasses import asdict
from grading.sandbox.bait import bait
from grading.sandbox.escapes import escapes
from grading.sandbox.selftest import SMALL
import tempfile
os.chdir(tempfile.mkdtemp())
left = os.open("/usr", os.O_RDONLY)
with bait(SMALL) as targets:
    reading, writing = os.pipe()
    if os.fork() == 0:
        tried = [one.attempt(targets) for lethal in (False, True) for one in escapes(lethal=lethal)]
        os.write(writing, json.dumps([asdict(one) for one in tried]).encode())
        os._exit(0)
    os.close(writing)
    said = b"".join(iter(lambda: os.read(reading, 65536), b""))
    os.wait()
    states = [Path(f"/proc/{pid}/stat").read_text().split()[2] for pid in (targets.starter, targets.decoy)]
    alive = [state not in "ZTt" for state in states]
show(attempts=json.loads(said), alive=alive,
     left=os.listdir("."), usr=[name for name in os.listdir("/usr") if "escape" in name])
"""


@pytest.mark.skipif(not ROOT, reason="without root the system itself stops some of them")
def test_every_attempt_succeeds_where_nothing_stops_it_and_harms_nobody() -> None:
    """The control: attempts that fail everywhere would prove nothing about the jail."""
    said = run(OPEN, prepare=False)
    assert escaped(said) == NAMES
    assert said["alive"] == [True, True]  # the tracer has let go, nobody was signalled
    assert (said["left"], said["usr"]) == ([], [])


def test_most_attempts_succeed_for_an_ordinary_user_without_a_jail() -> None:
    said = run(OPEN, who="ordinary", prepare=False)
    needs_root = {"passwords", "system", "mount", "device", "root"}
    depends = {"trace", "foreign_memory", "memory_of_the_first", "user_namespace"}  # a distribution may forbid these
    assert NAMES - needs_root - depends <= escaped(said)


def targets() -> Targets:
    return Targets("word", "/l", "/p", 1, 2, 3, "/u", "a", 80, 1 << 20, 1 << 20, 4, 4)


def test_an_attempt_that_is_stopped_says_by_what() -> None:
    def act(_: Targets) -> str:
        raise PermissionError(1, "Operation not permitted")

    tried = Escape("x", "does something", "files", act).attempt(targets())
    assert tried == Attempt("x", "does something", "files", contained=True, stopped_by="Operation not permitted")


def test_an_attempt_that_finds_nothing_says_so() -> None:
    def act(_: Targets) -> str:
        raise StoppedError("nothing there")

    assert Escape("x", "looks", "files", act).attempt(targets()).stopped_by == "nothing there"


def test_an_attempt_that_comes_back_has_escaped_and_says_what_it_got() -> None:
    tried = Escape("memory", "takes", "memory", memory).attempt(targets())
    assert (tried.contained, tried.got) == (False, "8 MiB")


def test_a_mistake_of_ours_is_not_taken_for_containment() -> None:
    def act(_: Targets) -> str:
        raise TypeError("a bug")

    with pytest.raises(TypeError):
        Escape("x", "looks", "files", act).attempt(targets())


def test_each_attempt_is_a_sentence_that_goes_on_after_a_test_notebook() -> None:
    sentences = [escape.sentence for lethal in (False, True) for escape in escapes(lethal=lethal)]
    assert len(sentences) == len(set(sentences)) >= 25
    assert all(sentence[0].islower() and not sentence.endswith(".") and "\n" not in sentence for sentence in sentences)


def test_what_changes_the_process_comes_last() -> None:
    assert [escape.last for escape in escapes()] == sorted(escape.last for escape in escapes())


def test_the_self_test_tells_all_as_json() -> None:
    said = run(
        """
        import subprocess, sys
        done = subprocess.run([sys.executable, "-m", "grading.sandbox.selftest"], capture_output=True, text=True)
        show(**json.loads(done.stdout), errors=done.stderr)
        """,
        who=ME,
        prepare=False,
    )
    assert said["refuses"] == []
    assert {row["layer"] for row in said["standing"]["rows"]} >= {"seccomp", "landlock", "control group"}
    assert said["errors"] == ""


def test_a_real_ledger_and_a_real_folder_can_be_aimed_at() -> None:
    said = run(
        """
        import tempfile
        from grading.sandbox.selftest import examine
        course = Path(tempfile.mkdtemp()); ledger = course / "gradebook.db"; ledger.write_text("marks")
        weak = examine(ledger=ledger, project=course, without=("landlock", "private root", "own proc"))
        full = examine(ledger=ledger, project=course)
        show(got={a.name: a.got for a in weak.attempts}, contained=full.refuses == () and not full.escaped)
        """,
        who="ordinary",
        prepare=False,
    )
    assert (said["got"]["ledger"], said["got"]["project"]) == ("marks", "gradebook.db")
    assert said["contained"]
