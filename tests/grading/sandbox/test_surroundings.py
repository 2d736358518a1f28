"""What a jailed process brings along: harmless variables, no open folder."""

from tests.grading.sandbox.helpers import ME, run


def test_leaves_only_harmless_variables() -> None:
    said = run(
        """
        import tempfile
        from grading.sandbox import surroundings
        os.environ.update(SECRET_KEY="x", AWS_TOKEN="y", HTTPS_PROXY="z", PYTHONPATH="/p")
        os.environ.update(LD_PRELOAD="/l", LANG="C.UTF-8")
        tempfile.gettempdir()
        surroundings.scrub(Path("/var/tmp"))
        show(environ=dict(os.environ), temporary=tempfile.gettempdir(), home=str(Path.home()))
        """,
        prepare=False,
    )
    assert said["environ"] == {
        "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
        "HOME": "/var/tmp", "TMPDIR": "/var/tmp", "USER": "student", "LOGNAME": "student",
    }  # fmt: skip
    assert said["temporary"] == said["home"] == "/var/tmp"


def test_finds_a_folder_that_was_left_open() -> None:
    said = run(
        """
        from grading.sandbox import surroundings
        before = surroundings.open_folders()
        left = os.open("/usr", os.O_RDONLY | os.O_DIRECTORY)
        path_only = os.open("/etc", os.O_PATH)
        show(before=before, found=sorted(surroundings.open_folders()), left=sorted([left, path_only]))
        """,
        prepare=False,
    )
    assert said["before"] == []
    assert said["found"] == said["left"]


def test_the_jail_is_not_entered_with_an_open_folder() -> None:
    said = run(
        """
        left = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
        show(**inside(lambda: os.listdir(left)))
        """,
        who=ME,
    )
    assert said["raised"] == "SandboxError"
    assert "Folders are open that lead out of the sandbox" in said["says"]


def test_counts_a_users_threads() -> None:
    said = run(
        """
        import threading
        from grading.sandbox import surroundings
        alone, gate = surroundings.crowd(os.geteuid()), threading.Event()
        threads = [threading.Thread(target=gate.wait) for _ in range(5)]
        for thread in threads: thread.start()
        more = surroundings.crowd(os.geteuid())
        gate.set()
        show(alone=alone, more=more)
        """,
        who="ordinary",
        prepare=False,
    )
    assert said["more"] >= 6
