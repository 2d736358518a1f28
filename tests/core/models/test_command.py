"""`fovea models` and `python -m core.models`: what they print, and how they end."""

import json
from pathlib import Path

import pytest

import fovea
from core.models import __main__ as command
from core.models import make, registry, store


@pytest.fixture
def only_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "names", lambda: ("digits",))


@pytest.mark.usefixtures("only_digits")
def test_lists_the_models_and_that_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert fovea.main(["models"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("digits         holds. ")
    assert "1,898 parameters" in said
    assert "on its card 0.9" in said
    assert fovea.main(["models", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["holds"] is True
    assert row["measured"] == pytest.approx(row["score"], abs=0.005)


@pytest.mark.usefixtures("only_digits")
def test_ends_with_one_if_a_model_does_not_hold(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(make, "CLOSE", -1.0)
    assert fovea.main(["models"]) == 1
    assert "does not hold" in capsys.readouterr().out


@pytest.mark.usefixtures("only_digits")
def test_tells_of_a_damaged_model_and_goes_on(monkeypatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "digits.json").write_bytes(store.card_path("digits").read_bytes())
    (tmp_path / "digits.safetensors").write_bytes(b"broken")
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    assert fovea.main(["models"]) == 1
    assert "is damaged" in capsys.readouterr().out


def test_says_which_models_can_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["no_such_model"])
    assert "digits" in capsys.readouterr().err
