"""Landlock: what is listed stays, what is not is gone, also below a listed folder."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox import landlock
from tests.grading.sandbox.helpers import ME, run

START = """
from grading.sandbox import landlock, libc
import errno, tempfile, socket
def tried(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
place = Path(tempfile.mkdtemp())
for name in ("seen/deep", "seen/hidden/again", "work", "other"):
    (place / name).mkdir(parents=True)
    (place / name / "file").write_text(name)
"""


def test_lets_through_what_is_listed_and_nothing_else() -> None:
    said = run(
        START
        + """
libc.no_new_privileges()
landlock.restrict(landlock.Rules(readable=(place / "seen",), writable=(place / "work",), devices=(Path("/dev/null"),)))
show(
    read=tried((place / "seen/deep/file").read_text), listed=tried(lambda: os.listdir(place / "seen")),
    written=tried(lambda: (place / "seen/deep/file").write_text("x")),
    made=tried((place / "seen/new").mkdir), removed=tried((place / "seen/deep/file").unlink),
    work=tried(lambda: (place / "work/file").write_text("x")),
    renamed=tried(lambda: (place / "work/file").rename(place / "work/new")),
    taken=tried(lambda: (place / "work/new").rename(place / "seen/new")),
    linked=tried(lambda: os.link(place / "other/file", place / "work/link")),
    other=tried((place / "other/file").read_text), parent=tried(lambda: os.listdir(place)),
    root=tried(lambda: os.listdir("/")),
    null=tried(lambda: open("/dev/null", "w").write("x")), zero=tried(lambda: open("/dev/zero")),
    run=tried(lambda: os.execv("/bin/true", ["true"])),
)
""",
        who=ME,
        prepare=False,
    )
    assert said.pop("taken") in ("EACCES", "EXDEV")
    assert said.pop("linked") in ("EACCES", "EXDEV")
    assert said == {
        "read": "done", "listed": "done", "written": "EACCES", "made": "EACCES", "removed": "EACCES",
        "work": "done", "renamed": "done", "other": "EACCES", "parent": "EACCES", "root": "EACCES",
        "null": "done", "zero": "EACCES", "run": "EACCES",
    }  # fmt: skip


def test_hides_a_folder_below_a_readable_one_and_shows_what_is_readable_below_that() -> None:
    said = run(
        START
        + """
seen, hidden = place / "seen", place / "seen/hidden"
(hidden / "file").write_text("secret")
libc.no_new_privileges()
landlock.restrict(landlock.Rules(readable=(seen, hidden / "again"), writable=(), hidden=(hidden,), listed=(seen,)))
show(
    deep=tried((seen / "deep/file").read_text), hidden=tried((hidden / "file").read_text),
    again=tried((hidden / "again/file").read_text), listed=tried(lambda: os.listdir(seen)),
)
""",
        who=ME,
        prepare=False,
    )
    assert said == {"deep": "done", "hidden": "EACCES", "again": "done", "listed": "done"}


def test_hides_files_and_folders_by_their_real_names() -> None:
    said = run(
        START
        + """
(place / "seen/hidden/secret").write_text("secret")
(place / "alias").symlink_to(place / "seen")
libc.no_new_privileges()
landlock.restrict(landlock.Rules(readable=(place / "alias",), writable=(), hidden=(place / "seen/hidden",)))
show(
    deep=tried((place / "alias/deep/file").read_text), secret=tried((place / "alias/hidden/secret").read_text),
    straight=tried((place / "seen/hidden/secret").read_text),
)
""",
        who=ME,
        prepare=False,
    )
    assert said == {"deep": "done", "secret": "EACCES", "straight": "EACCES"}


def test_signals_and_names_no_stranger_where_the_kernel_can_see_to_it() -> None:
    said = run(
        START
        + """
server = socket.socket(socket.AF_UNIX); server.bind("\\0fovea-test-" + str(os.getpid())); server.listen()
parent, address = os.getpid(), server.getsockname()
reading, writing = os.pipe()
if os.fork() == 0:
    libc.no_new_privileges()
    landlock.restrict(landlock.Rules(readable=(), writable=()))
    answers = dict(
        signal=tried(lambda: os.kill(parent, 0)), me=tried(lambda: os.kill(os.getpid(), 0)),
        socket=tried(lambda: socket.socket(socket.AF_UNIX).connect(address)),
        tcp=tried(lambda: socket.create_server(("127.0.0.1", 0))),
    )
    os.write(writing, json.dumps(answers).encode())
    os._exit(0)
os.wait()
show(version=landlock.version(), **json.loads(os.read(reading, 4096)))
""",
        who=ME,
        prepare=False,
    )
    assert said["me"] == "done"
    if said["version"] >= 4:
        assert said["tcp"] == "EACCES"
    if said["version"] >= 6:
        assert said["signal"] == said["socket"] == "EPERM"


NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


@given(hidden=st.lists(NAMES, max_size=3), asked=NAMES)
def test_visible_covers_all_but_the_hidden(tmp_path_factory, hidden: list[list[str]], asked: list[str]) -> None:
    top = tmp_path_factory.getbasetemp() / "tree"
    if not top.exists():
        for path in ((a, b, c) for a in "abc" for b in "abc" for c in "abc"):
            top.joinpath(*path).mkdir(parents=True)
    covered = [top.joinpath(*names) for names in hidden]
    allowed = list(landlock.visible([top], covered))
    path = top.joinpath(*asked)
    seen = any(path.is_relative_to(one) for one in allowed)
    is_hidden = any(path.is_relative_to(one) for one in covered)
    holds_hidden = any(one.is_relative_to(path) for one in covered)
    assert seen is (not is_hidden and not holds_hidden)


def test_a_readable_folder_below_a_hidden_one_stays_readable() -> None:
    assert list(landlock.visible([Path("/x/venv")], [Path("/x")])) == [Path("/x/venv")]
