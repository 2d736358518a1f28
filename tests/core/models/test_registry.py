"""The built-in models: what ships does what its card says, and what is written is written whole."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import CoreError
from core.models import card as cards
from core.models import registry, store
from core.models.make import make, verify
from core.models.recipe import Recipe


def small(**changes: object) -> Recipe:
    """A recipe that takes no time: one dense layer that is drawn and never trained."""
    import torch

    def train(progress) -> torch.nn.Module:
        line = torch.nn.Linear(4, 2)
        with torch.no_grad():
            line.weight.fill_(0.5)
            line.bias.fill_(0.25)
        progress(1.0, "done")
        return line

    plain = Recipe(
        **{"name": "small", "knows": "Nothing.", "data": "none", "measure": "its first weight", "classes": ("a", "b")},
        **{"promise": 0.4, "steps": 1, "build": lambda: torch.nn.Linear(4, 2), "train": train},
        score=lambda module: float(module.weight[0, 0]),
    )
    return replace(plain, **changes)


@pytest.mark.parametrize("name", ["digits", "scenes"])
def test_ships_what_the_card_says(name: str) -> None:
    card, recipe = registry.card(name), registry.recipe(name)
    content = store.weights_path(name).read_bytes()
    assert store.fingerprint(content) == card.sha256
    assert len(content) == card.size < 3_000_000
    assert card.classes == recipe.classes
    assert card.score >= card.promise == recipe.promise
    assert sum(values.numel() for values in registry.load(name).parameters()) == card.parameters


def test_measures_a_shipped_model_again() -> None:
    verdict = verify(registry.recipe("digits"))
    assert verdict.holds, (verdict.measured, verdict.card.score)


def test_hands_out_one_model_that_nobody_trains_by_mistake() -> None:
    module = registry.load("scenes")
    assert module is registry.load("scenes")
    assert not module.training
    assert not any(values.requires_grad for values in module.parameters())


@pytest.mark.parametrize("name", ["", "no such", "../digits", "digits.py"])
def test_names_the_models_there_are(name: str) -> None:
    with pytest.raises(CoreError, match=r"digits, .*scenes"):
        registry.recipe(name)


def test_writes_weights_and_card_that_hold(tmp_path: Path) -> None:
    said = []
    card = make(small(), progress=lambda done, what: said.append(done), folder=tmp_path)
    assert card.score == 0.5
    assert said == [1.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.json", "small.safetensors"]
    assert cards.read(tmp_path / "small.json") == card
    assert verify(small(), tmp_path).holds


def test_writes_nothing_that_is_worse_than_promised(tmp_path: Path) -> None:
    make(small(), progress=lambda done, what: None, folder=tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(CoreError, match=r"reaches 0\.500 and promised 0\.600"):
        make(small(promise=0.6), progress=lambda done, what: None, folder=tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_leaves_the_old_file_when_a_write_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(small(), progress=lambda done, what: None, folder=tmp_path)
    old = store.weights_path("small", tmp_path).read_bytes()

    def cut(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_bytes", cut)
    with pytest.raises(OSError, match="no space"):
        make(small(half=False), progress=lambda done, what: None, folder=tmp_path)
    assert store.weights_path("small", tmp_path).read_bytes() == old
    assert len(list(tmp_path.iterdir())) == 2


def test_says_when_weights_are_not_those_of_the_card(tmp_path: Path) -> None:
    make(small(), progress=lambda done, what: None, folder=tmp_path)
    other = small(half=False).train(lambda done, what: None)
    store.weights_path("small", tmp_path).write_bytes(store.packed(other, half=False))
    verdict = verify(small(), tmp_path)
    assert not verdict.holds
    assert "not those" in verdict.reason


def test_says_when_a_score_is_not_that_of_the_card(tmp_path: Path) -> None:
    make(small(), progress=lambda done, what: None, folder=tmp_path)
    verdict = verify(small(score=lambda module: 0.9), tmp_path)
    assert (verdict.holds, verdict.reason) == (False, "The score is another one.")


@pytest.mark.parametrize("content", [b"", b"half a file", b"\x10\x00\x00\x00\x00\x00\x00\x00{broken"])
def test_refuses_a_damaged_file_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    store.weights_path("small", tmp_path).write_bytes(content)
    with pytest.raises(CoreError, match="the file of small is damaged"):
        store.load(small(), tmp_path)


def test_refuses_the_weights_of_another_network(tmp_path: Path) -> None:
    store.weights_path("small", tmp_path).write_bytes(store.weights_path("digits").read_bytes())
    with pytest.raises(CoreError, match="belongs to another network"):
        store.load(small(), tmp_path)


@pytest.mark.parametrize("text", ["{}", "not json", json.dumps({"classes": 3})])
def test_refuses_a_card_that_is_not_whole(tmp_path: Path, text: str) -> None:
    path = tmp_path / "small.json"
    path.write_text(text)
    with pytest.raises(CoreError, match="cannot be read"):
        cards.read(path)


def test_says_that_a_model_must_be_made_first(tmp_path: Path) -> None:
    with pytest.raises(CoreError, match="make models"):
        store.load(small(), tmp_path)
    with pytest.raises(CoreError, match="make models"):
        cards.read(tmp_path / "small.json")


@pytest.mark.slow
def test_a_retrained_digit_net_reaches_its_card(tmp_path: Path) -> None:
    recipe = registry.recipe("digits")
    card = make(recipe, progress=lambda done, what: None, folder=tmp_path)
    assert abs(card.score - registry.card("digits").score) <= 0.01
