"""The configuration: one table, read strictly, from the environment before a file before the default."""

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

import pytest

import fovea
from classroom.demo.place import place
from classroom.desk import course_folder
from grading import configuration
from grading.configuration import FILE, INTERNAL, NAMES, Configuration, checked, current, settled
from grading.errors import GradingError
from grading.ledger.where import database

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a-token-of-some-length"
# Names in sources that nobody sets: bait and canaries for hostile notebooks.
NO_SETTINGS = {"FOVEA_BAIT", "FOVEA_SECRET_TOKEN"}


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("FOVEA_"):
            monkeypatch.delenv(name)


def file_with(tmp_path: Path, text: str) -> str:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def value(held: tuple[configuration.Held, ...], name: str) -> tuple[object, str]:
    one = next(each for each in held if each.name == name)
    return one.value, one.origin


def test_says_nothing_but_defaults_where_nothing_was_said() -> None:
    assert current() == Configuration()
    assert {one.origin for one in checked({})} == {"default"}


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE, file_with(tmp_path, 'sessions = 7\nlogs = "json"\nlocal_anywhere = true\n'))
    monkeypatch.setenv("FOVEA_SESSIONS", "9")
    assert (current().sessions, current().logs, current().local_anywhere, current().warm_up) == (
        9,
        "json",
        True,
        "light",
    )
    held = checked(os.environ)
    assert value(held, "FOVEA_SESSIONS") == (9, "environment")
    assert value(held, "FOVEA_LOGS") == ("json", "file")
    assert value(held, "FOVEA_WARM_UP") == ("light", "default")


@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        pytest.param("FOVEA_LEDGR", "x", "no setting FOVEA_LEDGR. Did you mean FOVEA_LEDGER?", id="misspelt"),
        pytest.param("FOVEA_QQQQQQQQ", "x", "`fovea config` lists them all", id="like-none"),
        pytest.param("FOVEA_SESSIONS", "many", "a number from 0 to 100000", id="no-number"),
        pytest.param("FOVEA_SESSIONS", "-1", "a number from 0 to 100000", id="negative"),
        pytest.param("FOVEA_SESSIONS", "100001", "a number from 0 to 100000", id="too-large"),
        pytest.param("FOVEA_SESSIONS", "9" * 5000, "a number from 0 to 100000", id="far-too-long"),
        pytest.param("FOVEA_SESSIONS", "४", "a number from 0 to 100000", id="digit-of-another-script"),
        pytest.param("FOVEA_WARM_UP", "ful", "Did you mean full?", id="misspelt-choice"),
        pytest.param("FOVEA_LOCAL_ANYWHERE", "maybe", "is 1 or 0", id="neither-yes-nor-no"),
        pytest.param("FOVEA_METRICS_TOKEN", "abc", "too short", id="guessable-token"),
        pytest.param(FILE, "/nowhere/settings.toml", '"settings.toml", cannot be read', id="no-file"),
    ],
)
def test_what_cannot_be_is_a_sentence(name: str, said: str, complaint: str) -> None:
    with pytest.raises(GradingError, match=re.escape(complaint)):
        checked({name: said})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("sesions = 3", "no setting sesions. Did you mean sessions?", id="misspelt"),
        pytest.param('config = "more.toml"', "no setting config", id="a-file-names-no-file"),
        pytest.param("sessions = [3]", "sessions in FOVEA_CONFIG's file is a text, a number", id="a-list"),
        pytest.param("sessions = true", "a number from 0 to 100000", id="wrong-kind"),
        pytest.param("sessions 3", "is not TOML", id="not-toml"),
    ],
)
def test_a_wrong_file_is_a_sentence(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(GradingError, match=re.escape(complaint)):
        checked({FILE: file_with(tmp_path, text)})


def test_no_complaint_repeats_a_secret() -> None:
    with pytest.raises(GradingError) as told:
        checked({"FOVEA_METRICS_TOKEN": "hunter2"})
    assert "hunter2" not in str(told.value)


def test_each_reader_hears_what_was_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"course = '{tmp_path}'\nledger = 'postgresql://db/course'\ndemo = '{tmp_path / 'demo'}'\n"
    monkeypatch.setenv(FILE, file_with(tmp_path, text))
    assert course_folder() == tmp_path
    assert database(tmp_path) == "postgresql://db/course"
    assert place().folder == tmp_path / "demo"
    monkeypatch.setenv("FOVEA_LEDGER", "other.sqlite")
    assert database(tmp_path) == "other.sqlite"
    monkeypatch.delenv(FILE)
    monkeypatch.delenv("FOVEA_LEDGER")
    assert database(tmp_path) == str(tmp_path / "ledger.sqlite")


def test_paths_are_settled_before_a_command_goes_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = {"FOVEA_COURSE": "course", "FOVEA_LEDGER": "postgresql://db/x", FILE: "a.toml", "FOVEA_LOGS": "json"}
    assert settled(said) == {"FOVEA_COURSE": str(tmp_path / "course"), FILE: str(tmp_path / "a.toml")}
    assert settled({"FOVEA_LEDGER": "here.sqlite"}) == {"FOVEA_LEDGER": str(tmp_path / "here.sqlite")}


def test_the_command_says_what_holds_and_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FILE, file_with(tmp_path, f'metrics_token = "{SECRET}"\nsessions = 5\n'))
    monkeypatch.setenv("FOVEA_LEDGER", f"postgresql://fovea:{SECRET}@db/course?password={SECRET}")
    assert fovea.main(["config"]) == 0
    plain = capsys.readouterr().out
    assert re.search(r"^FOVEA_SESSIONS +5  \(file\)$", plain, re.MULTILINE)
    assert re.search(r"^FOVEA_METRICS_TOKEN +\(not shown\)  \(file\)$", plain, re.MULTILINE)
    assert fovea.main(["config", "--json"]) == 0
    told = capsys.readouterr().out
    rows = {row["name"]: row for row in json.loads(told)}
    assert tuple(rows) == NAMES
    assert rows["FOVEA_SESSIONS"]["value"] == 5
    assert rows["FOVEA_LEDGER"]["value"] == "postgresql://fovea:***@db/course?***"
    assert SECRET not in plain + told


