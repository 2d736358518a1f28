"""The tutorials: their files are saved, their commands typed, and they print what the page says."""

import doctest
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.docs.reading import TUTORIALS, Block, Command, blocks
from tests.pages.test_new_lab import LAB

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0  # seconds, on a busy machine
NEEDED = (
    *("app.py", "fovea.py", "pyproject.toml", "Makefile", ".streamlit"),
    *("pages", "core", "syllabus", "classroom", "grading", "assignments", "tests", "benchmarks"),
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "secrets.toml", "*.sqlite*", "release", "autograded", "gradebook.db")
NOT_RUN = {"student": 1, "instructor": 0, "operator": 9, "contributor": 4}  # commands
FREE_CHOICE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fovea's folder as a reader has it after `make setup`, where nothing is theirs yet."""
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_does_what_it_says(tutorial: Path, folder: Path) -> None:
    with ExitStack() as servers:
        for block in blocks(with_free_ports(tutorial.read_text(encoding="utf-8"))):
            if block.title:
                save(block, folder)
            for command in block.commands if not block.not_run else ():
                if block.served:
                    servers.enter_context(served(command, folder))
                else:
                    typed(command, folder)


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_leaves_out_only_what_makes_the_environment_or_needs_another_machine(tutorial: Path) -> None:
    found = blocks(tutorial.read_text(encoding="utf-8"))
    left_out = [command.line for block in found if block.not_run for command in block.commands]
    assert len(left_out) == NOT_RUN[tutorial.stem], left_out


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_every_note_means_something(tutorial: Path) -> None:
    text = tutorial.read_text(encoding="utf-8")
    noted = [block for block in blocks(text) if block.served or block.not_run]
    assert len(noted) == text.count("<!--"), "a comment is `served` or `not run: why`, right above a block"


@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_names_only_what_stands_on_a_page(tutorial: Path) -> None:
    shown = "\n".join(path.read_text(encoding="utf-8") for kind in ("py", "js") for path in PAGES.rglob(f"*.{kind}"))
    labels = re.findall(r"\*\*([^*]+)\*\*", re.sub(r"^```.*?^```$", "", tutorial.read_text("utf-8"), flags=FENCED))
    assert [label for label in labels if label.rstrip(".") not in shown] == []


def test_the_new_lab_is_the_one_that_a_browser_opens() -> None:
    assert LAB in (ROOT / "docs/tutorials/contributor.md").read_text(encoding="utf-8")


PAGES = ROOT / "pages"
FENCED = re.MULTILINE | re.DOTALL


def with_free_ports(text: str) -> str:
    """Another port for each that the page names: on this machine it may be taken."""
    for port in sorted(set(re.findall(r"(?<=--port )\d+", text))):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            text = re.sub(rf"\b{port}\b", str(probe.getsockname()[1]), text)
    return text


def save(block: Block, folder: Path) -> None:
    file = folder / block.title
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(block.text, encoding="utf-8")


def typed(command: Command, folder: Path) -> None:
    ran = subprocess.run(
        ["bash", "-c", f"{command.line} 2>&1"],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, f"$ {command.line}\n{ran.stdout}"
    assert not command.prints or prints(command, ran.stdout), differs(command, ran.stdout)


@contextmanager
def served(command: Command, folder: Path) -> Iterator[None]:
    """Until it is stopped: it answers, and has printed what the page says."""
    file = folder / f"served-{port(command)}.log"
    typed = ["bash", "-c", f"exec env {command.line}"]
    with (
        file.open("w") as log,
        subprocess.Popen(typed, cwd=folder, env=environment(folder), stdout=log, stderr=log) as server,
    ):
        try:
            until = time.monotonic() + PATIENCE
            while not (answers(command) and prints(command, file.read_text())):
                assert server.poll() is None, differs(command, file.read_text())
                assert time.monotonic() < until, differs(command, file.read_text())
                time.sleep(0.1)
            yield
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE)


def environment(folder: Path) -> dict[str, str]:
    """The reader's: no settings, a home of their own; the code of the copy comes before that of the tests."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("FOVEA_", "PYTEST_"))}
    return {**ours, "HOME": str(folder), "PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}


def differs(command: Command, got: str) -> str:
    return f"$ {command.line}\n{got}\nis not\n{command.prints}"


def prints(command: Command, got: str) -> bool:
    """As a doctest compares: `...` stands for anything."""
    return doctest.OutputChecker().check_output(command.prints, got, FREE_CHOICE)


def port(command: Command) -> str:
    return re.findall(r"--port (\d+)", command.line)[0]


def answers(command: Command) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port(command)}/api/health", timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False
