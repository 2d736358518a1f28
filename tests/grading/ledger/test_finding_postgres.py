"""Which PostgreSQL the tests start, and the sentence without one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.find_postgres import NoPostgres, find_postgres


def installed(folder: Path, *versions: str) -> Path:
    for version in versions:
        programs = folder / version / "bin"
        programs.mkdir(parents=True)
        for program in ("initdb", "postgres", "pg_ctl"):
            (programs / program).touch(mode=0o755)
    return folder


def test_the_newest_installed_is_taken(tmp_path: Path) -> None:
    assert find_postgres(installed(tmp_path, "9.6", "17", "15")) == tmp_path / "17" / "bin"


def test_a_client_without_a_server_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (installed(tmp_path, "17") / "17" / "bin" / "postgres").unlink()
    with pytest.raises(NoPostgres, match="Install the PostgreSQL server"):
        find_postgres(tmp_path)


def test_the_one_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(installed(tmp_path, "own") / "own" / "bin"))
    assert find_postgres(tmp_path / "none") == tmp_path / "own" / "bin"


def test_as_a_program_it_says_in_one_sentence_what_is_missing(tmp_path: Path) -> None:
    code = "import tests.find_postgres as f, runpy, sys; f.find_postgres.__defaults__ = (f.Path(sys.argv[1]),)\n"
    code += "try: f.find_postgres()\nexcept f.NoPostgres as problem: sys.exit(str(problem))"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=root, env={"PATH": ""}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "No PostgreSQL server was found" in done.stderr
