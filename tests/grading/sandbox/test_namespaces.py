"""Namespaces: one fork for a child that is alone, again and again, as root and as an ordinary user."""

import signal
import subprocess
import sys

import pytest

from grading.sandbox import namespaces
from tests.grading.sandbox.helpers import NAMESPACED, run


@pytest.mark.parametrize("who", NAMESPACED)
def test_forks_first_processes_again_and_again(who: str) -> None:
    said = run(
        """
        def child(what):
            reading, writing = os.pipe()
            pid = jail.fork(LAYERS)
            if pid == 0:
                os.write(writing, json.dumps(what()).encode()); os._exit(7)
            outer = jail.outer_pid(pid)
            status = os.waitpid(pid, 0)[1]
            return json.loads(os.read(reading, 1000)), pid, outer, os.waitstatus_to_exitcode(status)
        me = os.getpid()
        rounds = [child(lambda: [os.getpid(), os.getppid()]) for _ in range(20)]
        plain = os.fork()
        if plain == 0:
            os._exit(0 if os.getpid() != 1 else 1)  # our own children stay in our own namespace
        show(rounds=rounds, me=me, after=os.getpid(), plain=os.waitpid(plain, 0)[1])
        """,
        who=who,
    )
    assert [answer for answer, *_ in said["rounds"]] == [[1, 0]] * 20
    assert {status for *_, status in said["rounds"]} == {7}
    assert len({outer for _, _, outer, _ in said["rounds"]}) == 20
    assert said["me"] == said["after"]
    assert said["plain"] == 0
    same = [pid == outer for _, pid, outer, _ in said["rounds"]]
    assert same == [who == "root"] * 20  # an ordinary user's zygote lives in a namespace itself


@pytest.mark.parametrize("who", NAMESPACED)
def test_a_child_in_vain_leaves_the_parent_where_it_was(who: str) -> None:
    said = run(
        """
        import resource
        from grading.sandbox import namespaces
        real, os.fork = os.fork, lambda: (_ for _ in ()).throw(BlockingIOError("no room"))
        failed = 0
        for _ in range(3):
            try:
                namespaces.fork()
            except BlockingIOError:
                failed += 1
        os.fork = real
        pid = namespaces.fork()
        if pid == 0:
            os._exit(os.getpid())
        show(failed=failed, then=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """,
        who=who,
    )
    assert said == {"failed": 3, "then": 1}


@pytest.mark.parametrize("ending", ["os._exit(3)", "os.kill(os.getpid(), signal.SIGABRT)", "raise SystemExit(4)"])
def test_the_relay_ends_as_the_zygote_ended(ending: str) -> None:
    said = run(
        f"""
        import signal, resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        from grading.sandbox import namespaces
        child = os.fork()
        if child == 0:
            namespaces.become_first_process()
            signal.signal(signal.SIGABRT, lambda *_: os._exit(66))  # a first process hears no signal it has no ear for
            {ending}
        show(ended=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """,
        who="ordinary",
        prepare=False,
    )
    assert said["ended"] == {"os._exit(3)": 3, "raise SystemExit(4)": 4}.get(ending, 66)


def test_everything_ends_when_the_relay_is_killed() -> None:
    said = run(
        """
        import select, signal
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            layers = jail.prepare()
            pid = jail.fork(layers)
            os.write(writing, b"!")
            signal.pause()  # zygote and student alike
            os._exit(0)
        os.close(writing)
        os.read(reading, 1), os.read(reading, 1)
        os.kill(child, signal.SIGKILL)
        closed = bool(select.select([reading], [], [], 30)[0]) and os.read(reading, 1) == b""
        show(closed=closed)  # the pipe ends when the last of them has
        """,
        who="ordinary",
        prepare=False,
    )
    assert said["closed"]


@pytest.mark.parametrize("who", NAMESPACED)
def test_isolates_network_queues_and_names(who: str) -> None:
    said = run(
        """
        import socket
        from grading.sandbox import namespaces
        before = [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "net", "ipc", "uts", "cgroup")]
        namespaces.isolate(mounts=True, network=True, ipc=True)
        after = [os.readlink(f"/proc/self/ns/{kind}") for kind in ("mnt", "net", "ipc", "uts", "cgroup")]
        try:
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.1", 9))
            reached = "loopback"
        except OSError as error:
            reached = error.strerror
        show(changed=[a != b for a, b in zip(before, after)], host=socket.gethostname(), reached=reached)
        """,
        who=who,
    )
    assert said["changed"] == [True] * 5
    assert said["host"] == "fovea"
    assert said["reached"] == "Network is unreachable"


def test_attempt_tells_why_a_child_failed() -> None:
    script = """
    from grading.sandbox import namespaces
    import signal
    def fails(): raise OSError("there is no such thing")
    def dies(): os.kill(os.getpid(), signal.SIGKILL)
    show(fine=namespaces.attempt(lambda: None), fails=namespaces.attempt(fails), dies=namespaces.attempt(dies))
    """
    said = run(script, prepare=False)
    assert said == {
        "fine": "",
        "fails": "there is no such thing",
        "dies": f"it was ended by signal {signal.SIGKILL.value}",
    }


def test_outer_pid_is_the_number_itself_without_a_namespace() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert namespaces.outer_pid(child.pid) == child.pid
    finally:
        child.communicate()
