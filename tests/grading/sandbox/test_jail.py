"""The jail as a whole: what a student finds inside, how it ends, and that no layer is skipped in silence."""

import signal

import pytest

from tests.grading.sandbox.helpers import NAMESPACED, ROOT, WHO, run


@pytest.mark.parametrize("who", WHO)
def test_the_student_stands_in_an_empty_writable_folder_with_nothing_else(who: str) -> None:
    said = run(
        """
        os.environ["SECRET"] = "x"
        def act():
            import tempfile
            found = os.listdir(".")
            Path("notes").mkdir(); Path("notes/a.txt").write_text("a"); os.rename("notes/a.txt", "b.txt")
            with tempfile.TemporaryFile() as file:
                file.write(b"x")
            return dict(cwd=os.getcwd(), home=os.environ["HOME"], tmp=os.environ["TMPDIR"], found=found,
                        names=sorted(os.environ), left=sorted(os.listdir(".")), null=open("/dev/null").read(),
                        random=len(open("/dev/urandom", "rb").read(8)))
        show(**inside(act))
        """,
        who=who,
        reachable=True,
    )["returned"]
    assert said["cwd"] == said["home"] == said["tmp"]
    assert said["found"] == []
    assert said["names"] == ["HOME", "LANG", "LOGNAME", "OPENBLAS_NUM_THREADS", "PATH", "TMPDIR", "USER"]
    assert said["left"] == ["b.txt", "notes"]
    assert (said["null"], said["random"]) == ("", 8)


@pytest.mark.parametrize("who", WHO)
def test_materials_are_there_to_be_read_beside_what_the_student_writes(who: str) -> None:
    said = run(
        """
        import tempfile
        materials = Path(tempfile.mkdtemp()); materials.chmod(0o755)
        (materials / "data.csv").write_text("1,2"); (materials / "pictures").mkdir()
        (materials / "pictures/cat.txt").write_text("cat"); (materials / "outside").symlink_to("/etc/hostname")
        def act():
            def tried(act):
                try: return act()
                except OSError as error: return type(error).__name__
            Path("own.txt").write_text("own")
            return dict(data=Path("data.csv").read_text(), cat=Path("pictures/cat.txt").read_text(),
                        changed=tried(lambda: Path("data.csv").write_text("x")),
                        outside=tried(Path("outside").read_text),
                        added=tried(lambda: Path("pictures/new").write_text("x")), here=sorted(os.listdir(".")))
        view = jail.View(readable=jail.default_view().readable, materials=materials)
        show(**inside(act, view=view), after=sorted(os.listdir(materials)))
        """,
        who=who,
        reachable=True,
    )
    found = said["returned"]
    assert (found["data"], found["cat"]) == ("1,2", "cat")
    assert {found["changed"], found["added"]} <= {"OSError", "PermissionError"}
    assert found["outside"] in ("FileNotFoundError", "PermissionError")
    assert found["here"] == ["data.csv", "outside", "own.txt", "pictures"]
    assert said["after"] == ["data.csv", "outside", "pictures"]


@pytest.mark.parametrize("who", WHO)
def test_a_writable_folder_is_handed_over(who: str) -> None:
    said = run(
        """
        import socket, tempfile
        shared = Path(tempfile.mkdtemp()); (shared / "connection.json").write_text("{}")
        (shared / "connection.json").chmod(0o600)
        def act():
            server = socket.socket(socket.AF_UNIX); server.bind(str(shared / "socket")); server.listen()
            (shared / "made").write_text((shared / "connection.json").read_text())
            link, _ = server.accept()
            return link.recv(5).decode()
        view = jail.View(readable=jail.default_view().readable, writable=(shared,))
        if os.fork() == 0:
            import time
            while True:
                try:
                    link = socket.socket(socket.AF_UNIX); link.connect(str(shared / "socket")); break
                except OSError:
                    time.sleep(0.01)
            link.send(b"hello"); os._exit(0)
        show(**inside(act, view=view), made=(shared / "made").read_text())
        """,
        who=who,
        reachable=True,
    )
    assert (said["returned"], said["made"]) == ("hello", "{}")


@pytest.mark.parametrize("who", WHO)
def test_signals_with_a_handler_arrive_though_the_student_is_the_first_process(who: str) -> None:
    said = run(
        """
        def act():
            import signal, time
            heard = []
            for name in ("SIGALRM", "SIGPROF", "SIGVTALRM", "SIGINT", "SIGTERM"):
                signal.signal(getattr(signal, name), lambda number, _: heard.append(signal.Signals(number).name))
            signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.2)
            for timer, name in ((signal.ITIMER_PROF, "SIGPROF"), (signal.ITIMER_VIRTUAL, "SIGVTALRM")):
                signal.setitimer(timer, 0.01)
                end = time.monotonic() + 20
                while name not in heard and time.monotonic() < end: pass
            os.kill(os.getpid(), signal.SIGINT); signal.raise_signal(signal.SIGTERM)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                os.kill(os.getpid(), signal.SIGINT); time.sleep(5)
            except KeyboardInterrupt:
                heard.append("interrupted")
            return heard
        show(**inside(act))
        """,
        who=who,
        reachable=True,
    )
    assert said["returned"] == ["SIGALRM", "SIGPROF", "SIGVTALRM", "SIGINT", "SIGTERM", "interrupted"]


