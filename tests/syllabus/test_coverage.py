import importlib
import re
from pathlib import Path

import pytest

from syllabus.coverage import coverage
from syllabus.tables import table

ROOT = Path(__file__).parents[2]
ALL = coverage()
BY_THE_COURSE = {"S174", "S175", "S187"}  # a scheme of marks, a project and notebooks: no labs


def test_holds_everything_taught_once_and_in_order():
    assert [found.id for found in ALL] == [f"S{n:02}" for n in range(1, 189)]


def test_says_covered_only_with_page_symbol_and_test():
    for found in ALL:
        assert (found.status == "covered") == bool(found.page and found.symbol and found.test), found.id


def test_everything_is_covered():
    assert [found.id for found in ALL if found.status == "missing"] == []


def test_knows_no_other_columns():
    columns = {column for entry in table("systems").values() for column in entry}
    assert columns == {"name", "lectures", "taught", "page", "symbol", "test"}


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.id)
def test_is_taught_in_one_sentence(found):
    assert found.taught[0].isupper() or found.taught[0].isdigit()
    assert found.taught.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", found.taught)
    assert len(found.taught) < 140


@pytest.mark.parametrize("found", [f for f in ALL if f.page], ids=lambda found: found.id)
def test_names_a_page_that_exists(found):
    assert re.fullmatch(r"pages/[a-z_]+\.py", found.page) or found.id in BY_THE_COURSE
    assert (ROOT / found.page).is_file()


@pytest.mark.parametrize("found", [f for f in ALL if f.symbol], ids=lambda found: found.id)
def test_names_a_symbol_that_imports(found):
    module, _, name = found.symbol.rpartition(".")
    assert module.startswith("core.") or found.id in BY_THE_COURSE
    assert hasattr(importlib.import_module(module), name)


@pytest.mark.parametrize("found", [f for f in ALL if f.test], ids=lambda found: found.id)
def test_names_a_test_that_mentions_the_symbol(found):
    name = found.symbol.rpartition(".")[2]
    text = (ROOT / found.test).read_text(encoding="utf-8")
    assert found.test.startswith("tests/core/") or found.id in BY_THE_COURSE
    assert re.search(rf"\b{name}\b", text), f"{found.test} does not mention {name}"


@pytest.mark.parametrize("found", [f for f in ALL if f.id not in BY_THE_COURSE], ids=lambda found: found.id)
def test_is_shown_by_a_page_that_uses_its_module(found):
    module = found.symbol.rpartition(".")[0]
    shown = (ROOT / found.page).read_text(encoding="utf-8")
    folders = (ROOT / "pages/_kit", ROOT / "pages/_parts" / Path(found.page).stem)
    beside = [path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.py")]
    assert any(module in text for text in (shown, *beside)), f"{found.page} does not reach {module}"
