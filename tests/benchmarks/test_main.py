"""The command: which benches it runs, and when it writes."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as command
from benchmarks.results import LeftOut, Row, Section, Series


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def bench(name: str):
        return lambda *, quick: Section(name, "How.", (Row(name, Series((1.0 if quick else 2.0,), "s")),))

    monkeypatch.setattr(command, "BENCHES", {name: bench(name) for name in ("one", "two")})
    monkeypatch.setattr(command, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(command, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(command, "chromium", lambda: nullcontext(SimpleNamespace(version="1.2.3")))
    monkeypatch.setattr(command.signal, "signal", lambda *_: None)
    return tmp_path / "RESULTS.md"


def test_a_whole_run_writes_the_results(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    text = results.read_text(encoding="utf-8")
    assert "| one | 2.0 s |" in text
    assert "| two | 2.0 s |" in text
    assert "Chromium 1.2.3" in text
    assert text in capsys.readouterr().out


def test_a_short_run_writes_nothing(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--quick"]) == 0
    assert not results.exists()
    assert "| one | 1.0 s |" in capsys.readouterr().out


def test_what_takes_an_hour_runs_where_it_is_named(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "BY_NAME", {"two"})
    assert command.main([]) == 0
    assert "| two |" not in results.read_text(encoding="utf-8")
    assert command.main(["two"]) == 0
    assert "| two | 2.0 s |" in results.read_text(encoding="utf-8")


def test_a_part_of_it_leaves_the_rows_of_the_others(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command.main([]) == 0
    again = Section("two", "How.", (Row("two", Series((5.0,), "s")),))
    monkeypatch.setitem(command.BENCHES, "two", lambda *, quick: again)
    assert command.main(["two"]) == 0
    text = results.read_text(encoding="utf-8")
    assert "| one | 2.0 s |" in text
    assert "| two | 5.0 s |" in text


def test_a_bench_that_fails_leaves_its_rows_and_the_others_are_written(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*, quick: bool) -> Section:
        raise RuntimeError("the page says no")

    assert command.main(["one"]) == 0
    monkeypatch.setitem(command.BENCHES, "one", broken)
    assert command.main([]) == 1
    assert "one ... could not be measured: the page says no" in capsys.readouterr().out
    assert "| one | 2.0 s |" in results.read_text(encoding="utf-8")
    assert "| two | 2.0 s |" in results.read_text(encoding="utf-8")


def test_a_name_it_does_not_know_is_refused(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command.main(["three"])
    assert "no such bench: three; there are one, two" in capsys.readouterr().err


def test_a_bench_that_this_machine_cannot_run_leaves_its_rows_and_is_no_failure(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(*, quick: bool) -> Section:
        raise LeftOut("there is no such device here")

    assert command.main(["one"]) == 0
    monkeypatch.setitem(command.BENCHES, "one", lacking)
    assert command.main([]) == 0
    assert "one ... left out: there is no such device here" in capsys.readouterr().out
    assert "| one | 2.0 s |" in results.read_text(encoding="utf-8")