@pytest.mark.parametrize("who", WHO)
def test_an_interrupt_from_outside_arrives(who: str) -> None:
    said = run(
        """
        import signal, threading, time
        started, said = os.pipe()
        def act():
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                os.write(said, b"!")
                time.sleep(60)
            except KeyboardInterrupt:
                return "interrupted"
        real = jail.fork
        def fork(layers):
            pid = real(layers)
            if pid:
                helper = os.fork()
                if helper == 0:
                    os.read(started, 1); os.kill(pid, signal.SIGINT); os._exit(0)
            return pid
        jail.fork = fork
        show(**inside(act))
        """,
        who=who,
        reachable=True,
    )
    assert said["returned"] == "interrupted"


ENDINGS = {
    "segfault": ("import ctypes; ctypes.string_at(0)", {-signal.SIGSEGV}),
    "abort": ("os.abort()", {-signal.SIGABRT, -signal.SIGSEGV}),  # a first process falls through to the second
    "processor time": (
        "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGXCPU, signal.SIGTERM)]\nwhile True: pass",
        {-signal.SIGKILL},
    ),
    "a forbidden manner": (
        "import ctypes, mmap; page = mmap.mmap(-1, 4096, prot=7);"
        "page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]));"
        "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()",
        {-signal.SIGSYS},
    ),
    "exit": ("os._exit(5)", {5}),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_student_ends(who: str, ending: str) -> None:
    code, statuses = ENDINGS[ending]
    said = run(
        f"""
        def act():
            exec({code!r}, {{"os": os}})
        show(**inside(act, limits=Limits(total_seconds=1)))
        """,
        who=who,
        reachable=True,
    )
    assert said["ended"] in statuses


@pytest.mark.parametrize("who", NAMESPACED)
def test_what_the_student_started_ends_with_it(who: str) -> None:
    """Where children are allowed: the first process takes them along, whatever they do against it."""
    said = run(
        """
        import select
        held, holding = os.pipe()
        def act():
            import signal, time
            for _ in range(3):
                if os.fork() == 0:
                    os.setsid(); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)
            return len([name for name in os.listdir("/proc") if name.isdigit()])
        answer = inside(act, allow_fork=True)
        os.close(holding)
        closed = bool(select.select([held], [], [], 30)[0]) and os.read(held, 1) == b""
        show(**answer, closed=closed)
        """,
        who=who,
    )
    assert said == {"returned": 4, "closed": True}


@pytest.mark.parametrize("who", NAMESPACED)
def test_the_student_ends_with_its_zygote(who: str) -> None:
    said = run(
        """
        import select, signal
        held, holding = os.pipe()
        zygote = os.fork()
        if zygote == 0:
            LAYERS = jail.prepare()
            def act():
                os.write(holding, b"!")
                signal.pause()
            inside(act)
            os._exit(0)
        os.close(holding)
        os.read(held, 1); os.kill(zygote, signal.SIGKILL)
        show(closed=bool(select.select([held], [], [], 30)[0]) and os.read(held, 1) == b"")
        """,
        who=who,
        prepare=False,
    )
    assert said["closed"]


@pytest.mark.parametrize("who", NAMESPACED)
def test_programs_run_only_where_they_may(who: str) -> None:
    said = run(
        """
        def act():
            import subprocess
            try:
                done = subprocess.run(["/bin/sh", "-c", "echo $$; id -u"], capture_output=True, text=True)
                return done.stdout.split()
            except OSError as error:
                return error.strerror
        show(no=inside(act)["returned"], yes=inside(act, allow_exec=True, allow_fork=True)["returned"])
        """,
        who=who,
    )
    assert said["no"] == "Operation not permitted"
    assert said["yes"][0] == "2"  # the second process of its namespace
    assert said["yes"][1] != "0"


@pytest.mark.parametrize("who", ["ordinary", "no namespaces"])
def test_one_students_threads_do_not_count_against_anothers(who: str) -> None:
    said = run(
        """
        def act():
            import _thread, time
            started = 0
            _thread.stack_size(65536)
            try:
                while started < 2000:
                    _thread.start_new_thread(time.sleep, (60,)); started += 1
            except RuntimeError:
                pass
            return started
        show(first=inside(act, limits=Limits(processes=20)), crowd=LAYERS.crowd)
        """,
        who=who,
    )
    most = 20 + said["crowd"]
    assert 1 <= said["first"]["returned"] < most
    if who == "ordinary":
        assert said["first"]["returned"] == 19  # the namespace counts the student alone


@pytest.mark.skipif(not ROOT, reason="slots are for root")
def test_slots_are_different_users() -> None:
    said = run("show(users=[inside(os.getuid, slot=slot)['returned'] for slot in (0, 1, 5)])")
    assert said["users"] == [65534, 65535, 65539]


@pytest.mark.parametrize("layer", ["private root", "landlock", "seccomp", "own user"])
def test_a_promised_layer_that_cannot_be_built_is_an_error(layer: str) -> None:
    if layer == "own user" and not ROOT:
        pytest.skip("only root changes its user")
    said = run(
        f"""
        from grading.sandbox import landlock, root, seccomp, identity
        def broken(*_, **__): raise PermissionError(1, "Operation not permitted")
        spoilt = {{"private root": (root, "build"), "landlock": (landlock, "restrict"),
                  "seccomp": (seccomp, "restrict"), "own user": (identity, "become")}}[{layer!r}]
        setattr(*spoilt, broken)
        show(**inside(lambda: "in", layers=LAYERS))
        """,
        who="root" if ROOT else "ordinary",
    )
    assert said["raised"] == "SandboxError"
    assert "could not be built" in said["says"]


def test_a_work_folder_must_be_brought_where_there_is_no_private_root() -> None:
    said = run(
        """
        layers = LAYERS.without("private root", "own proc")
        child = os.fork()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                jail.enter(layers, jail.default_view(), Limits(), own_memory_limit=True)
            except BaseException as error:
                os.write(writing, str(error).encode())
            os._exit(0)
        os.waitpid(child, 0)
        show(says=os.read(reading, 1000).decode())
        """,
        who="ordinary",
    )
    assert "the caller has to make a work folder" in said["says"]


@pytest.mark.parametrize("who", WHO)
def test_prepare_finds_what_there_is_and_says_why_the_rest_is_missing(who: str) -> None:
    said = run("show(names=LAYERS.names, missing=dict(LAYERS.missing), root=LAYERS.root)", who=who, reachable=True)
    assert set(said["names"]) >= {"landlock", "seccomp", "no new privileges", "no capabilities", "process limits"}
    namespaced = {"pid namespace", "private root", "network namespace", "ipc namespace"}
    assert (namespaced <= set(said["names"])) is (who != "no namespaces")
    assert said["root"] is (who == "root")
    assert all(said["missing"].values())
    if who == "no namespaces":
        assert "No space left on device" in said["missing"]["user namespace"]


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_numpy_and_torch_compute_with_two_threads(who: str) -> None:
    said = run(
        """
        import numpy, torch, torch.nn.functional
        torch.set_num_threads(1)
        def act():
            torch.set_num_threads(2)
            left = torch.arange(1_000_000, dtype=torch.float64).reshape(1000, 1000)
            total = float((left @ torch.eye(1000, dtype=torch.float64)).sum())
            layers = torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.LazyLinear(2)
            model = torch.nn.Sequential(*layers)
            loss = model(torch.rand(4, 3, 32, 32)).sum(); loss.backward()
            torch.save(model.state_dict(), "model.pt"); torch.load("model.pt")
            threads = len(os.listdir("/proc/self/task"))
            loader = torch.utils.data.DataLoader(torch.arange(8), batch_size=4)
            return dict(total=total, sums=[int(batch.sum()) for batch in loader], threads=threads,
                        numpy=float((numpy.ones((500, 500)) @ numpy.ones((500, 500))).sum()))
        show(**inside(act, limits=Limits(memory=4 << 30)))
        """,
        who=who,
        reachable=True,
        timeout=300,
    )["returned"]
    assert said["total"] == 999_999 * 1_000_000 / 2
    assert said["sums"] == [6, 22]
    assert said["threads"] >= 2
    assert said["numpy"] == 500**3


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_ipython_runs_cells(who: str) -> None:
    said = run(
        """
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config
        settings = Config(); settings.HistoryManager.enabled = False
        shell = InteractiveShell.instance(config=settings)
        def act():
            from IPython.utils.capture import capture_output
            with capture_output() as shown:
                fine = shell.run_cell("import math\\nprint(math.pi)\\n[n for n in range(3)]")
                wrong = shell.run_cell("1 / 0")
                shell.run_cell("%timeit -n1 -r1 1+1\\nimport sqlite3, decimal, asyncio\\nawait asyncio.sleep(0)")
            return dict(result=fine.result, out=shown.stdout, error=type(wrong.error_in_exec).__name__)
        show(**inside(act))
        """,
        who=who,
        reachable=True,
    )["returned"]
    assert said["result"] == [0, 1, 2]
    assert "3.14159" in said["out"]
    assert said["error"] == "ZeroDivisionError"
