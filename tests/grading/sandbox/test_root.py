"""The private root: what a view names is there and read-only, nothing else is, and the work folder is full soon."""

import pytest

from tests.grading.sandbox.helpers import ME, NAMESPACED, run

BUILT = """
import errno
from grading.sandbox import namespaces, root
from grading.sandbox.view import View
def tried(act):
    try:
        return act()
    except OSError as error:
        return errno.errorcode[error.errno]
def built(view, size=1 << 20, files=16, programs=False):
    namespaces.isolate(mounts=True, network=False, ipc=False)
    disk = root.Disk(size, files, os.geteuid(), os.getegid(), programs)
    root.build(view, disk, own_proc=False)
import tempfile
place = Path(tempfile.mkdtemp())
for name in ("seen/deep", "seen/hidden/again", "rw", "materials/pictures"):
    (place / name).mkdir(parents=True)
    (place / name / "file").write_text(name)
"""


@pytest.mark.parametrize("who", NAMESPACED)
def test_shows_what_the_view_names_and_nothing_else(who: str) -> None:
    said = run(
        BUILT
        + """
seen, hidden = place / "seen", place / "seen/hidden"
(place / "link").symlink_to("seen")
built(View(readable=(Path("/usr"), seen, hidden / "again", place / "link"), hidden=(hidden,), writable=(place / "rw",),
           materials=place / "materials"))
show(
    root=sorted(os.listdir("/")), place=sorted(os.listdir(place)), cwd=os.getcwd(),
    deep=(seen / "deep/file").read_text(), through=(place / "link/deep/file").read_text(),
    hidden=os.listdir(hidden), again=(hidden / "again/file").read_text(),
    written=tried(lambda: (seen / "deep/file").write_text("x")), 
    cover=tried(lambda: (hidden / "new").write_text("x")),
    top=tried(lambda: Path("/new").mkdir()), usr=tried(lambda: Path("/usr/new").mkdir()),
    rw=(place / "rw/file").write_text("changed"), up=os.listdir("/../.."),
    work=sorted(os.listdir(".")), material=Path("pictures/file").read_text(),
    changed=tried(lambda: Path("pictures/file").write_text("x")),
    own=Path("own").write_text("mine"), shm=sorted(os.listdir("/dev/shm")), tmp=Path("/tmp/x").write_text("y"),
    name=__import__("pwd").getpwuid(os.geteuid()).pw_dir if os.geteuid() else "/student",
)
""",
        who=who,
    )
    assert said["root"] == ["dev", "etc", "materials", "proc", "student", "tmp", "usr", "var"]
    assert said["place"] == ["link", "rw", "seen"]
    assert (said["cwd"], said["name"]) == ("/student", "/student")
    assert said["deep"] == said["through"] == "seen/deep"
    assert (said["hidden"], said["again"]) == (["again"], "seen/hidden/again")
    assert {said[name] for name in ("written", "cover", "top", "usr", "changed")} == {"EROFS"}
    assert said["rw"] == len("changed")
    assert set(said["up"]) == set(said["root"])
    assert (said["work"], said["material"]) == (["pictures"], "materials/pictures")
    assert said["shm"] == ["own", "pictures"]
    assert said["tmp"] == 1


def test_leaves_the_machine_as_it_was() -> None:
    said = run(
        BUILT
        + """
child = os.fork()
if child == 0:
    built(View(readable=(Path("/usr"), place / "seen"), writable=(place / "rw",)))
    (place / "rw/new").write_text("x")
    os._exit(0)
status = os.waitpid(child, 0)[1]
mounts = [line for line in open("/proc/self/mountinfo") if str(place) in line or "/student" in line]
show(status=status, mounts=mounts, new=(place / "rw/new").read_text(), mine=(place / "seen/deep/file").read_text())
""",
        who=ME,
    )
    assert said == {"status": 0, "mounts": [], "new": "x", "mine": "seen/deep"}


@pytest.mark.parametrize("who", NAMESPACED)
def test_a_work_folder_holds_so_many_bytes_and_files(who: str) -> None:
    said = run(
        BUILT
        + """
built(View(readable=(Path("/usr"),)), size=1 << 20, files=10)
def fill():
    with open("large", "wb", buffering=0) as file:
        for _ in range(64):
            file.write(bytes(1 << 15))
full = tried(fill)
Path("large").unlink()
for count in range(100):
    if answer := tried(Path(str(count)).touch):
        break
show(full=full, count=count, answer=answer)
""",
        who=who,
    )
    assert said == {"full": "ENOSPC", "count": 10, "answer": "ENOSPC"}


@pytest.mark.parametrize("who", NAMESPACED)
def test_a_view_of_things_that_are_missing_or_within_each_other_works(who: str) -> None:
    said = run(
        BUILT
        + """
built(View(readable=(Path("/usr"), Path("/usr/lib"), Path("/nowhere/at/all"), place / "seen/deep/file"),
           hidden=(Path("/nowhere/else"), Path("/usr/share")), devices=(Path("/dev/nothing"),)))
show(lib=bool(os.listdir("/usr/lib")), share=tried(lambda: os.listdir("/usr/share")),
     file=(place / "seen/deep/file").read_text(), only=os.listdir(place / "seen/deep"), null=open("/dev/null").read())
""",
        who=who,
    )
    assert said == {"lib": True, "share": [], "file": "seen/deep", "only": ["file"], "null": ""}


def test_does_not_hide_what_it_shows_behind_its_own_scaffold() -> None:
    """A virtual environment in the folder where the new root is put together would vanish under it."""
    said = run(
        """
        from grading.sandbox import root
        taken, stages = [], []
        for stage in root._STAGES:
            try:
                found = root._stage([Path(one) / "venv" for one in taken])
            except OSError as error:
                found = str(error)
            stages.append(found); taken.append(found)
        show(stages=stages)
        """,
        prepare=False,
    )
    found = [stage for stage in said["stages"] if stage.startswith("/")]
    assert len(set(found)) == len(found) >= 3


@pytest.mark.parametrize("who", NAMESPACED)
def test_folders_can_be_entered_whatever_the_habit_of_the_starter(who: str) -> None:
    said = run(
        BUILT
        + """
os.umask(0o077)
built(View(readable=(Path("/usr"), place / "seen/deep")))
show(modes=[oct(Path(*place.parts[:depth]).stat().st_mode & 0o777) for depth in range(1, len(place.parts) + 1)],
     mask=oct(os.umask(0o022)))
""",
        who=who,
    )
    assert set(said["modes"]) == {"0o755"}
    assert said["mask"] == "0o77"