def test_no_command_starts_with_a_misspelt_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOVEA_SESIONS", "3")
    assert fovea.main(["net", "--list"]) == 2
    told = capsys.readouterr()
    assert told.err == "fovea: There is no setting FOVEA_SESIONS. Did you mean FOVEA_SESSIONS?\n"
    assert told.out == ""


def test_a_server_that_is_started_without_the_command_says_it_too() -> None:
    code = (
        "import asyncio, pages._kit.server as s\n"
        "async def go():\n    async with s.lifespan(None): pass\n"
        "asyncio.run(go())"
    )
    environment = {**os.environ, "FOVEA_SESIONS": "3"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "Did you mean FOVEA_SESSIONS?" in ran.stderr


def test_every_name_in_the_sources_is_in_the_table() -> None:
    rooms = ("core", "syllabus", "classroom", "grading", "pages", "benchmarks", "tests", ".streamlit", "docs")
    files = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".toml", ".md")]
    files += [ROOT / name for name in ("fovea.py", "app.py", "Dockerfile", "Makefile", "README.md", "ARCHITECTURE.md")]
    files.remove(Path(__file__).resolve())
    named = {name for path in files for name in re.findall(r"\bFOVEA_[A-Z][A-Z_]*[A-Z]\b", path.read_text("utf-8"))}
    assert named - set(NAMES) - INTERNAL - NO_SETTINGS == set()
    assert set(NAMES) <= named


def test_the_document_names_every_metric_and_no_other() -> None:
    told = set(re.findall(r"`(fovea_[a-z_]+)", (ROOT / "docs/operating.md").read_text(encoding="utf-8")))
    code = (
        "from pages._kit.operations import metrics as m, visits; from pages._kit import beside;"
        "from grading.companion import Companion; from grading.ledger.sql import open_ledger; import sys;"
        "beside._running['grader'] = Companion('grader', ());"
        "ledger = open_ledger(sys.argv[1]); m.REGISTRY.register(m.OfTheCourse(lambda: ledger));"
        "print(*{one.name + ('_total' if one.type == 'counter' else '') for one in m.REGISTRY.collect()})"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, f"{folder}/ledger.sqlite"]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    there = {name for name in ran.stdout.split() if name.startswith("fovea")} - {"fovea"} | {"fovea_info"}
    assert told - {"fovea_place"} == there


def test_the_table_of_the_document_is_this_one() -> None:
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert configuration.table() in text
    assert len(fields(Configuration)) == configuration.table().count("| `FOVEA_")
